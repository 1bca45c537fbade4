"""The simulated official account as a process, for tests."""

from xaso.kit.tests.programs import Program


class Oa(Program):
    def __init__(self) -> None:
        super().__init__("xaso.modules.zalo.simulators.oa")

    def fault(self, path: str, kind: str, **more) -> None:
        self.control("fault", path=path, kind=kind, **more)

    @property
    def state(self) -> dict:
        return self.control("state")

    @property
    def sent(self) -> list[dict]:
        return self.state["sent"]

    def environment(self) -> dict[str, str]:
        return {
            "XASO_ZALO_APP_ID": "app-1", "XASO_ZALO_APP_SECRET": "app-secret", "XASO_ZALO_OA_SECRET": "oa-secret",
            "XASO_ZALO_OAUTH_URL": self.url, "XASO_ZALO_API_URL": self.url, "XASO_ZALO_ZNS_URL": self.url,
            "XASO_ZALO_PICTURE_HOSTS": "127.0.0.1",
        }  # fmt: skip
