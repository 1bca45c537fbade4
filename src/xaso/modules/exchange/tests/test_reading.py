"""The reader: what other programs write, and what somebody writes to do harm."""

import base64
import re
from datetime import date

import pytest

from xaso.modules.exchange.rules.message import RECALL, Attachment
from xaso.modules.exchange.rules.reading import read
from xaso.modules.exchange.rules.tree import Unreadable
from xaso.modules.exchange.rules.writing import edxml_of
from xaso.modules.exchange.tests.samples import LIEN_CHAU, NGU_KIEN, PDF, letter

RAW = edxml_of(letter())
PACKED = base64.b64encode(PDF)

# As an older program wraps it: another namespace, a SOAP envelope, fewer parts, lines of base64.
SOAP = f"""<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ed="http://www.e-doc.vn/Schema/">
 <soap:Header><ed:MessageHeader>
  <ed:From><ed:OrganId>000.00.01.H62</ed:OrganId><ed:OrganName>Sở Nội vụ</ed:OrganName></ed:From>
  <ed:To><ed:OrganId>{LIEN_CHAU}</ed:OrganId></ed:To>
  <ed:Code><ed:CodeNumber>77/SNV-VP</ed:CodeNumber></ed:Code>
  <ed:PromulgationInfo><ed:PromulgationDate>05/11/2024</ed:PromulgationDate></ed:PromulgationInfo>
  <ed:Subject><![CDATA[Về việc <b>kiểm tra</b> & báo cáo]]></ed:Subject>
  <ed:ToPlaces>Như trên; Lưu VT</ed:ToPlaces>
 </ed:MessageHeader></soap:Header>
 <soap:Body><ed:Manifest><ed:Reference xlink:href="cid:a1" xmlns:xlink="http://www.w3.org/1999/xlink">
   <ed:AttachmentName>cong van.pdf</ed:AttachmentName></ed:Reference></ed:Manifest>
   <ed:Attachment><ed:ContentId>cid:a1</ed:ContentId><ed:ContentTransferEncoded>
   {chr(10).join(PACKED.decode()[at : at + 64] for at in range(0, len(PACKED), 64))}
   </ed:ContentTransferEncoded></ed:Attachment></soap:Body>
</soap:Envelope>"""


