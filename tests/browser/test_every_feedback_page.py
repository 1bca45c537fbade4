"""Every page about reports of residents, at the widths of a phone and of a desk, by who may open it."""

from types import SimpleNamespace

import pytest
from django.urls import get_resolver, resolve

from tests.browser.test_every_page import pages
from xaso.modules.feedback import actions
from xaso.modules.feedback.photos import receive_photo
from xaso.modules.feedback.tests.factories import answered, assigned, photo, post, sent

pytestmark = pytest.mark.django_db(transaction=True)
OURS = ("desk-feedback:", "portal-feedback:")


@pytest.fixture
def made(monday, ngu_kien, village, minh, an, hoa, lan):
    """Reports at every stage."""
    shot = [receive_photo(photo(size=(320, 200)))]
    found = SimpleNamespace(
        fresh=sent(ngu_kien, village=village, photos=shot),
        twin=sent(ngu_kien, village=village, phone="0912345688"),
        running=assigned(ngu_kien, minh, an, category="rac", text="Rác tồn trước chợ ba hôm nay"),
        done=answered(ngu_kien, minh, an, category="duong", text="Ổ gà to trước cổng chợ, xe dễ đổ", photos=shot),
        asked=sent(ngu_kien, by=lan, text="Mất nước sạch xóm chùa", category="nuoc"),
        secret=actions.accept(hoa, sent(ngu_kien, category="can-bo", text="Cán bộ nói năng khó nghe"), lead=post(an)),
    )
    actions.publish(
        hoa, found.done, text="Ổ gà to trước cổng chợ", answer="Đã vá.", photos=[found.done.photos.get().uuid]
    )
    return found


def addresses(made, people) -> list[tuple]:
    """Who opens what."""
    home, here = "/desk/feedback/", "/portal/feedback/"
    return [
        (None, here), (None, f"{here}gui/"), (None, f"{here}gui/?xa=09157"), (None, f"{here}gui/?xa=09157&loai=duong"),
        (None, f"{here}gui/?xa=09157&loai=can-bo"), (None, f"{here}theo-doi/"), (None, f"{here}cong-khai/?xa=09157"),
        (None, f"{here}cong-khai/{made.done.uuid}/"), (None, f"{here}so-lieu/?xa=09157"),
        (people.lan, f"{here}cua-toi/"), (people.lan, f"{here}{made.asked.uuid}/"), (people.lan, "/?lan"),
        (people.minh, "/desk/?minh"), (people.minh, f"{home}cho-phan-loai/"), (people.minh, home),
        (people.minh, f"{home}?standing=late"), (people.minh, f"{home}ghi-nhan/"),
        (people.minh, f"{home}{made.twin.uuid}/phan-loai/"), (people.minh, f"{home}{made.fresh.uuid}/?minh"),
        (people.an, f"{home}viec-cua-toi/"), (people.an, f"{home}{made.running.uuid}/"),
        (people.an, f"{home}{made.running.uuid}/tra-loi/"), (people.an, f"{home}{made.secret.uuid}/?an"),
        (people.hoa, f"{home}{made.done.uuid}/?hoa"), (people.hoa, f"{home}{made.done.uuid}/cong-khai/"),
        (people.hoa, f"{home}cho-cong-khai/"), (people.hoa, f"{home}qua-han/"), (people.hoa, f"{home}thang/"),
        (people.hoa, "/cockpit/?hoa"),
    ]  # fmt: skip


def test_every_page_fits_a_phone_and_a_desk_and_is_accessible(made, lan, minh, an, hoa, walker):
    people = SimpleNamespace(lan=lan, minh=minh, an=an, hoa=hoa)
    walkers: dict[int | None, object] = {}
    opened = set()
    for actor, path in addresses(made, people):
        key = actor.account_id if actor else None
        if key not in walkers:
            walkers[key] = walker(actor)
        walkers[key].visit(path)
        opened.add(resolve(path.split("?")[0]).view_name)
    here = {name for name in pages(get_resolver()) if name.startswith(OURS)}
    assert here - opened == set()


def test_a_phone_without_scripts_reports_follows_and_rates(monday, ngu_kien, village, minh, an, walker):
    phone = walker(None, width=320, script=False)
    page = phone.page
    phone.visit("/portal/feedback/")
    page.get_by_role("link", name="Gửi phản ánh Không cần tài khoản").click()
    page.get_by_role("link", name="Đèn, điện chiếu sáng").click()
    page.get_by_label("Có chuyện gì?").fill("Đèn ngõ nhà văn hoá tắt cả tuần, tối lắm")
    page.get_by_label("Thôn, tổ dân phố").select_option(village.code)
    page.get_by_role("button", name="Gửi phản ánh").click()
    phone.look("sent")
    code = page.get_by_label("Mã theo dõi").input_value()
    phone.visit("/portal/feedback/theo-doi/")
    page.get_by_label("Mã theo dõi").fill(code)
    page.get_by_role("button", name="Xem phản ánh").click()
    assert "Xã đã nhận" in page.inner_text("main")
