"""Who can be told, who cannot and why, and what is on record about each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from xaso.core.access import Actor, visible
from xaso.core.access.queries import under
from xaso.kit.errors import Missing
from xaso.kit.fold import fold
from xaso.modules.audiences import definitions, rules
from xaso.modules.audiences.models import Consent, Contact, Import, RefusalList, RefusedNumber
from xaso.modules.audiences.rules import dialled, masked_phone, phone_of, shown_phone

AT_ONCE = 500
NO_CONTACT = "Không tìm thấy người nhận này, hoặc bạn không được xem. Hãy quay lại danh sách và chọn lại."

topics = definitions.topics
topic_named = definitions.topic_named
__all__ = [
    "Recipient", "contact_by_phone", "contact_by_zalo", "contact_of_person", "contact_with", "contacts", "dialled",
    "import_of", "left_out", "masked_phone", "phone_of", "recipients", "shown_phone", "topic_named", "topics",
    "who_takes",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to tell, as the book says now. `phone` is 84… or empty."""

    contact_id: int
    uuid: str
    person_id: int | None
    name: str
    phone: str
    zalo_user: str
    unit_path: str


def recipients(unit_paths: Iterable[str], topic: str, channel: str, *, emergency: bool = False) -> Iterator[Recipient]:
    """Who is told, one a phone, in a steady order; read in portions, so a province needs little memory."""
    return (one for one, code, _ in _judged(unit_paths, topic, channel, emergency) if not code)


def left_out(
    unit_paths: Iterable[str], topic: str, channel: str, *, emergency: bool = False
) -> Iterator[tuple[Recipient, str, str]]:
    """Who is not told: the contact, the code of the reason, the sentence."""
    for one, code, detail in _judged(unit_paths, topic, channel, emergency):
        if code:
            yield one, code, rules.sentence(code, detail)


def who_takes(phones: Sequence[str], topic: str, channel: str, *, emergency: bool = False) -> set[str]:
    """Those of the numbers that `recipients` would name, asked for by number."""
    declared = topic_named(topic)
    asked = rules.Asked(topic, channel, declared.needs_consent, emergency or declared.emergency_exempt)
    portion = list(Contact.objects.filter(phone__in=phones, is_active=True).exclude(phone=""))
    said, refused = _said_of(portion), _refused_of(portion)
    return {one.phone for one in portion if not _code(one, said, refused, asked)}


def _judged(
    unit_paths: Iterable[str], topic: str, channel: str, emergency: bool
) -> Iterator[tuple[Recipient, str, str]]:
    declared = topic_named(topic)
    asked = rules.Asked(topic, channel, declared.needs_consent, emergency or declared.emergency_exempt)
    seen: set[str] = set()
    for path in _outermost(unit_paths):
        for portion in _portions(path):
            said, refused = _said_of(portion), _refused_of(portion)
            for contact in portion:
                code = _code(contact, said, refused, asked)
                target = contact.phone if channel == "sms" else contact.zalo_user or contact.phone
                if not code and channel != "push" and target in seen:
                    code = "same_phone"
                if not code:
                    seen.add(target)
                yield _recipient(contact), code, contact.phone_fault


