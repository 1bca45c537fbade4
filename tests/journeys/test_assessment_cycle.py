"""A commune's year: self-scored, submitted, returned, sent again, appraised, decided, published, appealed, locked.

All of it goes through URLs. mai scores for Ngũ Kiên, hoa signs, binh appraises, cuong decides, son publishes and locks.
"""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from xaso.core.audit.actions import verify
from xaso.core.outbox.actions import deliver_all
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.assessments.models import Assessment, Item, Round, Standing
from xaso.modules.assessments.tests.staging import content_in, opened
from xaso.modules.dossiers.tests.factories import PDF
from xaso.modules.notifications.models import Message
from xaso.modules.packs import queries as packs
from xaso.modules.packs.models import Pack

pytestmark = pytest.mark.django_db
JANUARY = datetime(2025, 1, 6, 9, tzinfo=clock.VIETNAM)
GENERAL = {
    "address": "Ngũ Kiên", "officials": "21", "enterprises": "32", "inhabitants": "15763",
    "contact_name": "Trịnh Thị Mai", "contact_title": "Công chức", "contact_phone": "0912345613",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _small_set(settings, tmp_path):
    settings.CONTENT_DIRS = [content_in(tmp_path, settings.CONTENT_DIRS[0])]


@pytest.fixture
def villages(ngu_kien):
    Unit.objects.bulk_create(
        Unit(code=f"T{n}", name=f"Thôn {n}", kind="village", parent=ngu_kien, path=f"{ngu_kien.path}T{n}.",
             valid_from=date(2020, 1, 1))
        for n in range(4)
    )  # fmt: skip


def post(browser: Client, url: str, **data) -> None:
    answer = browser.post(url, data)
    assert answer.status_code == 302, answer.content.decode()


def refused(browser: Client, url: str, **data) -> str:
    answer = browser.post(url, data)
    assert answer.status_code in (200, 409), answer.status_code
    return answer.content.decode()


class Year:
    """The round, the assessment of Ngũ Kiên, its addresses, and everybody's browser."""

    def __init__(self, cycle, people, browser_of) -> None:
        self.cycle, self.people, self.browser_of = cycle, people, browser_of
        self.found = Assessment.objects.get()
        self.here = f"/desk/assessments/{self.found.uuid}/"
        self.round = f"/desk/assessments/rounds/{cycle.uuid}/"
        self.items = {one.code: f"/desk/assessments/items/{one.uuid}/" for one in Item.objects.all()}
        self.sign_in()

    def sign_in(self) -> None:
        self.focal, self.leader, self.appraiser, self.council, self.province = map(self.browser_of, self.people)


def test_a_year_of_assessment(villages, mai, hoa, binh, cuong, son, province, ngu_kien, lien_chau, browser_of):
    with time_machine.travel(JANUARY, tick=False) as now:
        cycle = opened(son, province, excluded={lien_chau.pk: "Đang sắp xếp đơn vị hành chính"})
        year = Year(cycle, (mai, hoa, binh, cuong, son), browser_of)
        submit(year)
        review_and_return(year)
        told = Message.objects.filter(template="assessments.returned", channel="inapp")
        assert set(told.values_list("person_id", flat=True)) == {mai.person_id, hoa.person_id}
        resubmit_and_decide(year)
        publish(year)
        assert Message.objects.filter(template="assessments.published", person_id=hoa.person_id).exists()
        appeal(year)
        assert Message.objects.filter(template="assessments.appeal_answered", person_id=mai.person_id).exists()
        now.shift(timedelta(days=11))
        lock(year)
        assert verify().broken == ""
        assert list(packs.broken_packs()) == []


def submit(year: Year) -> None:
    self_score(year.focal, year.here, year.items)
    post(year.focal, year.here + "finish/")
    post(year.leader, year.here + "submit/")
    sealed = Pack.objects.get()
    assert packs.check(sealed) == ""
    assert {one.number for one in packs.contents(sealed).documents} == {"12/QĐ-UBND"}


def review_and_return(year: Year) -> None:
    post(year.appraiser, year.here + "start/")
    assert "trạng thái “đang thẩm định”" in refused(year.focal, year.here + "computed/")
    post(year.appraiser, year.items["1.1"], what="score", points="30", note="")
    assert "ghi lý do" in refused(year.appraiser, year.items["1.2"], what="score", points="10", note="")
    post(year.appraiser, year.items["1.2"], what="score", points="10", note="Thiếu một biên bản")
    post(year.appraiser, year.items["2.1"], what="decline", reason="Kế hoạch chưa ký")
    assert "2.1" in refused(year.appraiser, year.here + "reviewed/")
    post(year.appraiser, year.here + "return/", **{"return-reason": "Bổ sung kế hoạch đã ký"})
    deliver_all()


def resubmit_and_decide(year: Year) -> None:
    other = refused(year.focal, year.items["1.1"], what="self_score", points="40", note="x")
    assert "không nằm trong số đó" in other
    plan = {"points": "40", "note": "Đã có bản ký", "proof_title": "Kế hoạch năm"}
    post(year.focal, year.items["2.1"], what="self_score", **plan)
    post(year.leader, year.here + "submit/")
    assert Pack.objects.count() == 2
    post(year.appraiser, year.here + "start/")
    post(year.appraiser, year.here + "agree/", group="2")
    post(year.appraiser, year.here + "reviewed/")
    post(year.council, year.items["1.1"], what="adjust", points="28", note="Hai thôn mới có quyết định")
    post(year.council, year.here + "approve/")


def publish(year: Year) -> None:
    post(year.province, year.round + "publish/")
    deliver_all()
    page = Client().get(f"/portal/assessments/{year.cycle.uuid}/").content.decode()
    assert "78/100" in page
    assert "Đang sắp xếp đơn vị hành chính" in page
    assert fresh(year.found).final_total == 78
    scores = Item.objects.values_list("self_points", "appraised_points", "final_points").get(code="1.1")
    assert scores == (30, 30, 28)


def appeal(year: Year) -> None:
    post(year.leader, year.here + "appeal/", codes=["1.1"], reason="Bốn thôn đều có quyết định")
    assert "khiếu nại đến hết ngày" in refused(year.province, year.round + "lock/")
    answer = {"answer": "Chấp nhận theo hồ sơ", "points_1.1": "30"}
    assert "không được tự" in refused(year.appraiser, year.here + "answer/", **answer)
    post(year.council, year.here + "answer/", **answer)
    assert Standing.objects.get(group_code="").points == 80
    deliver_all()


def lock(year: Year) -> None:
    year.sign_in()
    assert "đã hết" in refused(year.leader, year.here + "appeal/", codes=["1.1"], reason="Lần nữa")
    post(year.province, year.round + "lock/")
    assert fresh(year.found).state == "locked"
    assert fresh(year.cycle).state == Round.State.LOCKED
    post(year.province, year.round + "unlock/", **{"unlock-reason": "Đính chính tên đơn vị"})
    assert fresh(year.found).state == "published"


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def self_score(focal: Client, here: str, items: dict[str, str]) -> None:
    """Everything the unit owes, with one document as a file."""
    post(focal, here + "general/", **GENERAL)
    post(focal, here + "computed/")
    file = SimpleUploadedFile("quyet-dinh.pdf", PDF, "application/pdf")
    post(focal, items["1.1"], what="self_score", points="30", note="Ba trên bốn thôn", proof_title="Quyết định lập tổ",
         proof_number="12/QĐ-UBND", proof_on="01/02/2024", proof_file=file)  # fmt: skip
    assert "Giải trình" in focal.get(items["1.2"]).content.decode()
    wrong = refused(focal, items["1.2"], what="self_score", points="25", note="Họp đủ bốn kỳ")
    assert "Điểm phải từ 0 đến 20" in wrong
    assert "Họp đủ bốn kỳ" in wrong
    post(focal, items["1.2"], what="self_score", points="20", note="Họp đủ bốn kỳ")
    assert "thiếu giải trình" not in focal.get(here).content.decode()
    assert "2.1 chưa tự chấm điểm" in refused(focal, here + "finish/")
    post(focal, items["2.1"], what="self_score", points="40", note="Kế hoạch ban hành tháng 1", next="1")
