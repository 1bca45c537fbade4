"""Every page about Zalo, pages, groups and posts, at the widths of a phone and of a desk, by who may open it."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import get_resolver, resolve

from tests.browser.test_every_page import pages
from xaso.core.access import SYSTEM
from xaso.kit import clock
from xaso.modules.social.actions import posting
from xaso.modules.social.actions.register import Entry, add_page, close_page
from xaso.modules.zalo.actions import accounts, sending
from xaso.modules.zalo.actions import templates as register
from xaso.modules.zalo.actions.sending import Failure
from xaso.modules.zalo.actions.templates import Given
from xaso.modules.zalo.rules import Sent, Tokens

pytestmark = pytest.mark.django_db(transaction=True)
OURS = ("desk-zalo:", "desk-social:")
TEXT = "Chào <ten>, hồ sơ <ma_ho_so> đã có kết quả. Mời đến Bộ phận Một cửa nhận trong giờ làm việc."
LONG = "Mời bà con thôn Đồng Mới ra quân dọn vệ sinh đường làng, ngõ xóm vào sáng thứ bảy.\n" * 8


@pytest.fixture
def made(monday, monkeypatch, quan, phuc, bay, ngu_kien, village):
    for name, value in (("APP_ID", "app-1"), ("APP_SECRET", "x"), ("OA_SECRET", "x")):
        monkeypatch.setenv(f"XASO_ZALO_{name}", value)
    monkeypatch.setenv("XASO_FACEBOOK_PAGES", json.dumps({"xa": {"page_id": "1", "token": "x"}}))
    return SimpleNamespace(**zalo(quan, ngu_kien), **social(phuc, bay, ngu_kien, village))


def zalo(quan, unit) -> dict:
    """A connected account with a template and messages in every state."""
    tokens = Tokens("a", "r", 90_000)
    account = accounts.connect(quan, unit, tokens=tokens, oa_id="4900000000001", name="Xã Ngũ Kiên")
    given = Given("ket-qua", "123456", "Kết quả hồ sơ", TEXT, "ten name\nma_ho_so code", 300)
    template = register.set_template_state(quan, register.register_template(quan, unit, given=given), state="approved")
    filled = {"to": "0912345601", "values": {"ten": "Lan", "ma_ho_so": "H1"}}
    messages = [sending.try_template(quan, template, filled=filled, key=f"k{number}") for number in range(4)]
    sending.record_sent(SYSTEM, messages[0], sent=Sent("m-1", 500, 499))
    sending.record_report(SYSTEM, messages[0], state="seen")
    failure = Failure("Số này không có tài khoản Zalo", "no_retry", -118)
    sending.record_failure(SYSTEM, messages[1], failure=failure)
    sending.record_failure(SYSTEM, messages[2], failure=Failure("Gửi quá nhanh, Zalo tạm từ chối", "retry", -32))
    return {"account": account, "template": template, "messages": messages}


def social(phuc, bay, unit, village) -> dict:
    since = clock.today() - timedelta(days=400)
    facebook = add_page(
        phuc, unit, entry=Entry("facebook", "Xã Ngũ Kiên", "https://www.facebook.com/ngukien", "Phúc", since, 1200)
    )
    joined = Entry("facebook", "Tin Ngũ Kiên", "https://facebook.com/t", "Phúc", since, None, page_key="xa")
    connected = add_page(phuc, unit, entry=joined)
    group = add_page(bay, village, entry=Entry("zalo_group", "Nhóm Đồng Mới", "", "Bảy", since, 210))
    closed = close_page(bay, add_page(bay, village, entry=Entry("other", "Kênh cũ", "", "Bảy", since)))
    words = posting.Words(LONG, "https://ngukien.example/tin")
    posts = [posting.draft(phuc, connected, words=words, picture=None, key=f"k{number}") for number in range(3)]
    posting.record_put(SYSTEM, posts[0], facebook_id="1_1", facebook_as="draft")
    why = "Facebook báo trùng với bài vừa đăng"
    posting.record_failure(SYSTEM, posts[1], error=why, code=506, again=False)
    mine = posting.draft(phuc, facebook, words=words, picture=None, key="mine")
    return {"pages": [facebook, group, closed], "posts": [*posts, mine], "mine": mine}


def addresses(made, people) -> list[tuple]:
    """Who opens what."""
    one = f"/desk/zalo/mau/{made.template.uuid}/"
    of_zalo = [
        "", "noi/", "mau/", "mau/them/", "tin/", "tin/?state=seen", "tin/?state=delivered", "muc-dich/", "han-muc/",
        f"tin/?purpose=zalo.Template:{made.template.pk}", *(f"tin/{message.uuid}/" for message in made.messages),
    ]  # fmt: skip
    of_social = [
        "", "?kind=tiktok", "?show=closed", "them/", "thon/", "bai/", "bai/?state=cancelled", "bai/moi/",
        *(f"kenh/{page.uuid}/" for page in made.pages), f"kenh/{made.pages[0].uuid}/sua/",
        *(f"bai/{post.uuid}/" for post in made.posts), f"bai/{made.mine.uuid}/dang-tay/",
    ]  # fmt: skip
    return [
        *((people.quan, f"/desk/zalo/{path}") for path in of_zalo),
        *((people.quan, one + path) for path in ("", f"?v_ten={'L' * 60}&v_ma_ho_so=H1", "sua/", "gui-thu/")),
        *((people.phuc, f"/desk/social/{path}") for path in of_social),
        (people.phuc, "/desk/zalo/?phuc"), (people.bay, "/desk/social/?bay"), (people.bay, "/desk/social/them/?bay"),
    ]  # fmt: skip


def test_every_page_fits_a_phone_and_a_desk_and_is_accessible(made, quan, phuc, bay, walker):
    people = SimpleNamespace(quan=quan, phuc=phuc, bay=bay)
    walkers: dict[int, object] = {}
    opened = set()
    for actor, path in addresses(made, people):
        if actor.account_id not in walkers:
            walkers[actor.account_id] = walker(actor)
        walkers[actor.account_id].visit(path)
        opened.add(resolve(path.split("?")[0]).view_name)
    here = {name for name in pages(get_resolver()) if name.startswith(OURS)}
    assert here - opened == set()
    accounts.break_chain(SYSTEM, made.account, generation=made.account.generation, why="Zalo không nhận mã làm mới.")
    for path in ("/desk/zalo/?dut", "/desk/?dut"):
        walkers[quan.account_id].visit(path)


def test_a_village_head_writes_the_group_down_on_a_phone_without_scripts(made, bay, walker):
    phone = walker(bay, width=320, script=False)
    phone.visit("/desk/social/them/")
    page = phone.page
    page.get_by_label("Loại kênh").select_option("youtube")
    page.get_by_label("Tên kênh").fill("Kênh thôn Đồng Mới")
    page.get_by_label("Người phụ trách", exact=False).first.fill("Bảy")
    page.get_by_role("button", name="Lưu").click()
    assert "phải có địa chỉ" in page.inner_text("body")
    assert page.get_by_label("Tên kênh").input_value() == "Kênh thôn Đồng Mới"
    page.get_by_label("Địa chỉ").fill("https://www.youtube.com/@dongmoi")
    page.get_by_role("button", name="Lưu").click()
    assert "Đã ghi Kênh YouTube Kênh thôn Đồng Mới" in page.inner_text("body")
