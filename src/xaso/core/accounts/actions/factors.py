"""The second step of signing in: authenticator app, passkey, recovery codes."""

import base64
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlparse

import pyotp
from django.conf import settings
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    UserVerificationRequirement,
)

from xaso.core.access import Actor
from xaso.core.accounts import queries, rules
from xaso.core.accounts.actions.signing_in import failed, refuse_if_shut
from xaso.core.accounts.models import Account, SecondFactor
from xaso.core.actions import action, note
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.kit.sure import sure

STEP = 30
DRIFT = (0, -1, 1)
PASSKEY_STATE = "passkey"
Kind = SecondFactor.Kind
WRONG = {
    "totp": "Mã xác thực không đúng hoặc đã dùng. Hãy đợi ứng dụng hiện mã mới rồi nhập lại.",
    "recovery": "Mã khôi phục không đúng hoặc đã dùng. Hãy thử mã khác trong danh sách của bạn.",
    "passkey": "Không xác nhận được khoá truy cập này. Hãy thử lại, hoặc dùng cách khác.",
}


@action("accounts.enrol_totp", "Thêm ứng dụng xác thực")
def enrol_totp(by: Actor, account: Account, /) -> SecondFactor:
    """A new, not yet confirmed authenticator app; one that was begun before and not confirmed is dropped."""
    del by
    SecondFactor.objects.filter(account=account, kind=Kind.TOTP, confirmed_at=None).delete()
    return SecondFactor.objects.create(account=account, kind=Kind.TOTP, name="Ứng dụng xác thực", data={})


def uri_of(factor: SecondFactor) -> str:
    """What the QR code of an authenticator app says."""
    name = factor.account.username
    return pyotp.TOTP(queries.authenticator_secret(factor)).provisioning_uri(name=name, issuer_name="XaSo")


def confirm_totp(by: Actor, account: Account, code: str, /) -> SecondFactor:
    """The first right code proves the app was set up. Raises Refused."""
    refuse_if_shut("factor.account", str(account.pk))
    factor = _confirm_totp(by, account, rules.normal_code(code))
    if factor is None:
        raise Refused("Mã chưa đúng. Hãy quét lại mã QR, rồi nhập 6 số đang hiện trong ứng dụng.")
    return factor


@action("accounts.confirm_totp", "Xác nhận ứng dụng xác thực")
def _confirm_totp(by: Actor, account: Account, code: str, /) -> SecondFactor | None:
    del by
    waiting = SecondFactor.objects.filter(account=account, kind=Kind.TOTP, confirmed_at=None).order_by("-id").first()
    if waiting is None or not _spend_totp(waiting, code):
        failed(("factor.account", str(account.pk)))
        return None
    waiting.confirmed_at = clock.now()
    waiting.save(update_fields=["confirmed_at"])
    return waiting


def _spend_totp(factor: SecondFactor, code: str) -> bool:
    """Each time step is good once: a code seen over the shoulder is worth nothing."""
    now = int(clock.machine_now().timestamp()) // STEP
    totp = pyotp.TOTP(queries.authenticator_secret(factor))
    for step in (now + drift for drift in DRIFT):
        if rules.same(totp.generate_otp(step), code):
            fresh = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
            return bool(fresh.update(last_step=step))
    return False


def use_totp(by: Actor, account: Account, code: str, /) -> None:
    """Raises Refused unless the code is right and not used before."""
    _use(by, account, "totp", rules.normal_code(code))


def use_recovery_code(by: Actor, account: Account, code: str, /) -> None:
    _use(by, account, "recovery", rules.normal_recovery_code(code))


def use_passkey(by: Actor, account: Account, state: dict[str, Any], response: dict[str, Any], /) -> None:
    _use(by, account, "passkey", (state, response))


def _use(by: Actor, account: Account, kind: str, proof: Any) -> None:
    refuse_if_shut("factor.account", str(account.pk))
    if not _use_factor(by, account, proof, kind=kind):
        raise Refused(WRONG[kind])


@action("accounts.use_factor", "Xác nhận bước hai")
def _use_factor(by: Actor, account: Account, proof: Any, /, *, kind: str) -> bool:
    del by
    checks: dict[str, Callable[[Account, Any], bool]] = {
        "totp": _right_totp,
        "recovery": _right_recovery,
        "passkey": _right_passkey,
    }
    right = checks[kind](account, proof)
    note(right=right)
    if not right:
        failed(("factor.account", str(account.pk)))
    return right


def _right_totp(account: Account, code: str) -> bool:
    apps = SecondFactor.objects.filter(account=account, kind=Kind.TOTP).exclude(confirmed_at=None)
    return any(_spend_totp(factor, code) for factor in apps)


