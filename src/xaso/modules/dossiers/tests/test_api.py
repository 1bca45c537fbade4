"""The API for machines: round trips, scopes, keys sent twice, other people's dossiers, bad input."""

import json
from datetime import date, datetime
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from jsonschema import Draft202012Validator

from xaso.core.accounts.models import ApiToken, Attempt
from xaso.core.audit.models import Entry
from xaso.core.deadlines.models import Clock
from xaso.core.outbox.models import Delivery
from xaso.kit import clock, subject
from xaso.modules.dossiers.models import Dossier, Step
from xaso.modules.dossiers.tests.calling import LAN, URL, Machine, marital
from xaso.modules.dossiers.tests.factories import COPY, PDF, received, submitted

pytestmark = pytest.mark.django_db
MONDAY = datetime(2024, 3, 4, 9, 0, tzinfo=clock.VIETNAM)
ACCEPTED = "xaso.modules.dossiers.handlers.a_dossier_was_accepted"


@pytest.fixture(autouse=True)
def _monday(catalogue):
    with time_machine.travel(MONDAY, tick=False):
        yield


def fits(answer, path, method, status="200"):
    """The answer is what the document promises."""
    document = Client().get("/api/openapi.json").json()
    promised = document["paths"][path][method]["responses"][status]["content"]["application/json"]["schema"]
    Draft202012Validator({**promised, "components": document["components"]}).validate(answer.json())


def errors_of(answer):
    assert answer.headers["Content-Type"] == "application/problem+json"
    return {one["path"]: one["message"] for one in answer.json()["errors"]}


def test_a_dossier_is_received_read_and_listed(minh):
    machine = Machine(minh)
    made = machine.create()
    assert made.status_code == 201, made.content.decode()
    fits(made, "/api/v1/dossiers/", "post", "201")
    body = made.json()
    assert (body["number"], body["state"], body["unit"]) == ("H62.28.15-240304-0001", 2, "09157")
    assert made.headers["Location"] == f"{URL}{body['uuid']}"
    whole = machine.get(body["uuid"])
    fits(whole, "/api/v1/dossiers/{uuid}", "get")
    assert whole.json()["applicant"] == {**LAN, "phone": "0912345601", "email": ""}
    assert [paper["key"] for paper in whole.json()["papers"]] == ["to_khai", "uy_quyen", "giay_to_tuy_than"]
    assert "secret" not in whole.json()
    listed = machine.get()
    fits(listed, "/api/v1/dossiers/", "get")
    assert [row["uuid"] for row in listed.json()["items"]] == [body["uuid"]]


def test_what_is_received_by_machine_is_what_reception_makes(minh, ngu_kien):
    machine = Machine(minh)
    made = Dossier.objects.get(uuid=machine.create().json()["uuid"])
    assert made.owner_person.personal_id == LAN["personal_id"]
    assert Clock.objects.get(subject=subject.ref(made)).due_legal_at == made.due_at
    entry = Entry.objects.get(verb="dossiers.receive", subject=subject.ref(made))
    assert (entry.actor_kind, entry.via, entry.unit_path) == ("machine", "api:thử", ngu_kien.path)
    assert Delivery.objects.filter(handler=ACCEPTED).count() == 1
    assert Step.objects.filter(dossier=made).count() == 2


def test_reading_a_dossier_is_put_on_record(minh):
    machine = Machine(minh)
    uuid = machine.create().json()["uuid"]
    machine.get(uuid)
    assert Entry.objects.get(verb="read").details == {"reason": f"{URL}{uuid}"}


def test_an_online_filing_waits_for_reception_and_is_accepted(minh):
    machine = Machine(minh)
    made = machine.create(channel="online")
    assert (made.json()["state"], made.json()["number"]) == (1, None)
    accepted = machine.post(f"{made.json()['uuid']}/accept", {"forward": True})
    fits(accepted, "/api/v1/dossiers/{uuid}/accept", "post")
    assert accepted.json()["state"] == 4


