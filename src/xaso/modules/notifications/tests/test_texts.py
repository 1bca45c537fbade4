import pytest

from xaso.modules.notifications.definitions import TextFault, read, text_named, texts

NEEDED = [
    "accounts.code",
    "dossiers.submitted",
    "dossiers.accepted",
    "dossiers.declined",
    "dossiers.supplement_asked",
    "dossiers.supplement_received",
    "dossiers.duty_asked",
    "dossiers.apologised",
    "dossiers.stopped",
    "dossiers.withdrawn",
    "dossiers.result_ready",
    "dossiers.returned",
    "dossiers.consulted",
    "payments.requested",
    "payments.received",
    "payments.short",
    "payments.over",
    "dossiers.deadline_near",
]


@pytest.mark.parametrize("name", NEEDED)
def test_every_template_the_product_uses_exists_and_renders(name):
    text = text_named(name)
    values = dict.fromkeys(text.needs, "0123456789 abc")
    for channel in text.texts:
        title, body = text.render(channel, values)
        assert "{" not in title + body
        assert len(title) <= 100
        if channel == "sms":
            assert len(body) <= 320


@pytest.mark.parametrize("name", sorted(texts()))
def test_every_text_says_who_speaks(name):
    if name not in {"accounts.code", "accounts.email_code"}:
        assert all("{unit}" in body for body in text_named(name).texts.values())


def test_a_missing_value_is_loud():
    with pytest.raises(TextFault, match=r"dossiers\.accepted: thiếu giá trị cho due, number"):
        text_named("dossiers.accepted").render("inapp", {"procedure": "x", "unit": "y", "address": "z", "due": ""})


def test_an_unknown_template_is_loud():
    with pytest.raises(TextFault, match="Không có mẫu tin"):
        text_named("dossiers.nothing")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("inapp: x", "title bắt buộc"),
        ("title: x", "chưa có nội dung"),
        ("title: x\ninapp: x\nzalo: y", "chỉ dùng các mục"),
        ("title: x\ninapp: 'số {number}'", "chưa khai trong mục needs"),
        ("title: x\nneeds: [a]\ninapp: '{a.b}'", "chỉ dùng dạng"),
        ("title: x\nneeds: [a]\ninapp: '{a:>9}'", "chỉ dùng dạng"),
        ("title: x\nneeds: [a]\ninapp: '{a'", "ngoặc nhọn"),
        ("title: x\ninapp: '{}'", "chỉ dùng dạng"),
        ("title: x\nsms: '" + "a" * 321 + "'", "dài 321"),
        ("- x", "title bắt buộc"),
    ],
)
def test_a_wrong_file_is_named_with_what_to_mend(tmp_path, content, word):
    file = tmp_path / "some.thing.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(TextFault, match=word) as fault:
        read(file)
    assert "some.thing" in str(fault.value)
