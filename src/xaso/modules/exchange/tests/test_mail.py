"""Official e-mail: read over TLS, made into incoming documents once, whatever the mail tries."""

from email.message import EmailMessage

import pytest

from xaso.core.files.queries import files_of
from xaso.modules.exchange import jobs
from xaso.modules.exchange.models import Connection, Organisation, Parcel
from xaso.modules.exchange.rules.mail import read_mail, words_of
from xaso.modules.exchange.rules.tree import Unreadable
from xaso.modules.exchange.tests.imap_server import imap_server
from xaso.modules.exchange.tests.samples import PDF
from xaso.modules.incoming.models import Document
from xaso.modules.outgoing.queries import content_of


def mail(**changes) -> EmailMessage:
    made = EmailMessage()
    made["From"] = changes.get("sender", "Sở Nội vụ <vanthu@snv.example>")
    made["To"] = "ubnd@ngukien.example"
    made["Subject"] = changes.get("subject", "V/v báo cáo số liệu (Công văn 77/SNV-VP)")
    made["Message-ID"] = changes.get("message_id", "<a1@snv.example>")
    made.set_content("Kính gửi UBND xã,\nxin gửi công văn kèm theo.")
    made.add_attachment(PDF, maintype="application", subtype="pdf", filename="Công văn 77.pdf")
    return made


@pytest.fixture
def post(tmp_path, settings, monkeypatch, ngu_kien):
    settings.DATA_DIR = tmp_path
    with imap_server(tmp_path) as made:
        for name, value in {
            "HOST": "127.0.0.1", "PORT": str(made.port), "USER": made.user, "PASSWORD": made.password,
            "UNIT": ngu_kien.code, "CA": made.authority,
        }.items():  # fmt: skip
            monkeypatch.setenv(f"XASO_IMAP_{name}", value)
        yield made


@pytest.mark.django_db
def test_a_letter_becomes_an_incoming_document_with_its_files(post):
    post.letters[3] = mail().as_bytes(policy=mail().policy.clone(linesep="\r\n"))
    assert jobs.read_mailbox() == ""
    arrived = Document.objects.get()
    assert (arrived.origin, arrived.sender, arrived.state) == ("email", "Sở Nội vụ", "waiting")
    assert (arrived.doc_number, arrived.symbol) == ("77", "SNV-VP")
    names = {file.name: content_of(file) for file in files_of(arrived.ref)}
    assert names["Công văn 77.pdf"] == PDF
    assert "xin gửi công văn".encode() in names["noi-dung-thu.txt"]
    parcel = Parcel.objects.get()
    assert (parcel.channel, parcel.axis_ref, parcel.document_id) == ("email", "7.3", "<a1@snv.example>")
    assert content_of(parcel.raw) == post.letters[3]
    assert not Organisation.objects.exists()
    assert Connection.objects.get().account == "vanthu@127.0.0.1"


@pytest.mark.django_db
def test_the_mailbox_is_only_looked_at(post):
    post.letters[3] = mail().as_bytes()
    jobs.read_mailbox()
    assert [line for line in post.asked if line.startswith("EXAMINE")]
    assert not [line for line in post.asked if "STORE" in line or "EXPUNGE" in line or "BODY[" in line]


@pytest.mark.django_db
def test_the_same_letter_is_one_document(post):
    post.letters[3] = mail().as_bytes()
    jobs.read_mailbox()
    jobs.read_mailbox()
    assert sum("BODY.PEEK[]" in line for line in post.asked) == 1
    post.letters[4] = mail().as_bytes()
    post.validity = 8
    jobs.read_mailbox()
    assert Document.objects.count() == 1
    post.letters[5] = mail(message_id="<a2@snv.example>").as_bytes()
    jobs.read_mailbox()
    assert Document.objects.count() == 2


@pytest.mark.django_db
def test_what_is_too_large_is_not_loaded(post):
    post.letters[3] = mail().as_bytes()
    post.sizes[3] = 60 * 1024 * 1024
    jobs.read_mailbox()
    assert not [line for line in post.asked if "BODY.PEEK[]" in line]
    (file,) = files_of(Document.objects.get().ref)
    assert b"40 MB" in content_of(file)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PASSWORD", "sai", "từ chối đăng nhập"),
        ("FOLDER", "Khac", "không có thư mục"),
        ("CA", "", "Không nối được"),
        ("PORT", "1", "Không nối được"),
    ],
)
def test_what_does_not_work_is_said(post, monkeypatch, name, value, words):
    monkeypatch.setenv(f"XASO_IMAP_{name}", value)
    said = jobs.read_mailbox()
    assert words in said
    assert Connection.objects.get().error == said
    assert post.password not in said


@pytest.mark.django_db
def test_a_server_that_hangs_up_is_asked_again(post):
    post.letters[3] = mail().as_bytes()
    post.hang_up_on = "BODY.PEEK[]"
    assert "Không nối được" in jobs.read_mailbox()
    assert not Document.objects.exists()
    post.hang_up_on = ""
    assert jobs.read_mailbox() == ""
    assert Document.objects.count() == 1