def test_a_whole_life_by_machine(minh, an, thu, hoa, van):
    by = {"reception": Machine(minh), "handler": Machine(an), "head": Machine(thu), "leader": Machine(hoa),
          "clerk": Machine(van)}  # fmt: skip
    dossier = by["reception"].create(forward=True).json()
    content = {"file": SimpleUploadedFile("kết quả.pdf", PDF), "kind": "result"}
    stored = by["handler"].client.post(URL + "files", content)
    assert stored.status_code == 201, stored.content.decode()
    while dossier["state"] == 4:
        verb = "sign" if dossier["step_role"] == "leader" else "finish-step"
        turned = by[dossier["step_role"]].post(f"{dossier['uuid']}/{verb}", {"remark": "đã xong"})
        assert turned.status_code == 200, turned.content.decode()
        dossier = turned.json()
    assert (dossier["state"], dossier["on_time"]) == (9, True)
    refused = by["reception"].post(f"{dossier['uuid']}/return-result", {})
    assert (refused.status_code, refused.json()["status"]) == (409, 409)
    assert "mức phí" in refused.json()["detail"]
    assert by["reception"].post(f"{dossier['uuid']}/set-fee", {"amount": 0, "basis": ""}).status_code == 422
    settled = by["reception"].post(f"{dossier['uuid']}/set-fee", {"amount": 0, "basis": "NQ 12/2023/NQ-HĐND"})
    assert settled.status_code == 200, settled.content.decode()
    result = {"upload": stored.json()["uuid"], "number": "15/XN"}
    fits(
        by["handler"].post(f"{dossier['uuid']}/attach-result", result), "/api/v1/dossiers/{uuid}/attach-result", "post"
    )
    done = by["reception"].post(f"{dossier['uuid']}/return-result", {"handed_to": "Nguyễn Thị Lan"})
    assert (done.status_code, done.json()["state"]) == (200, 10)
    events = by["reception"].get(f"{dossier['uuid']}/events")
    fits(events, "/api/v1/dossiers/{uuid}/events", "get")
    assert [one["kind"] for one in events.json()["items"]][:2] == ["receive", "process"]


def test_supplement_decline_stop_and_withdraw(minh, an, ngu_kien, lan):
    machine, handler = Machine(minh), Machine(an)
    online = machine.create(channel="online").json()["uuid"]
    assert machine.post(f"{online}/decline", {}).status_code == 422
    assert machine.post(f"{online}/decline", {"reason": "Sai nơi nộp"}).json()["state"] == 3
    early = machine.create(channel="online").json()["uuid"]
    asked = {"items": ["Bản án ly hôn"], "reason": "Thiếu"}
    assert machine.post(f"{early}/request-supplement", asked).json()["state"] == 5
    running = machine.create(forward=True).json()["uuid"]
    assert handler.post(f"{running}/request-supplement", asked).json()["state"] == 5
    assert machine.get(running).json()["supplements"][0]["items"] == ["Bản án ly hôn"]
    assert handler.post(f"{running}/resume").json()["state"] == 4
    assert handler.post(f"{running}/stop", {"reason": "Không đủ điều kiện"}).json()["state"] == 8
    gone = machine.create().json()["uuid"]
    assert machine.post(f"{gone}/withdraw", {"remark": "Không cần nữa"}).json()["state"] == 7


def test_an_uploaded_file_becomes_the_dossiers_paper(minh):
    machine = Machine(minh)
    stored = machine.client.post(URL + "files", {"file": SimpleUploadedFile("tờ khai.pdf", PDF)}).json()
    made = machine.create(papers=[{"key": "to_khai", "upload": stored["uuid"]},
                                  {"key": "giay_to_tuy_than", "from_data": True}])  # fmt: skip
    paper = machine.get(made.json()["uuid"]).json()["papers"][0]
    assert (paper["file"]["name"], paper["file"]["sha256"]) == ("tờ khai.pdf", stored["sha256"])
    forged = machine.client.post(URL + "files", {"file": SimpleUploadedFile("x.pdf", b"MZ\x90\x00" * 9)})
    assert forged.status_code == 409


