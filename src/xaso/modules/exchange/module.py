from xaso.kit.module import Job, MenuItem, Module
from xaso.modules.exchange import jobs
from xaso.modules.exchange.screens.desk import parcels_part

MODULE = Module(
    "exchange",
    "Liên thông văn bản",
    menu=(MenuItem("desk", "Liên thông văn bản", "desk-exchange:parcels", "exchange.view", "send", 33),),
    slots={"desk.work": (parcels_part,)},
    jobs=(
        Job("exchange.ask_every_axis", "*/2 * * * *", jobs.ask_every_axis),
        Job("exchange.send_waiting", "* * * * *", jobs.send_waiting),
        Job("exchange.sync_register", "20 3 * * *", jobs.sync_register),
        Job("exchange.read_mailbox", "*/5 * * * *", jobs.read_mailbox),
    ),
)
