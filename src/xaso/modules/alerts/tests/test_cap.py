"""Written strictly, read tolerantly; every trap of the standard and every hostile file has its sentence."""

import dataclasses
import xml.etree.ElementTree as ET
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xaso.kit.errors import Refused
from xaso.modules.alerts.rules import cap, mapping, reading, writing
from xaso.modules.alerts.tests.samples import SENT, alert, info, xml

ORDER = ["identifier", "sender", "sent", "status", "msgType", "source", "scope", "restriction", "addresses", "code",
         "note", "references", "incidents", "info"]  # fmt: skip
INFO_ORDER = ["language", "category", "event", "responseType", "urgency", "severity", "certainty", "effective", "onset",
              "expires", "senderName", "headline", "description", "instruction", "web", "contact", "area"]  # fmt: skip


def independent(content):
    """The order of the standard, checked by another parser and by lists written here."""
    root = ET.fromstring(content)
    names = [child.tag.split("}")[1] for child in root]
    assert names == sorted(names, key=ORDER.index)
    for part in root.findall(f"{{{cap.NAMESPACE}}}info"):
        inner = [child.tag.split("}")[1] for child in part]
        assert inner == sorted(inner, key=INFO_ORDER.index)
    return root


def test_what_is_written_is_read_again():
    full = alert(
        "VN-2", "Update", ("VN-1",), source="Đài tỉnh", codes=("A", "B"), note="ghi chú", incidents="bao-3",
        infos=(
            info(responses=("Evacuate",), effective=SENT, onset=SENT, web="https://kttv.gov.vn/1", contact="1022"),
            info(language="en-US", headline="Flash flood", areas=(
                cap.Area("Vĩnh Tường", polygons=("21.2,105.4 21.3,105.4 21.3,105.5 21.2,105.4",),
                         circles=("21.2,105.4 5",)),
            )),
        ),
    )  # fmt: skip
    content = writing.write(full)
    independent(content)
    read = reading.read(content)
    assert read == full
    assert read.remarks == ()


def test_our_writer_breaks_no_rule():
    with pytest.raises(writing.NotStrict):
        writing.write(alert(kind="Update"))
    with pytest.raises(writing.NotStrict):
        writing.write(dataclasses.replace(alert(), sender="đài khí tượng"))
    with pytest.raises(writing.NotStrict):
        writing.write(dataclasses.replace(alert(), sent="2026-11-16T08:55:00Z"))


def changed(old, new, **changes):
    content = xml(**changes).decode()
    assert old in content
    return content.replace(old, new, 1).encode()