@pytest.mark.django_db
def test_without_a_mailbox_nothing_is_asked(monkeypatch, ngu_kien):
    monkeypatch.delenv("XASO_IMAP_HOST", raising=False)
    assert jobs.read_mailbox() == ""


@pytest.mark.django_db
def test_a_letter_that_cannot_be_read_is_kept_and_said(post):
    post.letters[3] = b"Subject: khong ai gui\r\n\r\nx"
    assert jobs.read_mailbox() == ""
    parcel = Parcel.objects.get()
    assert parcel.state == "refused"
    assert "địa chỉ người gửi" in parcel.error
    assert content_of(parcel.raw) == post.letters[3]


# The mail itself


def test_markup_is_never_markup():
    made = EmailMessage()
    made["From"], made["Subject"] = "a@b.example", "x"
    made.set_content(
        "<html><head><title>t</title><style>p{}</style></head><body><p>Xin ch&agrave;o<br>anh</p>"
        "<script>alert(1)</script><img src=x onerror=alert(2)><div>hết</div></body></html>",
        subtype="html",
    )
    assert read_mail(made.as_bytes()).text == "Xin chào\nanh\nhết"


def test_unclosed_markup():
    assert words_of("<script>a" * 3 + "<p>b</p>") == ""
    assert words_of("</script></script><p>b") == "b"


def test_the_text_wins_over_the_markup():
    made = mail()
    made.clear_content()
    made.set_content("lời thật")
    made.add_alternative("<p>lời khác</p>", subtype="html")
    assert read_mail(made.as_bytes()).text.strip() == "lời thật"


@pytest.mark.parametrize(
    ("subject", "number", "notation"),
    [
        ("Công văn số 45/UBND-VP về việc họp", "45", "UBND-VP"),
        ("QĐ 12/2024/QĐ-UBND", "12", "2024/QĐ-UBND"),
        ("Ngày 20/11 và 15/16", "", ""),
        ("", "", ""),
    ],
)
def test_a_number_in_the_subject(subject, number, notation):
    found = read_mail(mail(subject=subject).as_bytes()).letter
    assert (found.number, found.notation) == (number, notation)


HOSTILE = {
    "nested": b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
    + b"--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" * 3000,
    "no boundary": b"From: a@b.example\r\nContent-Type: multipart/mixed\r\n\r\n--x\r\n",
    "unknown charset": b"From: a@b.example\r\nContent-Type: text/plain; charset=khong-co\r\n\r\n\xff\xfe",
    "bad encoded word": b"From: =?utf-8?q?=ff=fe?= <a@b.example>\r\nSubject: =?x?b?!!!?=\r\n\r\nx",
    "bad base64": b"From: a@b.example\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
    b"Content-Disposition: attachment; filename=a.pdf\r\n\r\n@@@@",
    "path in a name": b"From: a@b.example\r\nContent-Type: application/pdf\r\n"
    b'Content-Disposition: attachment; filename="../../etc/passwd"\r\n\r\nx',
    "huge header": b"From: a@b.example\r\nSubject: " + b"a" * 1_000_000 + b"\r\n\r\nx",
    "null": b"From: a@b.example\r\nSubject: a\0b\r\n\r\n\0\0",
    "odd from": b"From: a@b.example, \"c\" <d@e.example>\r\n\r\nx",
    "header injection": b"From: a@b.example\r\nSubject: =?utf-8?b?YQ0KQmNjOiB4?=\r\n\r\nx",
    "many parts": b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
    + b"--x\r\nContent-Type: text/plain\r\n\r\na\r\n" * 5000 + b"--x--",
    "odd date": b"From: a@b.example\r\nDate: 99 Foo 99999\r\nMessage-ID: <<>>\r\n\r\nx",
    "empty address": b"From: <>\r\n\r\nx",
}  # fmt: skip


UNREADABLE = {"empty address": "địa chỉ", "nested": "bất thường", "many parts": "bất thường"}


@pytest.mark.parametrize("name", [name for name in HOSTILE if name not in UNREADABLE])
def test_hostile_mail_is_read(name):
    found = read_mail(HOSTILE[name])
    assert found.letter.sender.email == "a@b.example"
    assert len(found.letter.subject) <= 500
    assert not {"\n", "\r", "\0"} & set(found.letter.subject)
    assert len(found.letter.attachments) <= 50


@pytest.mark.parametrize("name", UNREADABLE)
def test_hostile_mail_is_refused_with_a_sentence(name):
    with pytest.raises(Unreadable, match=UNREADABLE[name]):
        read_mail(HOSTILE[name])


def test_a_broken_attachment_is_said():
    assert "hỏng" in read_mail(HOSTILE["bad base64"]).remarks[0]


def test_too_large_is_said():
    with pytest.raises(Unreadable, match="40 MB"):
        read_mail(b"a" * (40 * 1024 * 1024 + 1))
