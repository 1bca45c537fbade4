"""Ways to sign in. Another one is one more file that registers itself here:

an OpenID provider's `start` answers the address to send the browser to (state and PKCE verifier kept in the session),
its `finish` reads what came back and calls `actions.sign_in_with_identity`. The registry gives it its button on the
sign-in page and the addresses `accounts:begin` and `accounts:back`.
"""

from typing import Protocol

from django.http import HttpRequest
from django.urls import reverse

from xaso.core.accounts.actions import sign_in_with_code, sign_in_with_password
from xaso.core.accounts.models import Account
from xaso.core.accounts.sessions import CODE_PHONE, address_of
from xaso.kit.errors import Refused
from xaso.kit.registry import Registry


class SignInProvider(Protocol):
    """`audience`: resident or officer. `is_outside`: it has a button of its own on the sign-in page."""

    title: str
    audience: str
    is_outside: bool

    def start(self, request: HttpRequest) -> str:
        """Where to send the browser."""
        ...

    def finish(self, request: HttpRequest) -> Account:
        """Who came back. Raises Refused."""
        ...


PROVIDERS: Registry[SignInProvider] = Registry("sign-in provider")


class PhoneCode:
    title = "Số điện thoại"
    audience = "resident"
    is_outside = False

    def start(self, request: HttpRequest) -> str:
        del request
        return reverse("accounts:sign_in")

    def finish(self, request: HttpRequest) -> Account:
        phone = request.session.get(CODE_PHONE, "")
        if not phone:
            raise Refused("Phiên nhập mã đã hết hạn. Hãy nhập lại số điện thoại để nhận mã mới.")
        return sign_in_with_code(request.actor, phone, request.POST.get("code", ""), address=address_of(request))


class Password:
    title = "Tên đăng nhập và mật khẩu"
    audience = "officer"
    is_outside = False

    def start(self, request: HttpRequest) -> str:
        del request
        return reverse("accounts:officer")

    def finish(self, request: HttpRequest) -> Account:
        typed = request.POST
        return sign_in_with_password(
            request.actor, typed.get("username", ""), typed.get("password", ""), address=address_of(request)
        )


PROVIDERS.add("phone", PhoneCode())
PROVIDERS.add("password", Password())


def outside(audience: str) -> list[tuple[str, SignInProvider]]:
    return [(name, one) for name, one in PROVIDERS.items() if one.is_outside and one.audience == audience]