TRAPS = {
    "Z": (lambda: changed("08:55:00+07:00</sent>", "01:55:00Z</sent>"), "chữ Z"),
    "không múi giờ": (lambda: changed("08:55:00+07:00</sent>", "08:55:00</sent>"), "thiếu múi giờ"),
    "mã có dấu cách": (lambda: changed("VN-1<", "VN 1<"), "dấu cách"),
    "nơi gửi có phẩy": (lambda: changed("kttv@quocgia.vn", "kttv,quocgia"), "dấu phẩy"),
    "nơi gửi có &": (lambda: changed("kttv@quocgia.vn", "kttv&amp;vn"), "&"),
    "thiếu references": (lambda: changed("<msgType>Alert", "<msgType>Cancel"), "phải ghi <references>"),
    "references sai": (
        lambda: changed("<references>kttv@quocgia.vn,", "<references>", kind="Cancel", about=("VN-1",)), "viết sai",
    ),
    "status lạ": (lambda: changed("Actual", "Real"), "“Real”"),
    "thiếu event": (lambda: changed("<event>Lũ quét</event>", ""), "thiếu mục <event>"),
    "urgency lạ": (lambda: changed("<urgency>Immediate", "<urgency>Now"), "“Now”"),
    "category lạ": (lambda: changed("<category>Met", "<category>Weather"), "<category>"),
    "CAP 1.1": (lambda: changed("cap:1.2", "cap:1.1"), "CAP 1.1"),
    "CAP 1.0": (lambda: changed(cap.NAMESPACE, "http://www.incident.com/cap/1.0"), "CAP 1.0"),
    "không tên miền": (lambda: changed(f' xmlns="{cap.NAMESPACE}"', ""), "không phải cảnh báo CAP"),
    "Restricted": (lambda: changed("<scope>Public", "<scope>Restricted"), "<restriction>"),
    "không info": (lambda: xml(infos=()), "không có phần <info>"),
    "rỗng": (lambda: b"  ", "rỗng"),
    "chữ": ("bão số 3 đang đến".encode, "không phải XML"),
    "HTML": (lambda: b"<html><body>503</body></html>", "không phải cảnh báo CAP"),
    "cắt dở": (lambda: xml()[:-30], "không phải XML"),
    "5 MB": (lambda: changed("Nước sông", "Nước sông " * 400_000), "quá 1 MB"),
    "nhiều phần tử": (lambda: changed("<note>", "<code>1</code>" * 25_000 + "<note>", note="x"), "bất thường"),
    "thực thể ngoài": (
        lambda: b'<!DOCTYPE alert [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + xml().split(b"?>", 1)[1], "DOCTYPE",
    ),
    "tỉ tiếng cười": (
        lambda: b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><alert>&b;</alert>', "DOCTYPE",
    ),
    "DOCTYPE giấu trong UTF-16": (
        lambda: '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY x "y">]><a/>'.encode("utf-16"), "DOCTYPE",
    ),
    "bảng mã sai": (lambda: xml().replace(b"UTF-8", b"ASCII"), "không phải XML"),
    "bảng mã lạ": (lambda: xml().replace(b"UTF-8", b"x-unknown-9"), "không phải XML"),
}  # fmt: skip


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_has_its_sentence(name):
    make, part = TRAPS[name]
    with pytest.raises(Refused) as refusal:
        reading.read(make())
    assert part in refusal.value.message
    assert refusal.value.message.endswith(".")


def test_other_order_and_unknown_elements_are_forgiven():
    content = changed("<event>Lũ quét</event>", "").replace(
        b"<urgency>", "<event>Lũ quét</event><la/><urgency>".encode()
    )
    read = reading.read(content)
    assert read.infos[0].event == "Lũ quét"
    assert any("lược đồ" in remark for remark in read.remarks)


def test_utf_16_is_read():
    content = xml().decode().replace("UTF-8", "UTF-16").encode("utf-16")
    assert reading.read(content) == alert()


def test_a_signature_is_seen_and_not_believed():
    content = changed(
        "</alert>", '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/></Signature></alert>'
    )
    read = reading.read(content)
    assert (read.is_signed, read.remarks) == (True, ())


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: f"<alert>{text}</alert>".encode()))
def test_no_content_whatever_breaks_the_reader(content):
    with pytest.raises(Refused):
        reading.read(content)


CLASSES = [
    ("Immediate", "Extreme", "emergency"), ("Immediate", "Severe", "emergency"), ("Immediate", "Moderate", "priority"),
    ("Expected", "Extreme", "priority"), ("Expected", "Minor", "priority"), ("Future", "Moderate", "priority"),
    ("Future", "Severe", "normal"), ("Future", "Minor", "normal"), ("Past", "Unknown", "normal"),
    ("Unknown", "Unknown", "normal"), ("Immediate", "Minor", "normal"),
]  # fmt: skip


@pytest.mark.parametrize(("urgency", "severity", "klass"), CLASSES)
def test_classes(urgency, severity, klass):
    assert mapping.class_of(alert(infos=(info(urgency=urgency, severity=severity),))) == klass


def test_the_highest_part_counts_and_the_vietnamese_one_is_read():
    two = alert(infos=(info(language="en-US", headline="Flood", urgency="Future", severity="Minor"), info()))
    assert mapping.class_of(two) == "emergency"
    assert mapping.title_of(two) == "Cảnh báo lũ quét tại Ngũ Kiên"
    assert mapping.text_of(two).endswith("Nguồn tin: Đài Khí tượng thuỷ văn.")


def test_over_when_every_part_is_over():
    after = datetime.fromisoformat("2026-11-16T20:00:01+07:00")
    assert mapping.is_over(alert(), after)
    assert not mapping.is_over(alert(infos=(info(), info(expires=""))), after)
