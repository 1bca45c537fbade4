"""GeoReport v2 against a schema written here from the standard, not from our code."""

import json
from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from xaso.core.accounts.actions.posts import make_token
from xaso.core.accounts.models import Account, Post
from xaso.core.accounts.tests.cast import LONG_AGO, make_account
from xaso.modules.feedback import actions
from xaso.modules.feedback.models import Report
from xaso.modules.feedback.tests.factories import answered, assigned, sent

pytestmark = pytest.mark.django_db
HOME = "/portal/feedback/open311/v2"
WHERE = "jurisdiction_id=09157"
STRING, NUMBER, FLAG = str, (int, float), bool
SERVICE = {
    "service_code": STRING, "service_name": STRING, "description": STRING, "metadata": FLAG, "type": STRING,
    "keywords": STRING, "group": STRING,
}  # fmt: skip
ATTRIBUTE = {
    "variable": FLAG, "code": STRING, "datatype": STRING, "required": FLAG, "datatype_description": STRING,
    "order": int, "description": STRING, "values": list,
}  # fmt: skip
REQUEST = {
    "service_request_id": STRING, "status": STRING, "status_notes": STRING, "service_name": STRING,
    "service_code": STRING, "description": STRING, "agency_responsible": STRING, "service_notice": STRING,
    "requested_datetime": STRING, "updated_datetime": STRING, "expected_datetime": STRING, "address": STRING,
    "address_id": STRING, "zipcode": STRING, "lat": (str, float), "long": (str, float), "media_url": STRING,
}  # fmt: skip
ERROR = {"code": int, "description": STRING}


def fits(schema, rows):
    for row in rows:
        assert set(row) == set(schema), set(row) ^ set(schema)
        for name, kind in schema.items():
            assert isinstance(row[name], kind), (name, row[name])


def get(client, path, status=200):
    answer = client.get(f"{HOME}/{path}")
    assert answer.status_code == status, answer.content.decode()
    return answer


def read(client, path, status=200):
    answer = get(client, path, status)
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    return json.loads(answer.content)


@pytest.fixture
def public(ngu_kien, minh, an, hoa):
    """One answered and one open, both published; one that is not."""
    done = answered(ngu_kien, minh, an, point=(21.3012, 105.4821))
    actions.publish(hoa, done, text="Đèn hỏng <gấp> & tối", answer="Đã thay.", shows_place=True)
    running = assigned(ngu_kien, minh, an, category="rac", text="Rác tồn trước chợ ba hôm nay")
    actions.publish(hoa, running, text="Rác tồn trước chợ")
    sent(ngu_kien)
    return done, running


@pytest.fixture
def key(quan, ngu_kien):
    account = make_account("mai")
    Post.objects.create(account=account, unit=ngu_kien, unit_path=ngu_kien.path, role="partner", valid_from=LONG_AGO)
    known = Account.objects.get(pk=account.pk)
    return make_token(quan, ngu_kien, account=known, name="311", scopes=["feedback.report"])[1]


def test_services(client, ngu_kien):
    found = read(client, f"services.json?{WHERE}")
    fits(SERVICE, found)
    assert {one["type"] for one in found} <= {"realtime", "batch", "blackbox"}
    assert "den" in {one["service_code"] for one in found}
    tree = ET.fromstring(get(client, f"services.xml?{WHERE}").content)
    assert tree.tag == "services"
    assert {child.tag for child in tree} == {"service"}
    assert [one.findtext("service_code") for one in tree] == [one["service_code"] for one in found]


def test_a_service_definition(client, ngu_kien, village):
    found = read(client, f"services/den.json?{WHERE}")
    assert set(found) == {"service_code", "attributes"}
    fits(ATTRIBUTE, found["attributes"])
    (asked,) = found["attributes"]
    assert asked["datatype"] == "singlevaluelist"
    assert asked["values"] == [{"key": village.code, "name": village.name}]
    tree = ET.fromstring(get(client, f"services/den.xml?{WHERE}").content)
    assert tree.find("attributes/attribute/values/value/key").text == village.code
    fits(ERROR, read(client, f"services/bia.json?{WHERE}", 404))


