"""Rows and both sides of `bench/inbox.py`."""

import uuid
from datetime import date, timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection, transaction
from django.template import engines
from django.test import Client, RequestFactory

from xaso.core.accounts.middleware import ACCOUNT, DEVICE, device_of
from xaso.core.accounts.models import Account, Person
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.audiences.models import Consent, Contact
from xaso.modules.bulletins.models import Area, Bulletin
from xaso.modules.dossiers.models import Dossier
from xaso.modules.notifications.models import Message
from xaso.modules.push.models import LastLook

AGENT = "bench"
AT_ONCE = 20_000
SIZE = 22


def fill(people, place, messages, bulletins):
    """A province of residents in the book, and one of them with things in the inbox."""
    call_command("migrate", verbosity=0)
    unit = _units(place)
    _people(people, unit)
    person = Person.objects.order_by("pk").first()
    Account.objects.create(username="lan", person=person)
    now = clock.now()
    Message.objects.bulk_create(
        Message(person=person, template="x", channel="inapp", title=f"Thư {n}", body="Mời bạn nhận kết quả. " * 5,
                state="sent", created_at=now - timedelta(hours=n), idempotency_key=f"k{n}", link="/portal/dossiers/")
        for n in range(messages)
    )  # fmt: skip
    for n in reversed(range(bulletins)):
        at = now - timedelta(hours=n, minutes=30)
        made = Bulletin.objects.create(
            unit=unit, unit_path=unit.path, title=f"Bản tin {n}", text="Nội dung. " * 60, klass="normal",
            topic="general", unit_paths=["26."], channels=["inbox"], state="done", created_at=at, saved_at=at,
            published_at=at,
        )  # fmt: skip
        Area.objects.create(bulletin=made, path="26.")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _units(place):
    found, path = None, ""
    for code, kind in zip(place.strip(".").split("."), ("province", "district", "commune"), strict=True):
        path += f"{code}."
        found = Unit.objects.create(
            code=code, name=f"Đơn vị {code}", kind=kind, path=path, parent=found, valid_from=date(2000, 1, 1)
        )
    return found


def _people(count, unit):
    now = clock.now()
    for start in range(0, count, AT_ONCE):
        many = range(start, min(start + AT_ONCE, count))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO accounts_person (id, uuid, full_name, folded_name, personal_id, old_id, sex, phone, "
                "email, address, is_demo) VALUES (%s, %s, %s, %s, %s, '', '', '', '', '', %s)",
                [(n + 1, uuid.uuid4().hex, f"Nguyễn Thị {n}", f"nguyen thi {n}", f"{n:012}", False) for n in many],
            )
            cursor.executemany(
                "INSERT INTO audiences_contact (uuid, unit_id, unit_path, person_id, name, folded_name, phone, "
                "phone_fault, zalo_user, source, note, is_active, created_at, changed_at, is_demo) "
                "VALUES (%s, %s, %s, %s, %s, '', %s, '', '', 'portal', '', %s, %s, %s, %s)",
                [(uuid.uuid4().hex, unit.pk, unit.path, n + 1, f"Nguyễn Thị {n}", f"849{n:08}", True, str(now),
                  str(now), False) for n in many],
            )  # fmt: skip


def rows_per_bulletin():
    """One bulletin and one place: nothing for each resident."""
    return round((Bulletin.objects.count() + Area.objects.count()) / Bulletin.objects.count(), 2)


class _Asking:
    headers = {"User-Agent": AGENT}


def ours():
    session = SessionStore()
    session[ACCOUNT], session[DEVICE] = Account.objects.get(username="lan").pk, device_of(_Asking())
    session.save()
    client = Client(headers={"User-Agent": AGENT, "Host": "localhost"})
    client.cookies["sessionid"] = session.session_key

    def ask():
        answer = client.get("/portal/push/")
        if answer.status_code != 200 or "Bản tin 0" not in answer.content.decode():
            raise SystemExit(f"our side answers {answer.status_code}")

    return ask


BARE = """<!DOCTYPE html><html lang="vi"><head><title>Hộp thư</title></head><body><h1>Hộp thư của tôi</h1><ul>
{% for row in rows %}<li><h2><a href="{{ row.url }}">{{ row.title }}</a></h2><p>{% if row.new %}Mới {% endif %}
{{ row.kind }} · <time>{{ row.at|date:"H:i d/m/Y" }}</time></p>
<p>{{ row.line }}</p></li>{% endfor %}</ul></body></html>"""


def bare():
    """The same rows, without tricks: as one writes it on a good day."""
    template = engines["django"].from_string(BARE)
    request = RequestFactory().get("/portal/push/")
    account = Account.objects.get(username="lan").pk

    def ask():
        who = Account.objects.select_related("person").get(pk=account)
        content = template.render({"rows": _rows(who.person)}, request)
        if "Bản tin 0" not in content:
            raise SystemExit("the bare side shows nothing")

    return ask


def _rows(person):
    contact = Contact.objects.select_related("unit").filter(person=person, is_active=True).order_by("id").first()
    list(Consent.objects.filter(contact=contact).order_by("-id"))
    seen = LastLook.objects.filter(person=person).first()
    codes = contact.unit_path.strip(".").split(".")
    places = ["".join(f"{code}." for code in codes[: n + 1]) for n in range(len(codes))]
    here = Area.objects.filter(path__in=places).values("bulletin_id")
    found = [
        {"at": one.published_at, "title": one.title, "line": one.unit.name, "url": f"/b/{one.uuid}", "kind": "Bản tin"}
        for one in Bulletin.objects.filter(pk__in=here).select_related("unit").order_by("-pk")[:SIZE]
    ]
    found += [
        {"at": one.created_at, "title": one.title, "line": one.body[:160], "url": one.link, "kind": "Thông báo"}
        for one in Message.objects.filter(person=person, channel="inapp").order_by("-id")[:SIZE]
    ]
    found += [
        {"at": one.submitted_at, "title": str(one), "line": "", "url": f"/d/{one.uuid}", "kind": "Hồ sơ"}
        for one in Dossier.objects.filter(owner_person=person).order_by("-pk")[:100]
    ]
    for row in found:
        row["new"] = seen is None or row["at"] > seen.until
    return sorted(found, key=lambda row: row["at"], reverse=True)[:20]
