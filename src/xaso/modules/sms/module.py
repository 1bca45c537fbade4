"""What short messages offer to the faces."""

from xaso.kit.module import Job, MenuItem, Module, Service
from xaso.modules.sms import carrying, jobs
from xaso.modules.sms.definitions import declared

MODULE = Module(
    "sms",
    "Tin nhắn SMS",
    menu=(
        MenuItem("desk", "Tin nhắn SMS", "desk-sms:outbox", "sms.view", "chat", 66),
        MenuItem("desk", "Chi phí SMS", "desk-sms:costs", "sms.costs", "money", 67),
    ),
    jobs=(
        Job("sms.send", "*/5 * * * * *", jobs.send_waiting),
        Job("sms.tidy", "* * * * *", jobs.tidy),
        Job("sms.ask_gateway", "*/10 * * * *", jobs.ask_gateway),
        Job("sms.forget_early", "40 3 * * *", jobs.forget),
    ),
    content=(declared,),
    services=(Service("Tổng đài SMS", "xaso.modules.sms.serving:serve", carrying.has_a_gateway),),
)