def test_only_public_words_are_told(client, public):
    found = read(client, f"requests.json?{WHERE}")
    fits(REQUEST, found)
    done = next(one for one in found if one["service_code"] == "den")
    assert len(found) == 2
    assert (done["status"], done["description"], done["status_notes"]) == ("closed", "Đèn hỏng <gấp> & tối", "Đã thay.")
    assert (done["lat"], done["long"], done["address"]) == (21.3012, 105.4821, "Trước nhà văn hoá")
    assert done["requested_datetime"] == "2026-03-16T08:00:00+07:00"
    whole = json.dumps(found, ensure_ascii=False)
    for secret in ("0912345699", "Nguyễn Văn Dân", "Phạm Thị An", public[0].code, public[0].written_code):
        assert secret not in whole
    tree = ET.fromstring(get(client, f"requests.xml?{WHERE}").content)
    assert tree.tag == "service_requests"
    assert [one.tag for one in tree] == ["request", "request"]
    assert "Đèn hỏng <gấp> & tối" in [one.findtext("description") for one in tree]


def test_a_place_that_was_not_approved_is_not_told(client, public):
    running = next(one for one in read(client, f"requests.json?{WHERE}") if one["service_code"] == "rac")
    assert (running["lat"], running["long"], running["address"], running["address_id"]) == ("", "", "", "")


def test_one_request_and_none_that_is_not_public(client, public, ngu_kien):
    found = read(client, f"requests/{public[0].uuid}.json?{WHERE}")
    fits(REQUEST, found)
    assert len(found) == 1
    hidden = Report.objects.get(shown="")
    fits(ERROR, read(client, f"requests/{hidden.uuid}.json?{WHERE}", 404))
    fits(ERROR, read(client, f"requests/abc.json?{WHERE}", 404))


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("status=open", 1), ("status=closed", 1), ("status=open,closed", 2), ("service_code=den", 1),
        ("service_code=den,rac", 2), ("service_code=nuoc", 0), ("start_date=2026-03-16T00:00:00%2B07:00", 2),
        ("start_date=2026-03-16T01:30:00Z", 0), ("end_date=2026-03-15T00:00:00Z", 0),
        ("start_date=2026-01-01T00:00:00Z&end_date=2026-12-31T00:00:00Z", 0), ("page_size=1", 1),
    ],
)  # fmt: skip
def test_filters(client, public, query, count):
    """The last but one: ninety days back from the end, as a span may not be longer."""
    assert len(read(client, f"requests.json?{WHERE}&{query}")) == count


def test_ids_override_other_filters(client, public):
    both = f"{public[0].uuid},{public[1].uuid}"
    assert len(read(client, f"requests.json?{WHERE}&service_request_id={both}&status=open")) == 2


def test_pages_follow_the_last_row(client, public):
    (first,) = read(client, f"requests.json?{WHERE}&page_size=1")
    (second,) = read(client, f"requests.json?{WHERE}&page_size=1&after={first['service_request_id']}")
    assert read(client, f"requests.json?{WHERE}&after={second['service_request_id']}") == []
    assert first["service_request_id"] != second["service_request_id"]


def test_older_than_ninety_days_is_asked_for(client, public, monday):
    monday.shift(timedelta(days=100))
    assert read(client, f"requests.json?{WHERE}") == []
    assert len(read(client, f"requests.json?{WHERE}&start_date=2026-03-01T00:00:00Z")) == 2


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("requests.json?jurisdiction_id=00000", 404), ("services.json?jurisdiction_id=252", 404),
        (f"requests.json?{WHERE}&status=lost", 400), (f"requests.json?{WHERE}&start_date=yesterday", 400),
        (f"requests.json?{WHERE}&service_request_id=1", 404), ("tokens/KHONGCOMAA.json", 404),
    ],
)  # fmt: skip
def test_errors_have_the_shape_of_the_standard(client, public, path, status):
    found = read(client, path, status)
    fits(ERROR, found)
    assert found[0]["code"] == status
    tree = ET.fromstring(get(client, path.replace(".json", ".xml"), status).content)
    assert (tree.tag, tree.find("error/code").text) == ("errors", str(status))


