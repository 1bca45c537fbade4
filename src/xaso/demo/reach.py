"""How one commune reaches its people: loudspeakers, bulletins, news, and what residents report back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any

from django.db import transaction

from xaso.core.access import ANONYMOUS, Actor
from xaso.core.accounts.models import Account
from xaso.core.accounts.queries import actor_of
from xaso.core.outbox.actions import deliver_all
from xaso.core.units.models import Unit
from xaso.core.units.queries import unit_by_code
from xaso.demo.content import demo_content
from xaso.demo.heard import hear_all_day, last_heard, play_what_waits
from xaso.demo.people import make_officer
from xaso.demo.scenario import Scenario
from xaso.kit import clock
from xaso.modules.audio.actions import say
from xaso.modules.bulletins import actions as bulletins
from xaso.modules.bulletins.models import Bulletin
from xaso.modules.bulletins.queries import listing
from xaso.modules.bulletins.rules.content import Content
from xaso.modules.feedback import actions as feedback
from xaso.modules.feedback.actions import Given, Words
from xaso.modules.feedback.models import Report
from xaso.modules.news.actions.publishing import approve_article
from xaso.modules.news.actions.writing import Draft, submit_article, write_article
from xaso.modules.social.actions.register import Entry as Channel
from xaso.modules.social.actions.register import add_page
from xaso.modules.speakers.actions.notices import send_village_notice
from xaso.modules.speakers.actions.register import register_device
from xaso.modules.speakers.actions.repairing import assign_repair, open_repair
from xaso.modules.speakers.models import Alarm, Device
from xaso.modules.speakers.rules.entries import Entry

CHANNELS = ("speakers", "web", "inbox")
INSTALLED = 60
FIRST_SERIAL = 9200


@cache
def reach() -> dict[str, Any]:
    """Raises ContentFault naming the file."""
    return demo_content("reach.yaml")


def play_reach(scenario: Scenario) -> None:
    """The commune that is shown. With loudspeakers it was played, or is worked in."""
    plan = scenario.shown
    unit = unit_by_code(plan.code, clock.today())
    if not Device.objects.filter(unit_path__startswith=unit.path).exists():
        with transaction.atomic():
            _Commune(scenario, plan.slug, unit).play()


class _Commune:
    def __init__(self, scenario: Scenario, slug: str, unit: Unit) -> None:
        self.unit = unit
        accounts = {role: f"{name}.{slug}" for role, name in scenario.officers.items()}
        self.people: dict[str, Actor] = {
            role: actor_of(Account.objects.get(username=username).pk) for role, username in accounts.items()
        }
        rng = Random(unit.code)  # noqa: S311 - made-up people, not secrets
        for number, (role, name) in enumerate(reach()["officers"].items()):
            place = self._place(reach()["village"]) if role == "village_head" else unit
            self.people[role] = make_officer(scenario, place, f"{name}.{slug}", role, rng, FIRST_SERIAL + number)

    def play(self) -> None:
        devices = [self._register(said) for said in reach()["speakers"]]
        for said in reach()["bulletins"]:
            self._bulletin(said)
        self._emergency(reach()["emergency"])
        self._notice(reach()["notice"])
        self._telemetry(devices)
        for said in reach()["news"]:
            self._article(said)
        for said in reach()["pages"]:
            self._page(said)
        for said in reach()["reports"]:
            self._report(said)

    def _place(self, code: str) -> Unit:
        return unit_by_code(code, clock.today()) if code else self.unit

    def _at(self, said: dict[str, Any]) -> datetime:
        """That many days ago at that hour; what is said to be of today began an hour ago at the latest."""
        now = clock.now()
        day = clock.local(now).date() - timedelta(days=said["days"])
        return min(datetime.combine(day, time(said["hour"], 20), tzinfo=clock.VIETNAM), now - timedelta(hours=1))

    # Loudspeakers

    def _register(self, said: dict[str, Any]) -> Device:
        with clock.replaying(clock.now() - timedelta(days=INSTALLED)):
            entry = Entry(
                serial=said["serial"], name=said["name"], place=said["where"], maker=said["maker"],
                installed_on=clock.today().isoformat(),
            )  # fmt: skip
            return register_device(self.people["unit_admin"], self._place(said["place"]), entry=entry)

    def _telemetry(self, devices: Sequence[Device]) -> None:
        """Most are heard until now; one fell silent some days ago and waits for its repair."""
        now = clock.now()
        by_serial = {one.serial: one for one in devices}
        silent = {said["serial"]: said["silent"] for said in reach()["speakers"] if "silent" in said}
        hear_all_day([one for one in devices if one.serial not in silent], now)
        for serial, days in silent.items():
            last_heard(by_serial[serial], now - timedelta(days=days))
            with clock.replaying(now - timedelta(days=days) + timedelta(hours=2)):
                said = reach()["repair"]
                alarm = Alarm.objects.get(device=by_serial[serial], cleared_at=None)
                ticket = open_repair(
                    self.people["broadcaster"], by_serial[serial], problem=said["problem"], alarm=alarm
                )
                assign_repair(self.people["unit_admin"], ticket, to=said["to"], phone=said["phone"])
                deliver_all()

    # Bulletins

    def _bulletin(self, said: dict[str, Any]) -> None:
        writer, leader, until, at = self.people["broadcaster"], self.people["leader"], said["until"], self._at(said)
        words = Content(
            title=said["title"], text=said["text"], topic=said["topic"], klass=said.get("klass", "normal"),
            unit_paths=(self.unit.path,), channels=CHANNELS,
            starts_at=self._tomorrow(17, 40) if until == "scheduled" else None,
        )  # fmt: skip
        with clock.replaying(at):
            made = bulletins.write(writer, self.unit, content=words)
            if until == "draft":
                return
            bulletins.submit(writer, made)
            deliver_all()
        with clock.replaying(at + timedelta(minutes=20)):
            if until == "refused":
                bulletins.refuse(leader, self._again(made), reason=said["why"])
            elif until in {"sent", "scheduled"}:
                bulletins.approve(leader, self._again(made), content_hash=self._again(made).content_hash)
            deliver_all()
        if until == "sent":
            play_what_waits(self._silent_at(at), at + timedelta(minutes=20))

    def _again(self, bulletin: Bulletin) -> Bulletin:
        return listing.bulletin(bulletin.uuid)

    def _tomorrow(self, hour: int, minute: int) -> datetime:
        day = clock.local(clock.now()).date() + timedelta(days=1)
        return datetime.combine(day, time(hour, minute), tzinfo=clock.VIETNAM)

    def _silent_at(self, at: datetime) -> set[str]:
        now = clock.now()
        return {
            said["serial"]
            for said in reach()["speakers"]
            if "silent" in said and at > now - timedelta(days=said["silent"])
        }

    def _emergency(self, said: dict[str, Any]) -> None:
        at = self._at(said)
        with clock.replaying(at):
            made = bulletins.send_emergency(
                self.people["duty"], self.unit, title=said["title"], text=said["text"], reason=said["reason"],
                unit_paths=(self.unit.path,), channels=CHANNELS,
            )  # fmt: skip
            deliver_all()
        play_what_waits(self._silent_at(at), at)
        with clock.replaying(at + timedelta(hours=18)):
            bulletins.review(self.people["leader"], self._again(made), verdict=Bulletin.Verdict.RIGHT)

    def _notice(self, said: dict[str, Any]) -> None:
        """The village head's own, for tomorrow evening."""
        head, village = self.people["village_head"], self._place(reach()["village"])
        with clock.replaying(clock.now() - timedelta(hours=1)):
            sound = say(head, village, text=said["text"], title=said["title"])
            deliver_all()
            sound.refresh_from_db()
            send_village_notice(head, village, recording=sound, starts_at=self._tomorrow(18, 30))
            deliver_all()

    # News

    def _article(self, said: dict[str, Any]) -> None:
        draft = Draft(said["category"], said["title"], said["lead"], said["text"])
        with clock.replaying(self._at(said)):
            article = write_article(self.people["broadcaster"], self.unit, draft=draft)
            submit_article(self.people["broadcaster"], article)
            deliver_all()
        if said["until"] == "published":
            with clock.replaying(self._at(said) + timedelta(hours=1)):
                approve_article(self.people["leader"], article)
                deliver_all()

    # What residents report

    def _page(self, said: dict[str, Any]) -> None:
        """Written down when the loudspeakers were, and since then nobody had to correct it."""
        with clock.replaying(clock.now() - timedelta(days=INSTALLED)):
            by = self.people["broadcaster"]
            since = clock.today() - timedelta(days=said["days"] - INSTALLED)
            entry = Channel(
                kind=said["kind"], name=said["name"], address=said.get("address", ""), run_by=by.name, since_on=since,
                members=said["members"],
            )  # fmt: skip
            add_page(by, self.unit, entry=entry)

    def _report(self, said: dict[str, Any]) -> None:
        until, at = said["until"], self._at(said)
        given = Given(
            channel=Report.Channel.WEB, category=said["category"], text=said["text"], place=said["where"],
            village=self._place(said["place"]) if said["place"] else None, name=said["name"], phone=said["phone"],
            may_publish=True, key=f"demo:{said['phone']}",
        )  # fmt: skip
        with clock.replaying(at):
            report = feedback.send_report(ANONYMOUS, self.unit, given=given)
            deliver_all()
        with clock.replaying(at + timedelta(hours=1, minutes=10)):
            if until == "refused":
                feedback.refuse(self.people["head"], report, why=said["why"])
            elif until == "asked":
                feedback.ask_more(self.people["head"], report, question=Words(said["question"]))
            elif until != "received":
                feedback.accept(self.people["head"], report)
            deliver_all()
        if until in {"working", "answered", "published"}:
            self._work(Report.objects.get(pk=report.pk), said, at)

    def _work(self, report: Report, said: dict[str, Any], at: datetime) -> None:
        worker = actor_of(report.lead.account_id) if report.lead else self.people["handler"]
        with clock.replaying(at + timedelta(days=1)):
            feedback.take(worker, report)
            deliver_all()
        if said["until"] == "working":
            return
        with clock.replaying(at + timedelta(days=2)):
            feedback.answer(worker, Report.objects.get(pk=report.pk), said=Words(said["answer"]))
            deliver_all()
        if said["until"] == "published":
            with clock.replaying(at + timedelta(days=3)):
                one = Report.objects.get(pk=report.pk)
                feedback.publish(self.people["leader"], one, text=said["text"], answer=said["answer"])
                deliver_all()
