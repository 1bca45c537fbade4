"""Every address of the program that shows a page, at the widths of a phone and of a desk, by who may open it."""

from collections.abc import Iterator
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from tests.browser.office import BIRTH, COPY, MARITAL, furnished
from xaso.modules.dossiers.screens.deciding import _FORMS

pytestmark = pytest.mark.django_db(transaction=True)

# Answers to a POST: they are reached through their forms below, in `answers_to_a_press`.
PRESSED = {
    "accounts:recovery", "accounts:open_officer", "accounts:renew_password", "accounts:make_token",
    "desk-procedures:visibility",
}  # fmt: skip
# Half signed in: the journey of an officer passes them.
BETWEEN = {"accounts:code", "accounts:second_factor"}
# Opened in test_every_document_page.py.
DOCUMENTS = (
    "desk-trust:",
    "trust:",
    "desk-signing:",
    "desk-layouts:",
    "desk-outgoing:",
    "portal-outgoing:",
    "desk-incoming:",
    "desk-exchange:",
    "desk-workfiles:",
    "search:",
)
# Opened in test_every_figure_page.py, in a year that the demonstration plays.
FIGURES = (
    "desk-figures:",
    "desk-indicators:",
    "desk-packs:",
    "desk-assessments:",
    "portal-assessments:",
    "desk-targets:",
)
# Opened in test_resident_app.py, test_every_social_page.py, test_every_alert_page.py, test_every_contact_page.py,
# test_every_bulletin_page.py, test_every_feedback_page.py and the speakers' own test_browser.py.
REACHING = (
    "desk-news:", "portal-news:", "portal-push:", "desk-zalo:", "desk-social:", "desk-audio:", "desk-alerts:",
    "desk-audiences:", "portal-audiences:", "desk-sms:", "desk-bulletins:", "portal-bulletins:", "desk-feedback:",
    "portal-feedback:", "desk-speakers:",
)  # fmt: skip


def pages(resolver: URLResolver, names: tuple[str, ...] = ()) -> Iterator[str]:
    for part in resolver.url_patterns:
        if isinstance(part, URLResolver):
            yield from pages(part, (*names, part.namespace) if part.namespace else names)
        elif isinstance(part, URLPattern) and hasattr(part.callback, "template"):
            yield ":".join((*names, part.name or "?"))


@pytest.fixture
def people(lan, minh, an, thu, hoa, van, dung, kien, quan, son, mai):
    return SimpleNamespace(
        lan=lan, minh=minh, an=an, thu=thu, hoa=hoa, van=van, dung=dung, kien=kien, quan=quan, son=son, mai=mai
    )


@pytest.fixture
def made(monday, catalogue, people, ngu_kien):
    return furnished(people, ngu_kien)


def addresses(made, people) -> list[tuple]:
    """Who opens what."""
    return [
        *((None, path) for path in of_anybody()),
        *((people.lan, path) for path in of_the_resident(made)),
        *((people.minh, path) for path in of_reception(made)),
        *((people.an, path) for path in of_a_dossier(made)),
        *((people.dung, path) for path in of_the_cashier(made)),
        *((people.quan, path) for path in of_the_administrator(made)),
        *((people.kien, path) for path in of_the_catalogue(made)),
        (people.van, "/desk/dossiers/book/"), (people.thu, "/desk/"),
        (people.thu, f"/desk/dossiers/consultation/{made.question.uuid}/"), (people.thu, "/desk/payments/hoan/"),
        (people.thu, "/desk/dossiers/stand-in/"),
        (people.hoa, "/cockpit/"), (people.hoa, "/cockpit/dossiers/"), (people.hoa, "/cockpit/dossiers/rows/open/"),
        (people.hoa, "/desk/"), (people.son, "/cockpit/dossiers/"),
        *((people.mai, path) for path in of_the_writer(made)), *((people.hoa, path) for path in of_the_signer(made)),
        *((people.hoa, path) for path in of_the_whole()), *((people.son, path) for path in of_the_province()),
    ]  # fmt: skip