def _outermost(paths: Iterable[str]) -> list[str]:
    """Without the paths that lie under another of them: nobody is told twice."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept


def _portions(path: str) -> Iterator[list[Contact]]:
    """Active contacts under a unit by (unit, phone, id), continued after the last row of each portion."""
    rows = Contact.objects.filter(under(path), is_active=True).order_by("unit_path", "phone", "id")
    rows = rows.only("id", "uuid", "person_id", "name", "phone", "phone_fault", "zalo_user", "unit_path")
    portion = list(rows[:AT_ONCE])
    while portion:
        yield portion
        last = portion[-1]
        after = Q(unit_path=last.unit_path) & (Q(phone=last.phone, id__gt=last.pk) | Q(phone__gt=last.phone))
        portion = list(rows.filter(after | Q(unit_path__gt=last.unit_path))[:AT_ONCE])


def _said_of(portion: Sequence[Contact]) -> dict[str, list[rules.Said]]:
    """What was said, by phone and by `#contact`: for the number, whichever entry it stands in, and by the person."""
    phones = {one.phone for one in portion if one.phone}
    rows = Consent.objects.filter(Q(phone__in=phones) | Q(contact_id__in=[one.pk for one in portion]))
    found: dict[str, list[rules.Said]] = {}
    for pk, phone, contact, topic, channel, given in rows.values_list(
        "id", "phone", "contact_id", "topic", "channel", "given"
    ):
        one = rules.Said(pk, topic, channel, given)
        found.setdefault(f"#{contact}", []).append(one)
        if phone:
            found.setdefault(phone, []).append(one)
    return found


def _refused_of(portion: Sequence[Contact]) -> dict[str, list[str]]:
    """Number → paths of the units whose current list names it."""
    phones = {one.phone for one in portion if one.phone}
    found: dict[str, list[str]] = {}
    rows = RefusedNumber.objects.filter(phone__in=phones, list__is_current=True)
    for phone, path in rows.values_list("phone", "list__unit_path"):
        found.setdefault(phone, []).append(path)
    return found


def _code(
    contact: Contact, said: dict[str, list[rules.Said]], refused: dict[str, list[str]], asked: rules.Asked
) -> str:
    listed = any(contact.unit_path.startswith(path) for path in refused.get(contact.phone, ()))
    reach = rules.Reach(
        contact.phone, contact.phone_fault, contact.zalo_user, contact.person_id is not None, do_not_call=listed
    )
    words = [*said.get(f"#{contact.pk}", ()), *said.get(contact.phone, ())]
    return rules.why_not(reach, words, asked)


def _recipient(contact: Contact) -> Recipient:
    return Recipient(
        contact.pk, str(contact.uuid), contact.person_id, contact.name, contact.phone, contact.zalo_user,
        contact.unit_path,
    )  # fmt: skip


def contact_by_phone(phone: str, under_path: str = "") -> Contact | None:
    """The active entry with that number (84…); the oldest where several share it."""
    rows = Contact.objects.filter(phone=phone, is_active=True).exclude(phone="")
    return (rows.filter(under(under_path)) if under_path else rows).order_by("id").first()


def contact_by_zalo(user: str) -> Contact | None:
    return Contact.objects.filter(zalo_user=user, is_active=True).exclude(zalo_user="").order_by("id").first()


def contact_of_person(person_id: int) -> Contact | None:
    return Contact.objects.filter(person_id=person_id, is_active=True).select_related("unit").order_by("id").first()


def contact_with(by: Actor, uuid: UUID) -> Contact:
    """Raises Missing."""
    rows = Contact.objects.select_related("unit", "person", "merged_into", "batch")
    found = visible(by, "audiences.view", rows).filter(uuid=uuid).first()
    if found is None:
        raise Missing(NO_CONTACT)
    return found


def contacts(by: Actor, words: str = "", state: str = "") -> QuerySet[Contact]:
    """The book this officer may see; `words` are part of a name or of a number."""
    rows = visible(by, "audiences.view", Contact.objects.filter(is_active=True)).select_related("unit")
    if words:
        digits = "".join(c for c in words if c.isdigit())
        found = Q(folded_name__contains=fold(words))
        rows = rows.filter(found | Q(phone__contains=digits.removeprefix("0")) if len(digits) >= 3 else found)
    if state == "no_phone":
        return rows.filter(phone="")
    if state == "bad_phone":
        return rows.exclude(phone_fault="")
    if state == "resident":
        return rows.filter(source=Contact.Source.PORTAL)
    return rows


def said_by(contact: Contact) -> list[Consent]:
    """Everything said for this contact or its number, newest first."""
    about = Q(contact=contact)
    if contact.phone:
        about |= Q(phone=contact.phone)
    return list(Consent.objects.filter(about).order_by("-id")[:200])


def wishes(contact: Contact) -> dict[tuple[str, str], bool | None]:
    """(topic, channel) → what was last said of it; None where nothing was said."""
    said = [rules.Said(one.pk, one.topic, one.channel, one.given) for one in said_by(contact)]
    found: dict[tuple[str, str], bool | None] = {}
    for topic in topics():
        for channel in rules.CHANNELS:
            last = rules.last_word(said, topic, channel)
            found[topic, channel] = None if last is None else last.given
    return found


def standing(contact: Contact) -> list[tuple[str, str, bool]]:
    """(topic, channel, whether it is told now) for every topic and channel."""
    return [
        (
            topic,
            channel,
            topics()[topic].emergency_exempt or (not topics()[topic].needs_consent if said is None else said),
        )
        for (topic, channel), said in wishes(contact).items()
    ]


def same_phone(contact: Contact) -> list[Contact]:
    """Other active entries of the book with this number."""
    if not contact.phone:
        return []
    rows = Contact.objects.filter(phone=contact.phone, is_active=True).exclude(pk=contact.pk)
    return list(rows.select_related("unit").order_by("id")[:20])


def duplicates(by: Actor) -> QuerySet[Contact]:
    """Entries of the book that share their number with another, together."""
    mine = visible(by, "audiences.view", Contact.objects.filter(is_active=True).exclude(phone=""))
    twice = mine.values("phone").annotate(count=Count("id")).filter(count__gt=1).values("phone")
    return mine.filter(phone__in=twice).select_related("unit").order_by("phone", "id")


def import_of(by: Actor, uuid: UUID) -> Import:
    """Raises Missing."""
    found = visible(by, "audiences.preview_import", Import.objects.all()).filter(uuid=uuid).first()
    if found is None:
        raise Missing("Không tìm thấy lần nhập này. Hãy quay lại danh sách.")
    return found


def imports(by: Actor) -> QuerySet[Import]:
    return visible(by, "audiences.preview_import", Import.objects.all())


def refusal_lists(by: Actor) -> QuerySet[RefusalList]:
    return visible(by, "audiences.view", RefusalList.objects.all())


def consents(by: Actor, unit_path: str) -> QuerySet[Consent]:
    """The record of a unit and below, oldest first: the proof of who agreed to what."""
    rows = visible(by, "audiences.export_proof", Consent.objects.filter(under(unit_path)))
    return rows.select_related("contact", "contact__unit").order_by("id")
