"""How fast messages leave by SMPP, beside a bare smpplib loop to the same SMSC in the same run.

`./xaso bench sms [--messages 2000] [--rounds 3] [--on sqlite,postgres]`

Ours: the service's own loop takes messages from the queue, hands them over in a window of ten, stores the answers.
Bare: smpplib with the same words, the same window, nothing stored. The SMSC is npm `smpp`. Must ≥ 0.5 ×, aim 0.8 ×.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.rig.databases import ROOT, cluster, surroundings
from bench.rig.report import keep

MUST, AIM, WINDOW = 0.5, 0.8, 10
WORDS = "Thông báo: ngày 25/11 xã tổ chức tiêm vắc-xin cho đàn gia súc."


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--on", default="sqlite,postgres")
    parser.add_argument("--inside", default="")
    chosen = parser.parse_args(arguments)
    if chosen.inside:
        print(json.dumps(_measure(chosen.inside, chosen.messages, chosen.rounds)), flush=True)
        return 0
    good = True
    for database in chosen.on.split(","):
        found = _on(database, chosen)
        good = good and found["ratio"] >= MUST
        print(f"{database}: {json.dumps(found, indent=1)}", flush=True)
        keep("sms", {"database": database, "messages": chosen.messages, **found})
    return 0 if good else 1


def _on(database, chosen):
    from xaso.modules.sms.tests.smsc import smsc

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xaso-bench-")))
        url = stack.enter_context(cluster())("sms") if database == "postgres" else ""
        gateway = stack.enter_context(smsc(keep=False))
        around = surroundings(folder, url) | {"XASO_SMS": "smpp", "XASO_SMS_URL": gateway.url, "XASO_SMS_USER": "xaso",
                                              "XASO_SMS_PASSWORD": "bi-mat", "XASO_SMS_SENDER": "UBND XA"}  # fmt: skip
        command = [sys.executable, str(ROOT / "bench/sms.py"), "--inside", gateway.url]
        command += ["--messages", str(chosen.messages), "--rounds", str(chosen.rounds)]
        done = subprocess.run(command, env=around, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def _measure(url, count, rounds):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018
    call_command("migrate", verbosity=0)
    bare, ours, ratios = [], [], []
    _bare(url, count // 4)
    _ours(count // 4, "warm")
    for number in range(rounds):
        bare.append(count / _bare(url, count))
        ours.append(count / _ours(count, f"bench:{number}"))
        ratios.append(ours[-1] / bare[-1])
    return {
        "bare_per_s": round(statistics.median(bare)), "ours_per_s": round(statistics.median(ours)),
        "ratio": round(statistics.median(ratios), 2), "must": MUST, "aim": AIM,
    }  # fmt: skip


def _phones(count):
    return [f"8491{n:07d}" for n in range(count)]


def _bare(url, count):
    """Seconds for so many messages: submit_sm with at most ten unanswered."""
    from urllib.parse import urlsplit

    from smpplib import client, consts
    from smpplib.gsm import make_parts

    place = urlsplit(url)
    made = client.Client(place.hostname, place.port, allow_unknown_opt_params=True)
    made.connect()
    made.bind_transceiver(system_id="xaso", password="bi-mat")
    answered = [0]
    made.set_message_sent_handler(lambda pdu: answered.__setitem__(0, answered[0] + 1))
    begun, sent = time.perf_counter(), 0
    for phone in _phones(count):
        parts, coding, esm_class = make_parts(WORDS)
        for part in parts:
            made.send_message(
                source_addr_ton=consts.SMPP_TON_ALNUM, source_addr_npi=0, source_addr="UBND XA",
                dest_addr_ton=consts.SMPP_TON_INTL, dest_addr_npi=consts.SMPP_NPI_ISDN, destination_addr=phone,
                short_message=part, data_coding=coding, esm_class=esm_class, registered_delivery=True,
            )  # fmt: skip
            sent += 1
        while sent - answered[0] >= WINDOW:
            made.read_once()
    while answered[0] < sent:
        made.read_once()
    taken = time.perf_counter() - begun
    made.unbind()
    made.disconnect()
    return taken


def _ours(count, purpose):
    """Seconds from the first look into the queue until the last answer is stored."""
    from xaso.core.access import SYSTEM
    from xaso.core.units.models import Unit
    from xaso.modules.audiences.queries import Recipient
    from xaso.modules.sms import actions
    from xaso.modules.sms.models import Sms
    from xaso.modules.sms.providers import configured
    from xaso.modules.sms.smpp.link import Link
    from xaso.modules.sms.smpp.service import Post

    named = {"name": "Ngũ Kiên", "kind": "commune", "path": "09157.", "valid_from": "2020-01-01"}
    unit, _ = Unit.objects.get_or_create(code="09157", defaults=named)
    people = (Recipient(0, "", None, "", phone, "", unit.path) for phone in _phones(count))
    actions.queue_many(SYSTEM, unit, people, text=WORDS, purpose=purpose, kind="emergency", topic="")
    post = Post(configured())
    post.link = Link(post.given, post.finished, post.arrived)
    post.link.open()
    waiting = Sms.objects.filter(purpose=purpose, state__in=["queued", "sending"])
    begun = time.perf_counter()
    while True:
        post.round()
        if post.link.is_idle and not post.answers and not waiting.exists():
            break
    taken = time.perf_counter() - begun
    post.link.close(politely=True)
    return taken


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