def _right_recovery(account: Account, code: str) -> bool:
    for factor in SecondFactor.objects.filter(account=account, kind=Kind.RECOVERY):
        if rules.same(rules.digest_of(queries.secret(), str(account.uuid), code), factor.data["digest"]):
            return bool(SecondFactor.objects.filter(pk=factor.pk).delete()[0])
    return False


@action("accounts.make_recovery_codes", "Tạo mã khôi phục")
def make_recovery_codes(by: Actor, account: Account, /) -> list[str]:
    """Ten new codes, each good once, shown once; the earlier ones stop working."""
    del by
    codes = [rules.recovery_code(secrets.token_bytes(10)) for _ in range(rules.RECOVERY_CODES)]
    SecondFactor.objects.filter(account=account, kind=Kind.RECOVERY).delete()
    SecondFactor.objects.bulk_create(
        SecondFactor(
            account=account,
            kind=Kind.RECOVERY,
            name="Mã khôi phục",
            data={"digest": rules.digest_of(queries.secret(), str(account.uuid), code)},
            confirmed_at=clock.now(),
        )
        for code in codes
    )
    return codes


@action("accounts.remove_factor", "Gỡ bước xác thực")
def remove_factor(by: Actor, account: Account, factor: SecondFactor, /) -> None:
    del by
    if factor.account_id != account.pk:
        raise Refused("Bước xác thực này không thuộc tài khoản của bạn.")
    last = queries.confirmed_factors(account).exclude(pk=factor.pk).count() == 0
    if last and account.second_factor_required:
        raise Refused("Đơn vị yêu cầu xác thực hai bước. Hãy thêm cách khác trước khi gỡ cách này.")
    factor.delete()
    if last:
        SecondFactor.objects.filter(account=account, kind=Kind.RECOVERY).delete()


def _server() -> Fido2Server:
    host = urlparse(settings.PUBLIC_URL).hostname or "localhost"
    return Fido2Server(PublicKeyCredentialRpEntity(name="XãSố", id=host))


def _credentials(account: Account) -> list[tuple[SecondFactor, AttestedCredentialData]]:
    keys = SecondFactor.objects.filter(account=account, kind=Kind.PASSKEY).exclude(confirmed_at=None)
    return [(factor, AttestedCredentialData(base64.b64decode(factor.data["credential"]))) for factor in keys]


def begin_passkey(account: Account) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the browser needs to make a passkey, and the challenge to keep in the session."""
    user = PublicKeyCredentialUserEntity(id=account.uuid.bytes, name=account.username, display_name=str(account.person))
    known = [credential for _, credential in _credentials(account)]
    options, state = _server().register_begin(user, known, user_verification=UserVerificationRequirement.PREFERRED)
    return dict(options), dict(state)


@action("accounts.enrol_passkey", "Thêm khoá truy cập")
def enrol_passkey(
    by: Actor, account: Account, state: dict[str, Any], response: dict[str, Any], /, *, name: str = ""
) -> SecondFactor:
    del by
    try:
        made = _server().register_complete(state, response)
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("Không thêm được khoá truy cập. Hãy tải lại trang rồi thử lần nữa.") from error
    return SecondFactor.objects.create(
        account=account,
        kind=Kind.PASSKEY,
        name=tidy(name)[:60] or "Khoá truy cập",
        data={"credential": base64.b64encode(sure(made.credential_data)).decode()},
        confirmed_at=clock.now(),
        last_step=made.counter,
    )


def begin_passkey_use(account: Account) -> tuple[dict[str, Any], dict[str, Any]]:
    known = [credential for _, credential in _credentials(account)]
    options, state = _server().authenticate_begin(known, user_verification=UserVerificationRequirement.PREFERRED)
    return dict(options), dict(state)


def _right_passkey(account: Account, proof: tuple[dict[str, Any], dict[str, Any]]) -> bool:
    state, response = proof
    known = _credentials(account)
    if not known or not state:
        return False
    try:
        used = _server().authenticate_complete(state, [credential for _, credential in known], response)
        counter = AuthenticationResponse.from_dict(response).response.authenticator_data.counter
    except (ValueError, KeyError, TypeError):
        return False
    factor = next(factor for factor, credential in known if credential.credential_id == used.credential_id)
    if counter == 0 and factor.last_step == 0:
        return True
    # A counter that does not grow means that a copy of the key is in use somewhere.
    return bool(SecondFactor.objects.filter(pk=factor.pk, last_step__lt=counter).update(last_step=counter))
