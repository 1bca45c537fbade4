"""The S3-compatible store. Imported by name from `stores`, and only where a bucket is configured."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO, cast

from botocore.exceptions import ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage

from xaso.core.files import rules
from xaso.core.files.stores import sha256_of
from xaso.kit.errors import Refused

_SHA256 = re.compile(r"[0-9a-f]{64}")


class S3Store:
    """`ab/cd/<sha256>` in a bucket. The server shows an object only when all of it has arrived."""

    def __init__(self, options: dict[str, str]) -> None:
        given = {name: value for name, value in options.items() if value}
        self.storage: Any = S3Storage(
            **given, file_overwrite=True, default_acl=None, addressing_style="path", signature_version="s3v4"
        )

    def put(self, sha256: str, stream: BinaryIO) -> None:
        start = stream.tell()
        if sha256_of(stream) != sha256:
            raise Refused(rules.STORE_REFUSES)
        stream.seek(start)
        self.storage.save(_key(sha256), File(stream, name=sha256))

    def open(self, sha256: str) -> BinaryIO:
        """Raises FileNotFoundError when it is gone, as the folder does."""
        return cast("BinaryIO", self.storage.open(_key(sha256), "rb"))

    def exists(self, sha256: str) -> bool:
        return bool(self.storage.exists(_key(sha256)))

    def delete(self, sha256: str) -> None:
        self.storage.delete(_key(sha256))

    def older_than(self, moment: datetime) -> Iterator[str]:
        for found in self.storage.bucket.objects.all():
            name = found.key.rpartition("/")[2]
            if _SHA256.fullmatch(name) and found.last_modified < moment:
                yield name

    def delete_if_older(self, sha256: str, moment: datetime) -> bool:
        try:
            modified = self.storage.bucket.Object(_key(sha256)).last_modified
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
                raise
            return False
        if modified >= moment:
            return False
        self.delete(sha256)
        return True

    def sweep_leftovers(self, moment: datetime) -> int:
        """Nothing lies half written here: what a broken upload leaves, the server ends by its own rule."""
        del moment
        return 0


def _key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
