"""News and the resident's app in a real browser: by whoever reads them, without JavaScript, without network."""

import pytest

from tests.browser.conftest import PHONE
from xaso.core.accounts.models import Person
from xaso.kit import clock
from xaso.modules.news import pictures
from xaso.modules.news.actions.publishing import correct_article, pin_article, withdraw_article
from xaso.modules.news.actions.writing import submit_article, write_article
from xaso.modules.news.tests.conftest import draft, photo
from xaso.modules.news.tests.conftest import published as published
from xaso.modules.notifications.models import Message
from xaso.modules.push.models import Device
from xaso.modules.push.tests.conftest import running_service as running_service
from xaso.modules.push.tests.conftest import service as service

pytestmark = pytest.mark.django_db(transaction=True)
NEWS = "/portal/news/09157/"
MOST_ON_A_FIRST_VISIT = 100_000
INBOX = "/portal/push/"


@pytest.fixture
def stories(published, phuc, hoa, ngu_kien):
    """Of every kind and state."""
    with_picture = published(
        title="Khánh thành nhà văn hoá thôn", picture=pictures.of_upload(photo()), picture_alt="Nhà"
    )
    legal = published(title="Quy định mới về đăng ký cư trú", category="legal", source="Công an xã")
    pin_article(hoa, legal, is_pinned=True)
    words = {"title": legal.title, "lead": legal.lead, "text": "Nội dung đã sửa cho đúng ngày."}
    correct_article(phuc, legal, **words, reason="Sửa ngày có hiệu lực")
    for number in range(14):
        published(title=f"Thông báo lịch tiêm phòng đợt {number + 1}", category="notice")
    gone = published(title="Bài đã gỡ")
    withdraw_article(hoa, gone, reason="Đăng nhầm")
    waiting = write_article(phuc, ngu_kien, draft=draft(title="Bài chờ duyệt"))
    submit_article(phuc, waiting)
    unsent = write_article(phuc, ngu_kien, draft=draft(title="Bài nháp"))
    return {"picture": with_picture, "legal": legal, "gone": gone, "waiting": waiting, "draft": unsent}


def tell(actor, count=3):
    for number in range(count):
        Message.objects.create(
            person=Person.objects.get(pk=actor.person_id), template="x", channel="inapp", state="sent",
            title=f"Hồ sơ 26-{number} đã có kết quả", body="Mời bạn đến nhận kết quả tại Bộ phận Một cửa.",
            created_at=clock.now(), idempotency_key=f"b{number}", link="/portal/dossiers/",
        )  # fmt: skip


@pytest.mark.parametrize("script", [True, False])
def test_residents_read_the_news(walker, stories, script):
    reader = walker(script=script)
    paths = [NEWS, f"{NEWS}category/legal/", f"{NEWS}month/{clock.today():%Y-%m}/", "/offline/"]
    seen = {}
    for path in [*paths, *(stories[name].get_absolute_url() for name in ("picture", "legal", "gone"))]:
        reader.visit(path)
        seen[path] = reader.page.inner_text("main")
    assert "Thông báo lịch tiêm phòng đợt 14" in seen[NEWS]
    assert not [title for title in ("Bài đã gỡ", "Bài chờ duyệt", "Bài nháp") if title in seen[NEWS]]
    assert stories["legal"].title in seen[paths[1]]
    assert stories["picture"].title not in seen[paths[1]]
    assert "Nội dung đã sửa" not in seen[stories["legal"].get_absolute_url()], "nobody has approved it yet"
    assert "Lý do: Đăng nhầm" in seen[stories["gone"].get_absolute_url()]


def test_officers_write_and_approve(walker, stories, phuc, hoa):
    writer, leader = walker(phuc), walker(hoa)
    for path in ("", "new/", f"{stories['draft'].uuid}/", f"{stories['draft'].uuid}/edit/"):
        writer.visit(f"/desk/news/{path}")
    writer.visit(f"/desk/news/{stories['picture'].uuid}/correct/")
    offered = {}
    for name in ("waiting", "legal", "picture", "gone"):
        leader.visit(f"/desk/news/{stories[name].uuid}/")
        offered[name] = [one for one in leader.page.get_by_role("button").all_inner_texts() if "Duyệt" in one]
    assert offered == {"waiting": ["Duyệt và đăng"], "legal": ["Duyệt đính chính"], "picture": [], "gone": []}
    assert "Lý do: Đăng nhầm" in leader.page.inner_text("main")
    writer.go(f"/desk/news/{stories['waiting'].uuid}/")
    assert "Bài đang chờ người khác duyệt." in writer.page.inner_text("main")
    assert "Duyệt và đăng" not in writer.page.inner_text("main")


