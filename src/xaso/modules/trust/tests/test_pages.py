"""Every page, through its URL, by who may and who may not."""

import base64

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from xaso.core.access import SYSTEM
from xaso.core.units.models import Unit
from xaso.modules.trust import queries, rules
from xaso.modules.trust.actions import publish_proof, verify_file, withdraw_proof
from xaso.modules.trust.models import Anchor, Verification
from xaso.modules.trust.screens.desk import signatures_panel

pytestmark = pytest.mark.django_db


def page(answer):
    assert answer.status_code == 200, answer.content.decode()[:500]
    assert len(answer.content) < 100_000
    text = answer.content.decode()
    assert "style=" not in text
    return text


@pytest.fixture
def judged(pki, informed, keep):
    """`judged("hoa")`: a signed file of that holder, with its evidence."""

    def make(holder="hoa", **given):
        return verify_file(SYSTEM, keep(pki.sign(holder), **given))

    return make


def test_the_list_begins_with_what_needs_somebody(judged, van, browser_of, django_assert_max_num_queries):
    judged("hoa", name="tot.pdf")
    judged("revoked", name="hong.pdf")
    judged("stranger", name="la.pdf")
    client = browser_of(van)
    client.get(reverse("desk-trust:listed"))
    with django_assert_max_num_queries(12):
        text = page(client.get(reverse("desk-trust:listed")))
    assert text.index("hong.pdf") < text.index("la.pdf") < text.index("tot.pdf")
    assert "Không hợp lệ" in text
    assert "tot.pdf" not in page(client.get(reverse("desk-trust:listed"), {"ket": "invalid"}))


def test_the_list_goes_on_where_it_stopped(judged, van):
    made = [judged("hoa"), judged("hoa"), judged("revoked")]
    one = queries.listed(van, size=2)
    two = queries.listed(van, after=one.after, size=2)
    assert [row.pk for row in [*one.rows, *two.rows]] == [made[2].pk, made[1].pk, made[0].pk]
    assert two.after == ""


def test_the_evidence_is_told_in_plain_words_with_the_detail_behind(
    judged, van, browser_of, django_assert_max_num_queries
):
    found = judged("hoa")
    client = browser_of(van)
    client.get(found.get_absolute_url())
    with django_assert_max_num_queries(16):
        text = page(client.get(found.get_absolute_url()))
    for expected in (
        "Hợp lệ",
        "Vũ Thị Hoa",
        "CCCD:026175000104",
        "CA cấp dưới thử nghiệm",
        "<details",
        rules.in_pairs(found.sha256),
    ):
        assert expected in text
    assert text.index("Vũ Thị Hoa đã ký lúc") < text.index('<details class="fold"')


def test_judging_again_is_one_button_and_a_new_row(judged, van, an, browser_of):
    found = judged("hoa")
    answer = browser_of(van).post(reverse("desk-trust:judge_again", args=[found.uuid]), follow=True)
    assert "Đã kiểm tra lại: hợp lệ." in page(answer)
    assert Verification.objects.count() == 2
    old = page(browser_of(van).get(found.get_absolute_url()))
    assert "lần kiểm tra cũ" in old
    assert browser_of(an).post(reverse("desk-trust:judge_again", args=[found.uuid])).status_code == 403


def test_another_commune_sees_nothing(judged, tam, lan, son, browser_of):
    found = judged("hoa")
    assert browser_of(tam).get(found.get_absolute_url()).status_code == 404
    assert found.stored.name not in page(browser_of(tam).get(reverse("desk-trust:listed")))
    assert browser_of(lan).get(reverse("desk-trust:listed")).status_code == 403


# Anchors


def test_the_list_of_anchors_says_which_ones_are_wanted(trusted, quan, browser_of, django_assert_max_num_queries):
    client = browser_of(quan)
    client.get(reverse("desk-trust:anchors"))
    with django_assert_max_num_queries(12):
        text = page(client.get(reverse("desk-trust:anchors")))
    for expected in ("Gốc thử nghiệm", "Trung gian", "Ban Cơ yếu", "cần kiểm chứng"):
        assert expected in text


@pytest.mark.parametrize("name", ["van", "hoa", "minh"])
def test_only_the_administrator_opens_it(name, request, browser_of):
    client = browser_of(request.getfixturevalue(name))
    assert client.get(reverse("desk-trust:anchors")).status_code == 403
    assert client.post(reverse("desk-trust:add_anchor")).status_code == 403


def upload(pki, name="root"):
    return {"file": SimpleUploadedFile("goc.cer", pki.certificate(name).dump())}


def decision(pki, **given):
    return {
        "certificate": base64.b64encode(pki.root_der).decode(),
        "fingerprint": pki.certificate("root").sha256.hex(),
        "purpose": "own",
        "trusted_from": "01/01/2020",
        "reason": "Công văn 12/CV",
    } | given


def test_a_certificate_is_shown_before_it_is_trusted(pki, quan, browser_of):
    client = browser_of(quan)
    assert "Bước 1 trong 2" in page(client.get(reverse("desk-trust:add_anchor")))
    text = page(client.post(reverse("desk-trust:add_anchor"), upload(pki)))
    assert rules.in_pairs(pki.certificate("root").sha256.hex()) in text
    assert "Chưa có gì được lưu" in text
    assert not Anchor.objects.exists()


