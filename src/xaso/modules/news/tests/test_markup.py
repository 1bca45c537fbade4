"""What is typed in the plain box, and what may be a link."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xaso.modules.news.rules import markup, steps


def shape(text):
    found = markup.blocks(text)
    return [(block.kind, ["".join(piece.text for piece in line) for line in block.lines]) for block in found]


def test_headings_lists_and_paragraphs():
    text = "Mở đầu\nhai dòng\n\nĐoạn hai\n## Đề mục\n- một\n- hai\n1. đầu\n2) sau\nCuối"
    assert shape(text) == [
        ("paragraph", ["Mở đầu", "hai dòng"]),
        ("paragraph", ["Đoạn hai"]),
        ("heading", ["Đề mục"]),
        ("points", ["một", "hai"]),
        ("numbers", ["đầu", "sau"]),
        ("paragraph", ["Cuối"]),
    ]  # fmt: skip


def test_links_with_words_and_bare():
    line = markup.pieces("Xem [trang tỉnh](https://vinhphuc.gov.vn/a?b=1) và https://thuvien.vn/x, rồi /portal/")
    assert [(piece.text, piece.url) for piece in line if piece.url] == [
        ("trang tỉnh", "https://vinhphuc.gov.vn/a?b=1"),
        ("https://thuvien.vn/x", "https://thuvien.vn/x"),
    ]


HOSTILE = [
    "javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "vbscript:x", "//evil.example/x", "https://a@evil.vn/",
    "https://vneid.gov.vn@evil.vn/", "https://evil.vn:8443/", "https://127.0.0.1/", "https://xn--vnid-x4a.vn/",
    "https://vnẹid.gov.vn/", "https://[::1]/", "file:///etc/passwd", "https://evil.vn\\@good.vn", "\u202ehttps://a.vn/",
    "https:evil.vn", "ftp://a.vn/x", "/\\evil.vn", "https://a.vn/\u200bx",
]  # fmt: skip


@pytest.mark.parametrize("url", HOSTILE)
def test_hostile_links_are_refused_and_never_links(url):
    assert markup.link_fault("bấm vào đây", url)
    assert markup.fault_of(f"Hãy [bấm vào đây]({url}) nhé")
    assert not [piece for piece in markup.pieces(f"Hãy [bấm vào đây]({url}) nhé") if piece.url]


def test_words_that_name_another_place_are_refused():
    assert markup.link_fault("vneid.gov.vn", "https://vneid-vn.com/")
    assert markup.link_fault("https://dichvucong.gov.vn/x", "https://xau.com/x")
    assert not markup.link_fault("www.vinhphuc.gov.vn", "https://vinhphuc.gov.vn/tin")
    assert not markup.link_fault("Cổng tỉnh", "https://vinhphuc.gov.vn/tin")
    assert not markup.link_fault("đơn mẫu", "/portal/procedures/")


@pytest.mark.parametrize("text", ["<script>x</script>", "a <b>đậm</b>", "<img src=x onerror=y>", "<!-- x -->"])
def test_html_is_not_taken(text):
    assert "HTML" in markup.fault_of(text)


@pytest.mark.parametrize("text", ["nhiệt độ < 10 độ", "3 < 4 và 5 > 2", "điểm <3"])
def test_signs_of_arithmetic_are_no_html(text):
    assert not markup.fault_of(text)


@given(st.text(max_size=300))
def test_no_text_breaks_it_and_no_word_is_lost(text):
    shown = "".join(piece.text for block in markup.blocks(text) for line in block.lines for piece in line)
    assert sum(map(str.isalpha, shown)) <= sum(map(str.isalpha, text))
    for block in markup.blocks(text):
        for line in block.lines:
            assert all(not piece.url or piece.url.startswith(("http://", "https://", "/")) for piece in line)
    markup.fault_of(text)


@pytest.mark.parametrize(
    ("title", "lead", "text"),
    [("", "", "đủ dài để đăng"), ("x" * 161, "", "đủ dài để đăng"), ("Tiêu đề", "x" * 401, "đủ dài để đăng"),
     ("Tiêu đề", "", "ngắn"), ("Tiêu đề", "", "x" * 20_001)],
)  # fmt: skip
def test_parts_have_limits(title, lead, text):
    assert steps.fault_of(title, lead, text)


def test_a_cut_is_at_a_word():
    assert steps.shortened("một hai ba bốn", 10) == "một hai…"
    assert steps.shortened("một", 10) == "một"
