"""The bank's notification: signed, timely, idempotent."""

import hashlib
import hmac
import json

import pytest
from django.test import Client

from xaso.kit import clock
from xaso.modules.payments.models import BankTransaction, Payment
from xaso.modules.payments.tests.factories import NUMBER, make_account, make_charge

pytestmark = pytest.mark.django_db
URL = "/api/v1/payments/webhook"
SECRET = "bi-mat-de-thu"


@pytest.fixture(autouse=True)
def account(settings, ngu_kien):
    settings.PAYMENT_WEBHOOK_SECRET = SECRET
    return make_account(ngu_kien)


def post(body, *, secret=SECRET, late=0, stamp=None, signature=None):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    stamp = str(int(clock.now().timestamp()) - late) if stamp is None else stamp
    sign = hmac.new(secret.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
    return Client().post(
        URL,
        raw,
        content_type="application/json",
        headers={"X-Xaso-Timestamp": stamp, "X-Xaso-Signature": signature or f"sha256={sign}"},
    )


def plain(charge, amount=50_000, ref="FT100"):
    return {
        "account": NUMBER,
        "bank_ref": ref,
        "amount": amount,
        "content": charge.reference,
        "at": clock.now().isoformat(),
    }


def sepay(charge, **given):
    return {
        "id": 92704, "gateway": "Agribank", "transactionDate": f"{clock.local(clock.now()):%Y-%m-%d %H:%M:%S}",
        "accountNumber": NUMBER, "code": None, "content": f"MBVCB {charge.reference} nop phi", "transferType": "in",
        "transferAmount": 50000, "accumulated": 19077000, "subAccount": None, "referenceCode": "FT100",
    } | given  # fmt: skip


@pytest.mark.parametrize("shape", [plain, sepay])
def test_a_signed_notification_pays_the_charge(ngu_kien, shape):
    charge = make_charge(ngu_kien)
    answer = post(shape(charge))
    assert (answer.status_code, answer.json()) == (200, {"success": True, "new": True, "outcome": "exact"})
    charge.refresh_from_db()
    assert charge.state == "paid"
    assert BankTransaction.objects.get().settled_by_name == "Báo có ngân hàng"


def test_a_replay_within_the_window_changes_nothing(ngu_kien):
    charge = make_charge(ngu_kien)
    post(plain(charge))
    again = post(sepay(charge))
    assert (again.status_code, again.json()["new"]) == (200, False)
    assert Payment.objects.count() == BankTransaction.objects.count() == 1


@pytest.mark.parametrize(
    "forged",
    [
        {"secret": "khac"},
        {"late": 301},
        {"late": -301},
        {"stamp": ""},
        {"stamp": "abc"},
        {"stamp": "١٢٣"},
        {"signature": "sha256=00"},
        {"signature": "sha256=không"},
    ],
)
def test_a_forged_or_late_notification_is_turned_away(ngu_kien, forged):
    if not str(forged.get("stamp", "")).isascii() or not str(forged.get("signature", "")).isascii():
        forged = {key: value.encode().decode("latin-1") for key, value in forged.items()}
    answer = post(plain(make_charge(ngu_kien)), **forged)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert not BankTransaction.objects.exists()


def test_a_signature_belongs_to_its_moment_and_body(ngu_kien):
    charge = make_charge(ngu_kien)
    stamp = str(int(clock.now().timestamp()))
    raw = json.dumps(plain(charge)).encode()
    sign = "sha256=" + hmac.new(SECRET.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
    assert post(raw.replace(b"50000", b"90000"), stamp=stamp, signature=sign).status_code == 401
    assert post(raw, stamp=str(int(stamp) - 1), signature=sign).status_code == 401
    assert post(raw, stamp=stamp, signature=sign).status_code == 200


def test_without_a_secret_nothing_is_believed(settings, ngu_kien):
    settings.PAYMENT_WEBHOOK_SECRET = ""
    answer = post(plain(make_charge(ngu_kien)), secret="")
    assert (answer.status_code, answer.json()["status"]) == (503, 503)
    assert "XASO_PAYMENT_SECRET" in answer.json()["detail"]


def test_a_contradiction_needs_a_person(ngu_kien):
    charge = make_charge(ngu_kien)
    post(plain(charge))
    answer = post(plain(charge, amount=60_000))
    assert answer.status_code == 422
    assert "số tiền khác" in answer.json()["detail"]


def test_an_unknown_account_is_said_so(ngu_kien):
    answer = post(plain(make_charge(ngu_kien)) | {"account": "999"})
    assert (answer.status_code, BankTransaction.objects.exists()) == (422, False)


def test_money_out_is_told_with_its_sign(ngu_kien):
    assert post(sepay(make_charge(ngu_kien), transferType="out")).json()["outcome"] == "reversed"
    assert BankTransaction.objects.get().amount == -50_000


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"1", b'"x"', b"null", b"{}", b'{"transferAmount": 1}', b"\xff",
        b'{"account": "1", "bank_ref": "a", "amount": 1.5, "at": "2026-11-21T00:00:00"}',
        b'{"account": "1", "bank_ref": "a", "amount": true, "at": "2026-11-21T00:00:00"}',
        b'{"account": "1", "bank_ref": "a", "amount": 1, "at": "0001-01-01T00:00:00"}',
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_a_clear_problem(body):
    assert post(body).status_code == 400


def test_a_huge_body_is_not_read(ngu_kien):
    assert post(b"x" * (64 * 1024 + 1)).status_code == 413


def test_the_webhook_answers_posts_only():
    assert Client().get(URL).status_code == 405