def test_the_same_key_gives_the_same_dossier(minh):
    machine = Machine(minh)
    first, second = machine.create(key="may-1"), machine.create(key="may-1")
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Dossier.objects.count() == 1


@pytest.mark.parametrize(
    "other", [{"applicant": {"full_name": "Người Khác"}}, {"answers": {"purpose": "loan"}}, {"channel": "online"}]
)
def test_the_same_key_with_another_body_is_refused(minh, other):
    machine = Machine(minh)
    machine.create(key="may-1")
    answer = machine.create(key="may-1", **other)
    assert answer.status_code == 422
    assert "Idempotency-Key" in errors_of(answer)
    assert Dossier.objects.count() == 1


def test_two_callers_may_use_the_same_key(minh, tam):
    assert Machine(minh).create(key="1").json()["uuid"] != Machine(tam).create(key="1").json()["uuid"]


def test_a_key_must_be_plain(minh):
    assert Machine(minh).create(key="a b").status_code == 422
    assert Machine(minh).create(key="k" * 51).status_code == 422


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer sai", "Basic abc", "Bearer xaso_" + "A" * 5000])
def test_no_token_no_answer(minh, header):
    answer = Client(headers={"Authorization": header} if header else {}).get(URL)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_wrong_tokens_are_counted_by_address_and_shut_out(minh):
    for number in range(30):
        assert Client().get(URL, headers={"Authorization": f"Bearer đoán{number}"}).status_code == 401
    assert Attempt.objects.filter(door="api.token").count() == 30
    shut = Client().get(URL, headers={"Authorization": "Bearer đoán"})
    assert (shut.status_code, shut.headers["Content-Type"]) == (429, "application/problem+json")
    assert Machine(minh).get().status_code == 200


@pytest.mark.parametrize(
    "ended", [{"valid_to": date(2024, 3, 3)}, {"revoked_at": datetime(2024, 3, 1, tzinfo=clock.VIETNAM)}]
)
def test_an_ended_token_is_no_token(minh, ended):
    machine = Machine(minh)
    ApiToken.objects.filter(pk=machine.token.pk).update(**ended)
    assert machine.get().status_code == 401


def test_a_token_does_only_what_its_scopes_say(minh):
    reader = Machine(minh, "dossiers.view")
    assert reader.get().status_code == 200
    answer = reader.create()
    assert (answer.status_code, answer.headers["Content-Type"]) == (403, "application/problem+json")
    online_only = Machine(minh, "dossiers.submit")
    assert online_only.create(channel="online").status_code == 201
    assert online_only.create(channel="counter").status_code == 403
    assert Entry.objects.filter(verb="dossiers.receive", outcome="denied").count() == 1
    assert Dossier.objects.count() == 1


def test_a_scope_gives_nothing_that_the_officer_may_not(hoa):
    assert Machine(hoa, "dossiers.receive", "dossiers.view").create().status_code == 403


def test_another_units_dossier_does_not_exist(minh, tam, ngu_kien):
    dossier = received(minh, ngu_kien)
    other = Machine(tam)
    for answer in (
        other.get(str(dossier.uuid)),
        other.get(f"{dossier.uuid}/events"),
        other.post(f"{dossier.uuid}/withdraw", {"remark": ""}),
        other.get(str(uuid4())),
    ):
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert other.get().json()["items"] == []
    assert other.create(unit="09157").status_code == 403