@pytest.mark.parametrize("script", [True, False])
def test_a_resident_opens_the_inbox(walker, lan, script, service):
    tell(lan)
    Device.objects.create(
        person_id=lan.person_id, endpoint="https://fcm.googleapis.com/x", digest="d", p256dh="p", auth="a",
        name="Chrome trên Android", created_at=clock.now(),
    )  # fmt: skip
    mine = walker(lan, script=script)
    mine.visit(INBOX)
    read = mine.page.inner_text("main")
    assert [number for number in range(3) if f"Hồ sơ 26-{number} đã có kết quả" in read] == [0, 1, 2]
    mine.visit(f"{INBOX}devices/")
    read = mine.page.inner_text("main")
    assert "Chrome trên Android" in read
    assert ("Trình duyệt đang tắt JavaScript" in read) is not script


def test_the_first_visit_is_light(walker, stories):
    reader = walker(width=PHONE)
    sizes = []
    reader.page.on("requestfinished", lambda asked: sizes.append((asked.url, len(asked.response().body()))))
    reader.go(NEWS)
    reader.page.wait_for_load_state("networkidle")
    seen = {url: size for url, size in sizes if "/sw.js" not in url and "/offline/" not in url}
    assert sum(seen.values()) < MOST_ON_A_FIRST_VISIT, seen


def _worker_ready(page):
    page.evaluate(
        """navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller || new Promise(
            (done) => navigator.serviceWorker.addEventListener("controllerchange", done, {once: true})
        )).then(() => true)"""
    )


def test_it_can_be_installed(walker, ngu_kien):
    reader = walker()
    reader.go("/")
    _worker_ready(reader.page)
    browser = reader.context.new_cdp_session(reader.page)
    manifest = browser.send("Page.getAppManifest")
    assert manifest["url"].endswith("/manifest.webmanifest")
    assert not manifest["errors"]
    found = browser.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [one["errorId"] for one in found if one["errorId"] != "in-incognito"] == []


def test_without_network_a_page_says_so_and_nothing_personal_is_kept(walker, lan):
    tell(lan)
    mine = walker(lan)
    mine.go(INBOX)
    _worker_ready(mine.page)
    mine.go(INBOX)
    kept = mine.page.evaluate(
        """async () => { const paths = []; for (const name of await caches.keys()) for (const asked of
        await (await caches.open(name)).keys()) paths.push(new URL(asked.url).pathname); return paths }"""
    )
    assert [path for path in kept if not path.startswith("/static/")] == ["/offline/"]
    mine.expected = "ERR_INTERNET_DISCONNECTED"
    mine.context.set_offline(True)
    mine.page.goto(mine.root + INBOX)
    assert "Máy đang không có mạng" in mine.page.inner_text("main")
    assert lan.name not in mine.page.content()
    mine.context.set_offline(False)
    mine.go(INBOX)
    assert "Hộp thư của tôi" in mine.page.inner_text("main")


SUBSCRIBED = """made => {
    const plain = text => atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    const bytes = text => Uint8Array.from(plain(text), c => c.charCodeAt(0)).buffer;
    PushManager.prototype.subscribe = async () => ({ endpoint: made.endpoint, getKey: name => bytes(made[name]) });
    PushManager.prototype.getSubscription = async () => null; }"""


def test_notices_are_switched_on_and_shown(walker, lan, service):
    """No push service is reachable from here: the browser's own answer is replaced, everything else is real."""
    mine = walker(lan)
    mine.context.grant_permissions(["notifications"], origin=mine.root)
    mine.go(f"{INBOX}devices/")
    _worker_ready(mine.page)
    made = service.browser()
    mine.page.evaluate(SUBSCRIBED, made)
    with mine.page.expect_navigation():
        mine.page.click("[data-push-button]")
    assert "Đã bật thông báo trên máy này" in mine.page.inner_text("main")
    assert Device.objects.get(person_id=lan.person_id).endpoint == made["endpoint"]
    shown = _pushed(mine, '{"title": "Bạn có tin mới của xã Ngũ Kiên.", "url": "/portal/push/", "tag": "a"}')
    assert shown == [["Bạn có tin mới của xã Ngũ Kiên.", f"{mine.root}/portal/push/"]]


def _pushed(mine, data):
    """A push message as the browser hands it to the worker, and what the worker then shows."""
    browser = mine.context.new_cdp_session(mine.page)
    seen = []
    browser.on("ServiceWorker.workerRegistrationUpdated", lambda told: seen.extend(told["registrations"]))
    browser.send("ServiceWorker.enable")
    mine.page.wait_for_timeout(500)
    browser.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": mine.root, "registrationId": seen[-1]["registrationId"], "data": data},
    )
    mine.page.wait_for_timeout(1000)
    return mine.page.evaluate(
        """async () => (await (await navigator.serviceWorker.ready).getNotifications())
            .map(one => [one.title, one.data.url])"""
    )
