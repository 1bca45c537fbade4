"""A real worker process: `python -m xaso.modules.signing.tests.other_worker DATABASE FOLDER KEY CERTIFICATE`."""

import os
import sys
from pathlib import Path

import django


class FileKey:
    def __init__(self, key: Path, certificate: Path) -> None:
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        self.certificate, self.chain = certificate.read_bytes(), ()
        self._key = load_pem_private_key(key.read_bytes(), None)

    def sign(self, signed_attributes: bytes) -> bytes:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        return self._key.sign(signed_attributes, padding.PKCS1v15(), hashes.SHA256())


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
    django.setup()
    from django.db import connection
    from django.urls import get_resolver

    from xaso.core.outbox.worker import Worker
    from xaso.modules.signing.providers import PROVIDERS
    from xaso.modules.signing.tests.slow_hands import SlowHands

    database, folder, key, certificate = sys.argv[1:]
    connection.settings_dict["NAME"] = database
    PROVIDERS.add("slow", SlowHands(Path(folder), FileKey(Path(key), Path(certificate))))
    get_resolver().url_patterns  # noqa: B018
    Worker([]).run()


if __name__ == "__main__":
    main()
