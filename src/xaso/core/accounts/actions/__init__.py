"""Verbs of accounts: signing in, second factors, a person's own data, officers' posts and machines' keys.

Secrets and personal data are passed by position: only keywords go into the audit chain, which never forgets.
"""

from xaso.core.accounts.actions.factors import (
    PASSKEY_STATE,
    begin_passkey,
    begin_passkey_use,
    confirm_totp,
    enrol_passkey,
    enrol_totp,
    make_recovery_codes,
    remove_factor,
    use_passkey,
    use_recovery_code,
    use_totp,
)
from xaso.core.accounts.actions.mail import confirm_email, request_email_code, set_email
from xaso.core.accounts.actions.people import (
    Profile,
    change_password,
    close_account,
    complete_profile,
    end_sessions,
    know_person,
)
from xaso.core.accounts.actions.posts import (
    appoint,
    end_post,
    make_token,
    open_officer,
    renew_password,
    revoke_token,
    substitute,
)
from xaso.core.accounts.actions.signing_in import (
    request_code,
    sign_in_as_demo,
    sign_in_with_code,
    sign_in_with_identity,
    sign_in_with_password,
)

__all__ = [
    "PASSKEY_STATE",
    "Profile",
    "appoint",
    "begin_passkey",
    "begin_passkey_use",
    "change_password",
    "close_account",
    "complete_profile",
    "confirm_email",
    "confirm_totp",
    "end_post",
    "end_sessions",
    "enrol_passkey",
    "enrol_totp",
    "know_person",
    "make_recovery_codes",
    "make_token",
    "open_officer",
    "remove_factor",
    "renew_password",
    "request_code",
    "request_email_code",
    "revoke_token",
    "set_email",
    "sign_in_as_demo",
    "sign_in_with_code",
    "sign_in_with_identity",
    "sign_in_with_password",
    "substitute",
    "use_passkey",
    "use_recovery_code",
    "use_totp",
]