def of_anybody() -> list[str]:
    return [
        "/", "/ui/", "/tai-khoan/dang-nhap/", "/tai-khoan/can-bo/", "/portal/procedures/",
        "/portal/procedures/?q=khai+sinh", "/portal/procedures/?event=sinh-con",
        f"/portal/procedures/{BIRTH}/", "/portal/dossiers/look-up/",
        "/portal/queueing/display/09157/",
        "/portal/overview/", "/portal/overview/?unit=09157", "/portal/overview/open/",
    ]  # fmt: skip


def of_the_whole() -> list[str]:
    """One commune's board and what stands behind its numbers."""
    return [
        "/cockpit/overview/", "/cockpit/overview/?period=2026", "/cockpit/overview/behind/online_share/?period=2026",
        "/cockpit/overview/behind/cnscd_share/", "/cockpit/overview/rows/dossiers.received/?period=2026",
    ]  # fmt: skip


def of_the_writer(made) -> list[str]:
    report = f"/desk/reports/{made.report.uuid}/"
    return ["/desk/?mai", "/desk/reports/", "/desk/reports/?year=2025", report, f"{report}write/", f"{report}sent/"]


def of_the_signer(made) -> list[str]:
    exports = "/desk/reports/exports/"
    return [
        "/desk/reports/all/", f"/desk/reports/{made.report.uuid}/return/", exports, f"{exports}new/",
        f"{exports}{made.export.uuid}/",
    ]  # fmt: skip


def of_the_province() -> list[str]:
    return [
        "/cockpit/overview/?period=2026-9M", "/cockpit/overview/?period=2026&map=today",
        "/cockpit/overview/ranking/online_share/?period=2026", "/cockpit/overview/map/online_share/?period=2026",
        "/cockpit/overview/behind/online_share/?period=2026",
    ]  # fmt: skip


def of_the_resident(made) -> list[str]:
    draft = f"/portal/dossiers/draft/{made.draft.uuid}"
    return [
        "/?mine", "/tai-khoan/", "/tai-khoan/bao-mat/", "/portal/notifications/", "/portal/payments/",
        f"/portal/payments/{made.charge.uuid}/", f"/portal/payments/{made.charge.uuid}/?kiem_tra=1",
        f"/portal/payments/{made.paid.uuid}/", f"/portal/payments/bien-lai/{made.receipt.uuid}/",
        "/portal/dossiers/", f"/portal/dossiers/new/{BIRTH}/", *(f"{draft}/{number}/" for number in range(1, 7)),
        f"{draft}/papers/", f"{draft}/review/", f"/portal/dossiers/{made.asked.uuid}/?asked",
        f"/portal/dossiers/{made.own.uuid}/", f"/portal/dossiers/{made.asked.uuid}/answer/",
        f"/portal/dossiers/{made.new.uuid}/withdraw/",
    ]  # fmt: skip


def of_reception(made) -> list[str]:
    return [
        "/desk/", "/tai-khoan/bao-mat/?desk", "/tai-khoan/bao-mat/ung-dung/", "/tai-khoan/bao-mat/mat-khau/",
        "/desk/dossiers/", "/desk/dossiers/?state=4&q=nguyen", "/desk/dossiers/receive/",
        "/desk/dossiers/receive/?q=chung+thuc", f"/desk/dossiers/receive/{COPY}/", f"/desk/dossiers/receive/{MARITAL}/",
        f"/desk/dossiers/receive/{BIRTH}/", f"/desk/dossiers/received/{made.copy.uuid}/",
        f"/desk/dossiers/{made.new.uuid}/?new", f"/desk/dossiers/{made.new.uuid}/accept/",
        f"/desk/dossiers/{made.done.uuid}/?done", f"/desk/dossiers/{made.done.uuid}/return_result/",
        "/desk/payments/", f"/desk/payments/khoan/{made.charge.uuid}/", f"/desk/payments/khoan/{made.paid.uuid}/?paid",
        "/desk/queueing/", f"/desk/queueing/counter/{made.counters[0].uuid}/", "/desk/queueing/today/",
        "/desk/queueing/report/", "/desk/queueing/issue/", "/desk/queueing/kiosk/",
        f"/desk/queueing/ticket/{made.ticket.uuid}/", "/desk/procedures/", f"/desk/procedures/{COPY}/",
    ]  # fmt: skip


