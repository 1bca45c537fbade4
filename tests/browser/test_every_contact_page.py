"""Every page about contacts, consent and short messages, at the widths of a phone and of a desk, by who may open it."""

from types import SimpleNamespace

import pytest
from django.urls import get_resolver, resolve

from tests.browser.test_every_page import pages
from xaso.core.access import SYSTEM
from xaso.core.accounts.models import Person
from xaso.kit import clock
from xaso.modules.audiences import actions as audiences
from xaso.modules.audiences.actions import Entry
from xaso.modules.audiences.tests.test_imports import GOOD, HEAD
from xaso.modules.sms import actions as sms
from xaso.modules.sms import carrying
from xaso.modules.sms.models import Sms
from xaso.modules.sms.tests.conftest import queue, queue_many

pytestmark = pytest.mark.django_db(transaction=True)
OURS = ("desk-audiences:", "portal-audiences:", "desk-sms:")
FILES = {"desk-audiences:proof", "desk-audiences:template", "desk-sms:costs_csv"}
"""Downloads, and pages that only answer what was sent: the modules' own tests."""
ANSWERS = {"desk-audiences:say", "desk-audiences:remove", "desk-sms:resend", "desk-sms:settle"}


@pytest.fixture
def made(monday, settings, tmp_path, ngu_kien, village, quan, lan):
    settings.DATA_DIR = tmp_path
    contact = audiences.add_contact(SYSTEM, ngu_kien, entry=Entry("Nguyễn Văn Năm", "0912345678", note="hộ nghèo"))
    audiences.add_contact(SYSTEM, village, entry=Entry("Nguyễn Văn Năm (danh sách thôn)", "0912345678"))
    audiences.give_consent(quan, contact, topic="culture", channel="", how="paper", evidence="Phiếu số 12/2026")
    audiences.withdraw_consent(quan, contact, topic="legal", channel="sms", how="phone", evidence="Gọi lúc 9 giờ 15")
    good = audiences.preview_import(quan, ngu_kien, name="danh-sach-thon.csv", data=GOOD.encode())
    bad = audiences.preview_import(quan, ngu_kien, name="sai.csv", data=(HEAD + "Bà Tư;912;;;;;\n").encode())
    audiences.take_refusal_list(quan, ngu_kien, name="ds.csv", data=b"0912345600", as_of=clock.today(), title="Quý IV")
    audiences.join(lan, village, person=Person.objects.get(pk=lan.person_id))
    queue_many(SYSTEM, ngu_kien, [f"849123456{n:02d}" for n in range(8)], text="Mời họp thôn lúc 19 giờ 30.")
    carrying.carry(seconds=60)
    unclear, failed = Sms.objects.order_by("id")[:2]
    Sms.objects.filter(pk=unclear.pk).update(state="unknown")
    Sms.objects.filter(pk=failed.pk).update(state="failed", error="Thuê bao tắt máy.")
    queue(SYSTEM, ngu_kien, to="0912345699", text="Ma 428913", kind="code", secret=True, key="code")
    sms.take_in(SYSTEM, None, message=sms.Incoming("84912345678", "8088", "Đèn đường hỏng", "kannel", "1"))
    sms.report_gateway(SYSTEM, None, provider="smpp", state="down", said="Không nối được tổng đài SMPP.")
    return SimpleNamespace(contact=contact, good=good, bad=bad, unclear=unclear, failed=failed)


def addresses(made, people) -> list[tuple]:
    book, box = "/desk/audiences/", "/desk/sms/"
    return [
        (people.quan, book), (people.quan, f"{book}?q=khong+co"), (people.quan, f"{book}them/"),
        (people.quan, f"{book}trung/"), (people.quan, f"{book}nhap/"), (people.quan, f"{book}khong-nhan/"),
        (people.quan, made.good.get_absolute_url()), (people.quan, made.bad.get_absolute_url()),
        (people.quan, made.contact.get_absolute_url()), (people.quan, f"{made.contact.get_absolute_url()}sua/"),
        (people.minh, f"{made.contact.get_absolute_url()}?minh"),
        (people.quan, box), (people.quan, f"{box}?viec=test:1"), (people.quan, f"{box}?state=delivered"),
        (people.quan, made.unclear.get_absolute_url()), (people.quan, made.failed.get_absolute_url()),
        (people.quan, f"{box}den/"), (people.hoa, f"{box}chi-phi/"),
        (people.lan, "/portal/audiences/"), (people.lan, "/portal/audiences/noi-o/"),
        (people.nam, "/portal/audiences/?nam"),
    ]  # fmt: skip


def test_every_page_fits_a_phone_and_a_desk_and_is_accessible(made, quan, minh, hoa, lan, nam, walker):
    people = SimpleNamespace(quan=quan, minh=minh, hoa=hoa, lan=lan, nam=nam)
    walkers: dict[int, object] = {}
    opened = set()
    for actor, path in addresses(made, people):
        if actor.account_id not in walkers:
            walkers[actor.account_id] = walker(actor)
        walkers[actor.account_id].visit(path)
        opened.add(resolve(path.split("?")[0]).view_name)
    here = {name for name in pages(get_resolver()) if name.startswith(OURS)}
    assert here - opened - FILES - ANSWERS == set()


def test_a_resident_says_no_on_a_phone_without_scripts(made, lan, walker):
    phone = walker(lan, width=320, script=False)
    phone.visit("/portal/audiences/")
    phone.page.locator('input[value="health:sms"]').uncheck()
    phone.page.get_by_role("button", name="Lưu lựa chọn").click()
    assert "Đã lưu lựa chọn của bạn" in phone.page.inner_text("main, body")
    assert not phone.page.locator('input[value="health:sms"]').is_checked()
