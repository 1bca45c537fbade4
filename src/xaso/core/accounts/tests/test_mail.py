"""Official e-mail: written down, confirmed, counted, listed."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from xaso.core.accounts import actions, queries, register, rules
from xaso.core.accounts.models import Account, Attempt, OneTimeCode, Person, Post
from xaso.core.audit.models import Entry
from xaso.core.measures import queries as measures
from xaso.core.measures.periods import period_of
from xaso.core.outbox.models import Delivery
from xaso.kit import clock
from xaso.kit.errors import Forbidden, Refused
from xaso.kit.fold import fold

pytestmark = pytest.mark.django_db
ADDRESS = "minh.lv@ngukien.gov.vn"


def account_of(actor):
    return Account.objects.get(pk=actor.account_id)


def post_of(actor):
    return Post.objects.get(account_id=actor.account_id)


def digits():
    return rules.code_for(queries.secret(), str(OneTimeCode.objects.latest("id").uuid))


def came(actor, days=0):
    at = clock.now() - timedelta(days=days)
    Attempt.objects.create(door="sign_in", key=str(actor.account_id), at=at, succeeded=True)


@pytest.fixture
def address(quan, minh):
    actions.set_email(quan, post_of(minh), ADDRESS)
    return ADDRESS


class TestWritingDown:
    def test_the_administrator_writes_it_down(self, quan, minh):
        account = actions.set_email(quan, post_of(minh), " Minh.LV@NguKien.gov.vn ")
        assert account.official_email == ADDRESS
        assert account.email_set_at
        assert account.email_confirmed_at is None

    def test_the_address_is_not_in_the_record(self, address):
        assert Entry.objects.filter(verb="accounts.set_email").exists()
        assert not [entry for entry in Entry.objects.all() if "ngukien.gov" in str(entry.details)]

    @pytest.mark.parametrize(
        "typed", ["minh", "minh@", "@a.vn", "a b@c.vn", "đạt@xa.vn", "a@b", "a@b.vn\nBcc: c@d.vn", "a" * 300 + "@b.vn"]
    )
    def test_what_is_no_address_is_refused(self, quan, minh, typed):
        with pytest.raises(Refused):
            actions.set_email(quan, post_of(minh), typed)

    def test_another_units_administrator_may_not(self, quan, tam):
        with pytest.raises(Forbidden):
            actions.set_email(quan, post_of(tam), "tam@lienchau.gov.vn")

    def test_one_address_one_officer(self, quan, an, address):
        with pytest.raises(Refused, match="cán bộ khác"):
            actions.set_email(quan, post_of(an), ADDRESS.upper())

    def test_a_new_address_is_not_confirmed(self, quan, minh, address):
        Account.objects.filter(pk=minh.account_id).update(email_confirmed_at=clock.now())
        actions.set_email(quan, post_of(minh), ADDRESS)
        assert account_of(minh).email_confirmed_at
        actions.set_email(quan, post_of(minh), "moi@ngukien.gov.vn")
        assert account_of(minh).email_confirmed_at is None
        assert actions.set_email(quan, post_of(minh), "").email_set_at is None


class TestConfirming:
    def test_by_the_code_that_came(self, minh, address):
        actions.request_email_code(minh, account_of(minh))
        assert Delivery.objects.get(event="accounts.CodeRequested").payload["email"] == ADDRESS
        assert actions.confirm_email(minh, account_of(minh), digits()).email_confirmed_at

    def test_a_wrong_code_is_counted(self, minh, address):
        actions.request_email_code(minh, account_of(minh))
        wrong = f"{(int(digits()) + 1) % 1_000_000:06}"
        for _ in range(5):
            with pytest.raises(Refused):
                actions.confirm_email(minh, account_of(minh), wrong)
        with pytest.raises(Refused, match="quá 5 lần"):
            actions.confirm_email(minh, account_of(minh), digits())
        assert account_of(minh).email_confirmed_at is None

    def test_a_code_lives_half_an_hour(self, minh, address):
        with time_machine.travel(clock.now(), tick=False) as now:
            actions.request_email_code(minh, account_of(minh))
            now.shift(timedelta(minutes=29))
            code = digits()
            now.shift(timedelta(minutes=2))
            with pytest.raises(Refused, match="30 phút"):
                actions.confirm_email(minh, account_of(minh), code)

    def test_a_code_for_the_old_address_confirms_nothing(self, quan, minh, address):
        actions.request_email_code(minh, account_of(minh))
        code = digits()
        actions.set_email(quan, post_of(minh), "moi@ngukien.gov.vn")
        with pytest.raises(Refused, match="Chưa có mã"):
            actions.confirm_email(minh, account_of(minh), code)

    def test_a_code_by_mail_signs_nobody_in(self, minh, address):
        actions.request_email_code(minh, account_of(minh))
        with pytest.raises(Refused):
            actions.sign_in_with_code(minh, "0912345603", digits())

    def test_nobody_confirms_for_another(self, minh, an, address):
        with pytest.raises(Forbidden):
            actions.request_email_code(an, account_of(minh))
        with pytest.raises(Forbidden):
            actions.confirm_email(an, account_of(minh), "123456")

    def test_five_codes_an_hour(self, minh, address):
        for _ in range(5):
            actions.request_email_code(minh, account_of(minh))
        with pytest.raises(Refused, match="Đã thử quá nhiều"):
            actions.request_email_code(minh, account_of(minh))

    def test_without_an_address(self, minh):
        with pytest.raises(Refused, match="chưa ghi"):
            actions.request_email_code(minh, account_of(minh))
        with pytest.raises(Refused):
            actions.confirm_email(minh, account_of(minh), "123456")


class TestMeasures:
    KEYS = ("accounts.officers_with_email", "accounts.officers_with_email_in_use", "accounts.officers_active")

    def totals(self, path, day=None):
        return tuple(measures.totals(self.KEYS, path, period_of(f"{day or clock.today():%Y-%m}")).values())

    def test_having_is_not_using(self, quan, minh, ngu_kien, address):
        assert self.totals(ngu_kien.path) == (1, 0, 0)
        came(minh)
        assert self.totals(ngu_kien.path) == (1, 0, 1)
        Account.objects.filter(pk=minh.account_id).update(email_confirmed_at=clock.now())
        assert self.totals(ngu_kien.path) == (1, 1, 1)

    def test_a_month_before_nobody_had_it(self, quan, minh, ngu_kien, address):
        came(minh)
        before = clock.today().replace(day=1) - timedelta(days=1)
        assert self.totals(ngu_kien.path, before) == (0, 0, 0)

    def test_long_away_is_not_active(self, minh, ngu_kien):
        came(minh, days=70)
        assert self.totals(ngu_kien.path) == (0, 0, 0)


class TestRegister:
    def test_who_has_and_who_uses(self, quan, minh, an, address):
        came(minh)
        states = {row.account.username: row.state for row in register.page(quan).rows}
        assert states == {"quan": "Chưa có thư công vụ", "minh": "Chưa xác nhận thư", "an": "Chưa có thư công vụ"}
        Account.objects.filter(pk=minh.account_id).update(email_confirmed_at=clock.now())
        assert {row.state for row in register.page(quan).rows if row.account.username == "minh"} == {"Đang dùng"}
        assert register.counts(quan) == {"officers": 3, "with_email": 1, "active": 1, "in_use": 1}

    def test_of_the_own_unit_only(self, quan, tam, son):
        assert [row.account.username for row in register.page(quan).rows] == ["quan"]

    def test_page_by_page_each_once(self, quan, ngu_kien):
        for number in range(7):
            person = Person.objects.create(full_name="Trần Văn Tý", folded_name=fold("Trần Văn Tý"))
            account = Account.objects.create(username=f"ty{number}", person=person)
            Post.objects.create(
                account=account, unit=ngu_kien, unit_path=ngu_kien.path, role="clerk", valid_from=clock.today()
            )
        seen, after = [], ""
        while True:
            page = register.page(quan, after, size=3)
            seen += [row.account.username for row in page.rows]
            if not (after := page.after):
                break
        assert seen == ["quan", *(f"ty{number}" for number in range(7))]

    def test_the_page_costs_the_same(self, browser_of, quan, minh, an, address, django_assert_max_num_queries):
        browser = browser_of(quan)
        with django_assert_max_num_queries(8):
            page = browser.get("/tai-khoan/don-vi/thu-cong-vu/").content.decode()
        assert ADDRESS in page
        assert "3 cán bộ" in page
        assert "Chưa xác nhận thư" in page

    def test_the_sheet_runs_no_formula(self, browser_of, quan, minh, address):
        Person.objects.filter(pk=minh.person_id).update(full_name="=HYPERLINK(1)", folded_name="=hyperlink")
        answer = browser_of(quan).get("/tai-khoan/don-vi/thu-cong-vu.csv")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        assert rows[0] == list(register.HEAD)
        assert ["'=HYPERLINK(1)", "minh"] in [row[:2] for row in rows]
        assert Entry.objects.filter(verb="read", details__reason="/tai-khoan/don-vi/thu-cong-vu.csv").exists()

    @pytest.mark.parametrize("url", ["/tai-khoan/don-vi/thu-cong-vu/", "/tai-khoan/don-vi/thu-cong-vu.csv"])
    def test_others_are_turned_away(self, browser_of, minh, url):
        assert browser_of(minh).get(url).status_code == 403
        assert Client().get(url).status_code == 302


class TestScreens:
    def test_from_writing_down_to_confirming(self, browser_of, quan, minh):
        admin, officer = browser_of(quan), browser_of(minh)
        url = f"/tai-khoan/don-vi/chuc-danh/{post_of(minh).uuid}/"
        assert "Thư công vụ" in admin.get(url).content.decode()
        assert admin.post(f"{url}thu/", {"official_email": ADDRESS}).status_code == 302
        assert "Chưa xác nhận" in officer.get("/tai-khoan/bao-mat/").content.decode()
        assert officer.post("/tai-khoan/bao-mat/thu/gui/").status_code == 302
        assert ADDRESS in officer.get("/tai-khoan/bao-mat/thu/").content.decode()
        assert officer.post("/tai-khoan/bao-mat/thu/", {"code": digits()}).status_code == 302
        assert "Đã xác nhận ngày" in officer.get("/tai-khoan/bao-mat/").content.decode()

    def test_a_post_of_another_unit_is_missing(self, browser_of, quan, tam):
        url = f"/tai-khoan/don-vi/chuc-danh/{post_of(tam).uuid}/thu/"
        assert browser_of(quan).post(url, {"official_email": ADDRESS}).status_code == 404

    def test_a_resident_has_no_such_card(self, browser_of, lan):
        assert "Thư công vụ" not in browser_of(lan).get("/tai-khoan/bao-mat/").content.decode()