def of_a_dossier(made) -> list[str]:
    verbs = [verb for verb in _FORMS if verb not in {"accept", "return_result"}]
    return [
        "/desk/?an",
        f"/desk/dossiers/{made.late.uuid}/",
        *(f"/desk/dossiers/{made.late.uuid}/{verb}/" for verb in verbs),
    ]


def of_the_cashier(made) -> list[str]:
    return [
        "/desk/?dung", "/desk/payments/?dung", f"/desk/payments/khoan/{made.charge.uuid}/?dung",
        "/desk/payments/bien-lai/", f"/desk/payments/bien-lai/{made.receipt.uuid}/",
        f"/desk/payments/bien-lai/{made.receipt.uuid}/in/",
        "/desk/payments/doi-soat/", f"/desk/payments/giao-dich/{made.stray.uuid}/", "/desk/payments/sao-ke/",
        "/desk/payments/hoan/?dung", "/desk/payments/so-ngay/",
    ]  # fmt: skip


def of_the_administrator(made) -> list[str]:
    return [
        "/desk/?quan", "/desk/nhat-ky/", "/tai-khoan/don-vi/",
        "/tai-khoan/don-vi/thu-cong-vu/", "/tai-khoan/bao-mat/thu/", f"/tai-khoan/don-vi/chuc-danh/{made.post.uuid}/",
        "/desk/notifications/", "/desk/payments/tai-khoan/", "/desk/queueing/counters/", "/desk/queueing/counters/new/",
        f"/desk/queueing/counters/{made.counters[0].uuid}/",
    ]  # fmt: skip


def of_the_catalogue(made) -> list[str]:
    code, old, new = made.versions
    return [
        "/desk/?kien", "/desk/procedures/?kien", f"/desk/procedures/{made.waits.code}/?kien",
        "/desk/procedures/can-xem-lai/", f"/desk/procedures/{made.waits.code}/xac-nhan/",
        f"/desk/procedures/{code}/so-sanh/{old}/{new}/",
    ]  # fmt: skip


def test_every_page_fits_a_phone_and_a_desk_and_is_accessible(made, people, walker):
    walkers: dict = {}
    opened = set()
    for actor, path in addresses(made, people):
        key = actor.account_id if actor else None
        if key not in walkers:
            walkers[key] = walker(actor)
        walkers[key].visit(path)
        opened.add(resolve(path.split("?")[0]).view_name)
    elsewhere = DOCUMENTS + FIGURES + REACHING
    here = {name for name in pages(get_resolver()) if not name.startswith(elsewhere)}
    assert here - opened - PRESSED - BETWEEN == set()


def test_the_answers_to_a_press(made, people, walker, give_password):
    """Pages that exist only as the answer to a button."""
    give_password(people.an)
    administrator = walker(people.quan)
    page = administrator.page
    administrator.go(f"/tai-khoan/don-vi/chuc-danh/{made.post.uuid}/")
    page.click("summary >> text=Cấp lại mật khẩu")
    page.locator(".confirm[open] button").click()
    page.wait_for_selector("text=Trao cho cán bộ ngay")
    assert resolve(urlsplit(page.url).path).view_name == "accounts:renew_password"
    administrator.look("renewed-password")


def test_errors_are_pages_too(made, people, walker):
    stranger, officer = walker(), walker(people.minh)
    for who, path, status in (
        (stranger, "/khong-co/", 404),
        (officer, "/tai-khoan/don-vi/", 403),
        (officer, "/desk/dossiers/receive/9.999999/", 404),
    ):
        who.expected = f"status of {status}"
        assert who.go(path).status == status
        who.look(f"error-{status}-{path}")
