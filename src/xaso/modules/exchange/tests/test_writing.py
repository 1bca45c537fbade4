"""The writer, judged by the bytes, by a schema it was not made from, by a fixed file, and by the reader."""

import base64
import re
import unicodedata
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from xaso.modules.exchange.rules.checks import faults
from xaso.modules.exchange.rules.message import (
    RECALL,
    REPLACE,
    UPDATE,
    Answered,
    Attachment,
    Organ,
    Staff,
    Trace,
    document_id_of,
    type_code_of,
)  # fmt: skip
from xaso.modules.exchange.rules.reading import read
from xaso.modules.exchange.rules.writing import NAMESPACE, edxml_of
from xaso.modules.exchange.simulator.checking import NotTaken, checked
from xaso.modules.exchange.tests.samples import LIEN_CHAU, NGU_KIEN, PDF, letter

HERE = Path(__file__).parent
TAG = re.compile(rb"<(/?)([A-Za-z][\w:.-]*)([^>]*?)(/?)>")


@pytest.fixture(scope="module")
def schema():
    return etree.XMLSchema(etree.parse(str(HERE / "edxml.xsd")))


def parsed(raw):
    return etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True))


def test_every_tag_of_the_envelope_carries_the_prefix_and_no_other_does():
    """On the bytes: for a namespace-aware reader both spellings are the same, for the receiver they are not."""
    raw = edxml_of(letter())
    start, end = (
        raw.index(b"<edXML:edXMLEnvelope"),
        raw.index(b"</edXML:edXMLEnvelope>") + len(b"</edXML:edXMLEnvelope>"),
    )
    inside = [name for _, name, _, _ in TAG.findall(raw[start:end])]
    outside = [name for _, name, _, _ in TAG.findall(raw[:start].partition(b"?>")[2] + raw[end:])]
    assert len(inside) > 100
    assert not [name for name in inside if not name.startswith(b"edXML:")]
    assert {name for name in outside if b":" in name} == set()
    assert outside[0] == b"edXML"
    assert b"AttachmentEncoded" in outside


def test_the_prefix_is_declared_on_the_envelope_and_the_default_on_the_root():
    raw = edxml_of(letter())
    root, envelope = raw.index(b"<edXML "), raw.index(b"<edXML:edXMLEnvelope ")
    assert f'xmlns="{NAMESPACE}"'.encode() in raw[root:envelope]
    assert b"xmlns:edXML" not in raw[root:envelope]
    assert raw[envelope:].startswith(f'<edXML:edXMLEnvelope xmlns:edXML="{NAMESPACE}">'.encode())


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"due_on": None, "answers": (), "appendixes": (), "content": ""},
        {"business": RECALL, "reason": "Ban hành nhầm", "attachments": ()},
        {"business": UPDATE, "reason": "Sửa ngày họp"},
        {"business": REPLACE, "reason": "Sai phụ lục"},
        {"receivers": (Organ("000.00.00.H62", "UBND tỉnh"), Organ(LIEN_CHAU, "UBND xã Liên Châu"))},
    ],
)
def test_the_schema_agrees(schema, changes):
    assert not faults(letter(**changes))
    assert schema.validate(parsed(edxml_of(letter(**changes)))), schema.error_log


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<edXML:Subject>", b"<edXML:Sub>"),
        (b"2024/10/07</edXML:PromulgationDate>", b"2024-10-07</edXML:PromulgationDate>"),
        (b"2024/10/07 08:05:09", b"2024-10-07T08:05:09"),
        (b"Bussiness>", b"Business>"),
        (b'mustUnderstand="1"', b'mustUnderstand="0"'),
        (b"<edXML:BussinessDocType>0", b"<edXML:BussinessDocType>4"),
        (b"<edXML:Priority>1", b"<edXML:Priority>9"),
        (b'xlink:href="cid:', b'xlink:href="'),
        (b"<AttachmentName>C\xc3\xb4ng v\xc4\x83n 45.pdf</AttachmentName></Attachment>", b"</Attachment>"),
    ],
)
def test_the_schema_can_disagree(schema, old, new):
    raw = edxml_of(letter())
    assert old in raw
    bad = raw.replace(old, new).replace(new.replace(b"<", b"</"), new.replace(b"<", b"</"))
    if old.endswith(b"Subject>"):
        bad = bad.replace(b"</edXML:Subject>", b"</edXML:Sub>")
    assert not schema.validate(parsed(bad))


def test_two_contents_of_one_id(schema):
    raw = edxml_of(letter())
    one = re.search(rb"<Attachment>.*?</Attachment>", raw, re.S)[0]
    assert not schema.validate(parsed(raw.replace(one, one + one)))


def test_the_order_of_the_header_matters(schema):
    raw = edxml_of(letter())
    due = re.search(rb"<edXML:DueDate>.*?</edXML:DueDate>", raw)[0]
    moved = raw.replace(due, b"").replace(b"<edXML:Subject>", due + b"<edXML:Subject>")
    assert not schema.validate(parsed(moved))
    with pytest.raises(NotTaken):
        checked(moved)


@pytest.mark.parametrize("name", ["new", "recall"])
def test_golden_files(name, schema):
    """The bytes do not change by themselves: a change of the writer changes the file, and somebody looks."""
    made = letter() if name == "new" else letter(business=RECALL, reason="Ban hành nhầm", attachments=())
    kept = (HERE / "golden" / f"{name}.edxml").read_bytes()
    assert edxml_of(made) == kept
    assert schema.validate(parsed(kept))