def test_a_jurisdiction_may_be_left_out_where_there_is_one(client, ngu_kien, district):
    assert client.get(f"{HOME}/services.json").status_code == 200
    type(ngu_kien).objects.create(
        code="09055", name="Liên Châu", kind="commune", parent=district, path="26.252.09055.", valid_from=LONG_AGO
    )
    fits(ERROR, read(client, "services.json", 400))


def post(client, **values):
    told = {
        "jurisdiction_id": "09157", "service_code": "den", "description": "Đèn ngõ 5 hỏng cả tuần nay",
        "address_string": "Ngõ 5", "first_name": "Dân", "last_name": "Nguyễn", "phone": "0912345666",
    }  # fmt: skip
    return client.post(f"{HOME}/requests.json", told | values)


def test_a_request_is_posted_with_a_key_and_waits_for_an_officer(client, ngu_kien, key):
    answer = post(client, api_key=key, lat="21.3012", long="105.4821")
    assert answer.status_code == 201, answer.content.decode()
    (body,) = json.loads(answer.content)
    assert set(body) == {"service_request_id", "service_notice", "account_id"}
    report = Report.objects.get(uuid=body["service_request_id"])
    assert (report.channel, report.state, report.sender_person_id) == ("open311", "received", None)
    assert (report.sender_name, report.sender_phone) == ("Nguyễn Dân", "0912345666")
    assert report.written_code in body["service_notice"]
    read(client, f"requests/{report.uuid}.json?{WHERE}", 404)
    (token,) = read(client, f"tokens/{report.written_code}.json")
    assert token == {"service_request_id": str(report.uuid), "token": report.written_code}


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"api_key": "xaso_wrong"}, 403), ({"api_key": ""}, 403), ({"service_code": "bia"}, 404),
        ({"jurisdiction_id": "00000"}, 404), ({"media_url": "http://example.com/a.jpg"}, 400),
        ({"address_string": ""}, 400), ({"lat": "abc", "long": "1"}, 400), ({"lat": "48.8", "long": "2.3"}, 400),
        ({"description": ""}, 400), ({"phone": "12"}, 400),
    ],
)  # fmt: skip
def test_what_is_not_taken(client, ngu_kien, key, values, status):
    answer = post(client, **{"api_key": key} | values)
    assert answer.status_code == status
    fits(ERROR, json.loads(answer.content))
    assert not Report.objects.exists()


def test_a_key_of_another_unit_and_a_session_are_worth_nothing(ngu_kien, lien_chau, key, browser_of, minh, client):
    assert post(client, api_key=key, jurisdiction_id="09055").status_code == 403
    assert post(browser_of(minh)).status_code == 403
    assert not Report.objects.exists()


def test_wrong_keys_are_counted(client, ngu_kien):
    for _ in range(30):
        assert post(client, api_key="xaso_guess").status_code == 403
    answer = post(client, api_key="xaso_guess")
    assert answer.status_code == 400
    assert "quá nhiều" in answer.content.decode()


def test_other_methods_and_forms(client, ngu_kien):
    assert client.post(f"{HOME}/services.json?{WHERE}").status_code == 405
    assert client.get(f"{HOME}/services.yaml?{WHERE}").status_code == 404


def test_discovery(client, ngu_kien):
    answer = client.get("/portal/feedback/open311/discovery.json")
    (endpoint,) = json.loads(answer.content)["endpoints"]
    assert endpoint["url"].endswith("/portal/feedback/open311/v2")
    assert datetime.fromisoformat(endpoint["changeset"]).tzinfo is not None