def sentence(raw: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read(raw)
    return caught.value.message


def test_the_shape_of_older_software():
    found = read(SOAP.encode()).letter
    assert (found.sender.code, found.sender.name) == ("000.00.01.H62", "Sở Nội vụ")
    assert (found.number, found.notation, found.dated_on) == ("77", "SNV-VP", date(2024, 11, 5))
    assert found.subject == "Về việc <b>kiểm tra</b> & báo cáo"
    assert found.to_places == ("Như trên; Lưu VT",)
    assert (found.document_id, found.business, found.answers, found.due_on) == ("", 0, (), None)
    assert [(one.name, one.content) for one in found.attachments] == [("cong van.pdf", PDF)]


@pytest.mark.parametrize("uri", [b"http://www.go.vn/eDoc", b"urn:anything", b"http://www.e-doc.vn/Schema/"])
def test_any_namespace(uri):
    assert read(RAW.replace(b"http://www.mic.gov.vn/TBT/QCVN_102_2016", uri)).letter == letter()


def test_any_prefix_and_none():
    assert read(RAW.replace(b"edXML:", b"x:").replace(b"xmlns:edXML", b"xmlns:x")).letter == letter()
    assert read(RAW.replace(b"edXML:", b"")).letter == letter()


def test_a_message_of_almost_nothing():
    raw = b"<a><MessageHeader><From><OrganId>H1</OrganId></From></MessageHeader></a>"
    found = read(raw)
    assert (found.letter.sender.code, found.letter.subject, found.letter.receivers) == ("H1", "", ())
    assert found.remarks == ()


@pytest.mark.parametrize(
    "spelling",
    [
        lambda packed: packed,
        lambda packed: b"\r\n".join(packed[at : at + 76] for at in range(0, len(packed), 76)),
        lambda packed: b" \t".join(packed[at : at + 5] for at in range(0, len(packed), 5)),
        lambda packed: packed.rstrip(b"="),
        lambda packed: packed.replace(b"+", b"-").replace(b"/", b"_"),
        lambda packed: b"<![CDATA[" + packed + b"]]>",
    ],
)
def test_base64_in_many_spellings(spelling):
    raw = RAW.replace(PACKED, spelling(PACKED))
    assert read(raw).letter.attachments[0].content == PDF


@pytest.mark.parametrize("broken", [b"@@@@", b"AAAAA", PACKED[:40] + b"*" + PACKED[40:], b"====", "Tệp".encode()])
def test_broken_base64_is_said_and_the_letter_still_comes(broken):
    found = read(RAW.replace(PACKED, broken))
    assert found.letter.attachments == ()
    assert found.letter.subject == letter().subject
    assert "hỏng" in found.remarks[0] or "không có nội dung" in found.remarks[0]
    assert "Công văn 45.pdf" in found.remarks[0]


def test_empty_content_is_said():
    found = read(RAW.replace(PACKED, b""))
    assert "không có nội dung" in found.remarks[0]


def test_a_reference_that_leads_nowhere():
    found = read(
        RAW.replace(b'href="cid:tep-1"', b'href="cid:khac"').replace(
            b"<edXML:ContentId>tep-1", b"<edXML:ContentId>khac"
        )
    )
    assert [one.content for one in found.letter.attachments] == [PDF]
    assert any("không có trong danh mục" in remark for remark in found.remarks)
    assert any("không có nội dung" in remark for remark in found.remarks)


def test_two_contents_of_one_id_are_both_kept():
    one = re.search(rb"<Attachment>.*?</Attachment>", RAW, re.S)[0]
    assert len(read(RAW.replace(one, one + one)).letter.attachments) == 2


def test_five_and_twenty_megabytes():
    content = bytes(range(256)) * (5 * 4096)
    raw = edxml_of(letter(attachments=(Attachment("a.pdf", content, cid="a"),)))
    assert read(raw).letter.attachments[0].content == content
    raw = raw.replace(base64.b64encode(content), b"A" * 30_000_000)
    found = read(raw)
    assert found.letter.attachments == ()
    assert "20 MB" in found.remarks[0]


def test_too_large_altogether():
    assert "64 MB" in sentence(RAW + b" " * (64 * 1024 * 1024))


ATTACKS = {
    "external entity": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "parameter entity": b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/a.dtd"> %x;]>',
    "external dtd": b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">',
    "billion laughs": b"<!DOCTYPE a [<!ENTITY a 'ha'>" + b"".join(
        b"<!ENTITY a%d '%s'>" % (n, b"&a%s;" % (b"%d" % (n - 1) if n > 1 else b"") * 10) for n in range(1, 10)
    ) + b"]>",
    "quadratic": b"<!DOCTYPE a [<!ENTITY a '" + b"x" * 50_000 + b"'>]>",
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_entities_are_never_looked_at(name):
    body = RAW.partition(b"?>")[2].replace(b"<edXML:Content>", b"<edXML:Content>&x;&a9;&a;")
    assert "DOCTYPE" in sentence(b'<?xml version="1.0"?>' + ATTACKS[name] + body)


def test_entities_are_never_looked_at_in_utf_16_either():
    text = '<?xml version="1.0" encoding="utf-16"?>' + ATTACKS["external entity"].decode() + "<a>&x;</a>"
    assert "DOCTYPE" in sentence(text.encode("utf-16"))


def test_an_entity_without_a_declaration_breaks_the_message():
    assert "hỏng" in sentence(RAW.replace(b"<edXML:Content>", b"<edXML:Content>&x;"))


def test_deep_and_wide():
    assert "bất thường" in sentence(b"<a>" * 100_000)
    assert "bất thường" in sentence(b"<a>" + b"<b/>" * 100_000 + b"</a>")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "rỗng"),
        (b" \r\n", "rỗng"),
        (b"PK\x03\x04", "hỏng"),
        (b"\x00\x01\x02", "hỏng"),
        (RAW[:-30], "hỏng"),
        (b"<a/>", "không phải văn bản edXML"),
        (b"<a><MessageHeader><Subject>x</Subject></MessageHeader></a>", "không ghi mã cơ quan gửi"),
        (b'<?xml version="1.0" encoding="bang-ma-la"?><a/>', "bảng mã"),
        (b'<?xml version="1.0" encoding="zip_codec"?><a/>', "bảng mã"),
        (b'<?xml version="1.0" encoding="utf-8"?><a>\xff\xfe</a>', "hỏng"),
    ],
)
def test_what_is_no_message_is_said(raw, words):
    assert words in sentence(raw)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258", "utf-7"])
def test_encodings(encoding):
    subject = "Moi hop" if encoding in {"cp1258", "utf-7"} else letter().subject
    declared = {"utf-8-sig": "utf-8", "utf-16-le": "utf-16"}.get(encoding, encoding)
    text = edxml_of(letter(subject=subject)).decode().replace('encoding="utf-8"', f'encoding="{declared}"')
    for vietnamese, plain in (("ã", "a"), ("à", "a")) if encoding == "cp1258" else ():
        text = text.replace(vietnamese, plain)
    raw = text.encode(encoding, "xmlcharrefreplace")
    raw = b"\xff\xfe" + raw if encoding == "utf-16-le" else raw
    assert read(raw).letter.subject == subject


def test_a_declaration_that_lies_about_utf_16():
    """Written by programs that turn a string into bytes themselves: UTF-8 under a declaration of UTF-16."""
    assert read(RAW.replace(b'encoding="utf-8"', b'encoding="utf-16"')).letter == letter()


def test_types_and_wrong_numbers():
    assert read(edxml_of(letter(business=RECALL, reason="Nhầm"))).letter.business == RECALL
    odd = RAW.replace(b"<edXML:BussinessDocType>0", b"<edXML:BussinessDocType>khong")
    assert read(odd.replace(b"<edXML:Priority>1", b"<edXML:Priority>-9999999999999")).letter.priority == 0


@pytest.mark.parametrize("day", ["2024/13/45", "ngày mai", "0000/00/00", "99/99/9999", "٢٠٢٤/١٠/٠٧"])
def test_days_that_are_none(day):
    raw = RAW.replace(b"2024/10/31", day.encode())
    assert read(raw).letter.due_on in {None, date(2024, 10, 7)}


def test_endless_texts_are_cut():
    found = read(edxml_of(letter(subject="a" * 1_000_000)))
    assert len(found.letter.subject) == 2000
    assert found.letter.sender.code == NGU_KIEN