def test_the_fingerprint_decides(pki, quan, browser_of):
    client = browser_of(quan)
    wrong = page(client.post(reverse("desk-trust:add_anchor"), decision(pki, fingerprint="AB CD")))
    assert "không khớp" in wrong
    assert "Công văn 12/CV" in wrong  # nothing typed is lost
    assert "Hãy" in page(client.post(reverse("desk-trust:add_anchor"), decision(pki, reason="")))
    answer = client.post(reverse("desk-trust:add_anchor"), decision(pki), follow=True)
    assert "Đã thêm" in page(answer)
    assert Anchor.objects.get().reason == "Công văn 12/CV"


@pytest.mark.parametrize("content", [b"hello", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_other_files_are_refused_with_a_sentence(content, quan, browser_of):
    sent = {"file": SimpleUploadedFile("x.cer", content)}
    answer = browser_of(quan).post(reverse("desk-trust:add_anchor"), sent)
    assert answer.status_code == 409
    assert "không phải chứng thư số" in answer.content.decode()


def test_an_anchor_is_withdrawn_with_a_reason(trusted, quan, browser_of):
    address = reverse("desk-trust:anchor", args=[trusted[0].uuid])
    client = browser_of(quan)
    assert "Rút chứng thư này" in page(client.get(address))
    assert "bắt buộc" in page(client.post(address, {"reason": ""}))
    assert "Đã rút" in page(client.post(address, {"reason": "Lộ khoá"}, follow=True))
    assert "Lộ khoá" in page(client.get(address))


# /verify


def sent(pdf, name="giay.pdf"):
    return {"file": SimpleUploadedFile(name, pdf, "application/pdf")}


def test_anybody_checks_a_file_and_nothing_is_kept(pki, informed):
    text = page(Client().post("/verify/", sent(pki.sign("hoa"))))
    assert "Vũ Thị Hoa đã ký lúc" in text
    assert "CCCD:…0104" in text
    assert "026175000104" not in text
    assert not Verification.objects.exists()
    assert "Không hợp lệ." in page(Client().post("/verify/", sent(pki.sign("hoa").replace(b"q Q", b"Q q"))))
    assert "Không có chữ ký." in page(Client().post("/verify/", sent(pki.blank_pdf())))
    assert "không phải PDF" in page(Client().post("/verify/", sent(b"hello")))


def test_a_published_file_is_recognised_by_its_content(pki, informed, keep, van, ngu_kien):
    pdf = pki.sign("hoa")
    made = publish_proof(van, keep(pdf), title="Quyết định 12/QĐ-UBND", unit=ngu_kien)
    text = page(Client().post("/verify/", sent(pdf)))
    assert "Quyết định 12/QĐ-UBND" in text
    assert made.get_absolute_url() in text


def test_a_code_leads_to_the_public_record(pki, judged, van, ngu_kien, django_assert_max_num_queries):
    found = judged("hoa")
    made = publish_proof(van, found.stored, title="Quyết định 12/QĐ-UBND", unit=ngu_kien)
    answer = Client().post("/verify/", {"code": rules.shown_code(made.code).lower()})
    assert answer["Location"] == f"/verify/{made.code}/"
    with django_assert_max_num_queries(8):
        text = page(Client().get(answer["Location"]))
    for expected in ("Quyết định 12/QĐ-UBND", ngu_kien.name, "Vũ Thị Hoa", "hợp lệ", rules.in_pairs(found.sha256)):
        assert expected in text
    assert "026175000104" not in text
    withdraw_proof(van, made, reason="Ban hành nhầm")
    assert "đã được thu hồi" in page(Client().get(made.get_absolute_url()))


def test_an_unknown_code_is_a_sentence_and_guessing_ends(pki):
    for _ in range(20):
        text = page(Client().get("/verify/ABCD2345EFGH/"))
    assert "Không có văn bản nào mang mã này" in text
    assert Client().get("/verify/ABCD2345EFGH/").status_code == 409


def test_files_are_limited_per_address(pki):
    for _ in range(12):
        page(Client().post("/verify/", sent(b"hello")))
    assert Client().post("/verify/", sent(b"hello")).status_code == 409


def test_an_empty_form_says_what_is_missing():
    text = page(Client().get("/verify/"))
    assert text.count("<form") >= 2
    assert "bắt buộc" in page(Client().post("/verify/", {"code": ""}))
    assert "bắt buộc" in page(Client().post("/verify/", {}))


def test_a_thing_shows_what_its_signed_files_are_worth(judged, van, lan, rf):
    found = judged("revoked", subject=f"units.Unit:{van.unit_id}")
    unit = Unit.objects.get(pk=van.unit_id)
    request = rf.get("/desk/")
    request.actor = van
    part = signatures_panel(request, unit)
    assert [one["row"] for one in part["rows"]] == [found]
    request.actor = lan
    assert signatures_panel(request, unit) is None