def test_an_attachment_of_five_megabytes_goes_through(schema):
    content = bytes(range(256)) * (5 * 4096)
    made = letter(attachments=(Attachment("lon.pdf", content, "application/pdf", "", "lon"),))
    raw = edxml_of(made)
    assert read(raw).letter.attachments[0].content == content
    assert schema.validate(parsed(raw))


text = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co", "Zl", "Zp"]), max_size=60).map(
    lambda typed: " ".join(unicodedata.normalize("NFC", typed).split())
)
some = text.filter(bool)
code = st.from_regex(r"[A-Z0-9][A-Z0-9.]{0,30}", fullmatch=True)
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))
organs = st.builds(Organ, code, text, text, text, text, text, text, text)
files = st.builds(Attachment, some, st.binary(min_size=1, max_size=300), st.just("application/pdf"), text)


@settings(max_examples=120, deadline=None)
@given(
    sender=organs,
    receivers=st.lists(organs, min_size=1, max_size=3, unique_by=lambda organ: organ.code),
    number=st.integers(1, 9999).map(lambda n: f"{n:02d}"),
    words=st.tuples(some, text, text, text, text, text),
    day=days,
    due=st.none() | days,
    places=st.lists(some, max_size=3),
    answers=st.lists(st.builds(Answered, code, text, st.none() | days, some), max_size=2),
    attached=st.lists(files, max_size=3),
    business=st.integers(0, 3),
    staff=st.builds(Staff, text, text, text, text),
)
def test_what_is_written_is_read_back(
    sender, receivers, number, words, day, due, places, answers, attached, business, staff
):
    made = letter(
        sender=sender, receivers=tuple(receivers), number=number, subject=words[0], place=words[1], content=words[2],
        competence=words[3], signer=words[4], reason=words[5], dated_on=day, due_on=due, to_places=tuple(places),
        answers=tuple(answers), business=business, staff=staff, document_id=document_id_of(sender.code, day, number),
        traces=(Trace(sender.code, datetime(2024, 1, 2, 3, 4, 5)),),  # noqa: DTZ001
        attachments=tuple(replace(one, cid=f"c{place}") for place, one in enumerate(attached)),
    )  # fmt: skip
    reading = read(edxml_of(made))
    assert reading.letter == made
    assert reading.remarks == ()


def test_control_characters_never_break_the_message(schema):
    raw = edxml_of(letter(subject="Mời\x00 họp\x1f \ufffe]]> <a>&"))
    assert schema.validate(parsed(raw))
    assert read(raw).letter.subject == "Mời họp ]]> <a>&"


def test_codes_of_kinds():
    assert (type_code_of("Công văn"), type_code_of("Quyết định"), type_code_of("Sắc lệnh")) == ("18", "2", "18")


@pytest.mark.parametrize(
    ("changes", "fault", "words"),
    [
        ({"receivers": ()}, "N.To", "nơi nhận"),
        ({"receivers": (Organ(LIEN_CHAU), Organ(LIEN_CHAU))}, "M.To", "hai lần"),
        ({"receivers": (Organ(NGU_KIEN),)}, "M.To", "gửi"),
        ({"receivers": (Organ("", "UBND xã"),)}, "N.To.OrganId", "mã định danh"),
        ({"receivers": (Organ("H" * 36),)}, "R.OrganId", "35"),
        ({"sender": Organ("")}, "N.From.OrganId", "mã định danh"),
        ({"subject": "  "}, "N.Subject", "trích yếu"),
        ({"subject": "a" * 501}, "R.Subject", "501"),
        ({"content": "a" * 501}, "R.Content", "501"),
        ({"to_places": ("a" * 151,)}, "R.ToPlaces", "150"),
        ({"appendixes": ("a" * 251,)}, "R.Appendixes", "250"),
        ({"attachments": (Attachment("a" * 201, PDF, cid="a"),)}, "R.AttachmentName", "200"),
        ({"attachments": ()}, "N.Attachment", "tệp"),
        ({"attachments": (Attachment("a.pdf", b"", cid="a"),)}, "N.Attachment", "rỗng"),
        ({"attachments": (Attachment("a.pdf", PDF), Attachment("b.pdf", PDF))}, "M.ContentId", "mã riêng"),
        ({"number": ""}, "N.Code.CodeNumber", "số"),
        ({"notation": ""}, "N.Code.CodeNotation", "ký hiệu"),
        ({"dated_on": None}, "N.PromulgationDate", "ngày"),
        ({"business": RECALL, "reason": " "}, "N.BussinessDocReason", "lý do"),
        ({"business": 7}, "R.BussinessDocType", "Loại"),
        ({"priority": 4}, "R.Priority", "khẩn"),
    ],
)
def test_what_the_axis_would_refuse_is_said_before(changes, fault, words):
    found = {one.id: one.sentence for one in faults(letter(**changes))}
    assert words in found[fault]


def test_at_the_limits_all_is_well():
    made = letter(subject="ă" * 500, content="ă" * 500, to_places=("ă" * 150,), appendixes=("ă" * 250,))
    assert not faults(made)
    assert base64.b64encode(PDF) in edxml_of(made)