def test_the_list_pages_by_key_and_searches_without_diacritics(minh, ngu_kien):
    machine = Machine(minh)
    numbers = [machine.create(applicant={"full_name": f"Đỗ Văn Thứ {n}"}).json()["number"] for n in range(5)]
    first = machine.get(limit=3).json()
    assert [row["number"] for row in first["items"]] == numbers[:1:-1]
    rest = machine.get(limit=3, after=first["next"]).json()
    assert ([row["number"] for row in rest["items"]], rest["next"]) == (numbers[1::-1], "")
    machine.create(applicant={"full_name": "Trần Thị Hằng", "personal_id": ""})
    assert [row["applicant_name"] for row in machine.get(q="hang tran").json()["items"]] == ["Trần Thị Hằng"]
    assert machine.get(q=numbers[2].lower()).json()["items"][0]["number"] == numbers[2]
    assert machine.get(state=1).json()["items"] == []
    assert len(machine.get(procedure="1.004873", received_from="2024-03-04", channel="counter").json()["items"]) == 6
    assert machine.get(received_from="2024-03-05").json()["items"] == []
    for wrong in ({"state": 99}, {"limit": 101}, {"limit": "x"}, {"received_from": "hôm qua"}, {"channel": "bay"}):
        assert list(errors_of(machine.get(**wrong))) == list(wrong)


BAD = {
    "applicant.full_name": [{"full_name": "L" * 10_000}, {"full_name": ""}, {"full_name": "12345"}, {"full_name": 7}],
    "applicant.personal_id": [{"personal_id": "02618500123"}, {"personal_id": "999185001234"}],
    "applicant.birth_on": [{"birth_on": "2999-01-01"}, {"birth_on": "1850-01-01"}, {"birth_on": "30/02/2000"}],
    "applicant.phone": [{"phone": "0123"}],
    "applicant.email": [{"email": "a b@c"}],
    "applicant.sex": [{"sex": "khác"}],
    "applicant.ten": [{"ten": "x"}],
}


@pytest.mark.parametrize(("path", "given"), [(path, one) for path, many in BAD.items() for one in many])
def test_bad_input_is_named_by_its_path_with_a_sentence(minh, path, given):
    answer = Machine(minh).create(applicant=given)
    assert answer.status_code == 422
    assert list(errors_of(answer)) == [path]
    assert errors_of(answer)[path].endswith(".")
    assert not Dossier.objects.exists()


def test_answers_papers_and_procedure_are_checked(minh):
    machine = Machine(minh)
    answer = machine.create(answers={"person": {"full_name": "Lan"}, "phone": "1"})
    assert {"answers.phone", "answers.person.personal_id", "answers.person.birth_on"} <= set(errors_of(answer))
    assert list(errors_of(machine.create(papers=[{"key": "la"}]))) == ["papers.0.key"]
    assert list(errors_of(machine.create(procedure="9.999999"))) == ["procedure"]
    assert list(errors_of(machine.create(filing="assisted"))) == ["helper"]
    missing = machine.create(papers=[])
    assert (missing.status_code, "Còn thiếu" in missing.json()["detail"]) == (409, True)


@pytest.mark.parametrize(
    "nasty", ["'; DROP TABLE dossiers_dossier; --", "<script>alert(1)</script>", "{{ request.actor }}", "%s%n"]
)
def test_text_that_looks_like_code_is_only_text(minh, nasty):
    machine = Machine(minh)
    made = machine.create(applicant={"full_name": nasty, "address": nasty}, content=nasty)
    assert made.json()["applicant_name"] == nasty
    assert machine.get(q=nasty).status_code == 200
    assert machine.get(made.json()["uuid"]).json()["content"] == nasty


def test_decomposed_letters_and_control_characters_are_made_plain(minh):
    decomposed = "Nguye\u0302\u0303n  Thi\u0323\x00 Lan\u0007"
    made = Machine(minh).create(applicant={"full_name": decomposed}, answers={"applicant": {
        "full_name": decomposed, "personal_id": "026185001234", "birth_on": "08/03/1985", "sex": "female",
        "address": {"line": "Số\x00 5", "commune": "Ngũ Kiên", "province": "Vĩnh Phúc"}}})  # fmt: skip
    assert made.status_code == 201, made.content.decode()
    assert made.json()["applicant_name"] == "Nguyễn Thị Lan"
    assert "\\u0000" not in json.dumps(Dossier.objects.get().answers)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b"null", b'{"procedure": 1'])
def test_what_is_no_json_is_told_so(minh, body):
    answer = Machine(minh).client.post(URL, body, content_type="application/json")
    assert answer.status_code in {400, 422}
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_fault_of_ours_tells_nothing(minh, caplog):
    machine = Machine(minh)
    Dossier.objects.filter(uuid=machine.create().json()["uuid"]).update(state=77)
    answer = machine.get()
    assert answer.status_code == 500
    assert set(answer.json()) == {"type", "title", "status", "detail"}
    assert "KeyError" not in answer.content.decode()


def test_a_hundred_dossiers_in_one_go(minh, ngu_kien):
    machine = Machine(minh)
    submitted(minh, ngu_kien)
    items = [marital(applicant={"full_name": f"Người Thứ {n}", "personal_id": ""}) for n in range(99)]
    copy = marital(
        procedure=COPY, papers=[{"key": "ban_chinh"}], answers={"papers": [{"name": "Bằng", "pages": 2, "copies": 1}]}
    )
    made = machine.post("bulk", {"items": [*items, copy], "forward": True})
    assert made.status_code == 201, made.content.decode()
    fits(made, "/api/v1/dossiers/bulk", "post", "201")
    numbers = [one["number"] for one in made.json()["items"]]
    assert numbers == [f"H62.28.15-240304-{n:04d}" for n in range(1, 101)]
    entries = Entry.objects.filter(within="dossiers.bulk_receive", verb="dossiers.bulk_receive")
    assert entries.exclude(subject="").count() == 100
    assert Delivery.objects.filter(handler=ACCEPTED).count() == 100
    assert Clock.objects.count() == 100
    assert machine.create().json()["number"].endswith("-0101")


def test_bulk_and_single_intake_leave_the_same_rows(minh):
    machine = Machine(minh)
    single = Dossier.objects.get(uuid=machine.create(forward=True).json()["uuid"])
    [made] = machine.post("bulk", {"items": [marital()], "forward": True}).json()["items"]
    bulk = Dossier.objects.get(uuid=made["uuid"])
    differ = {"id", "uuid", "number", "secret"}
    for field in Dossier._meta.concrete_fields:
        if field.name not in differ:
            assert getattr(single, field.attname) == getattr(bulk, field.attname), field.name
    for name in ("papers", "steps"):
        shown = [list(getattr(one, name).order_by("id").values_list("key", "label" if name == "steps" else "name"))
                 for one in (single, bulk)]  # fmt: skip
        assert shown[0] == shown[1]
    clocks = [Clock.objects.filter(subject=subject.ref(one)).values("due_legal_at", "near_at", "limit_amount").get()
              for one in (single, bulk)]  # fmt: skip
    assert clocks[0] == clocks[1]


def test_one_bad_item_keeps_all_out_and_every_mistake_is_told(minh):
    machine = Machine(minh)
    items = [marital(), marital(papers=[]), marital(answers={"phone": "12"}), marital()]
    answer = machine.post("bulk", {"items": items})
    assert answer.status_code == 422
    assert list(errors_of(answer)) == ["items.1.papers", "items.2.answers.phone"]
    assert not Dossier.objects.exists()
    assert machine.post("bulk", {"items": [marital()] * 101}).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_statements_stay_few(minh, an, ngu_kien, django_assert_max_num_queries):
    """BEGIN and COMMIT are counted too. Once a second there is one more, the stamp of the catalogue."""
    machine, handler = Machine(minh), Machine(an)
    machine.create()
    with django_assert_max_num_queries(14):
        uuid = machine.create(key="k", forward=True).json()["uuid"]
    with django_assert_max_num_queries(8):
        machine.get(uuid)
    with django_assert_max_num_queries(12):
        assert handler.post(f"{uuid}/finish-step", {}).status_code == 200
    with django_assert_max_num_queries(5):
        assert machine.get(state=4, q="lan", received_from="2024-01-01").json()["items"]
