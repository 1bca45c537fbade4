"""A passkey in software: what a phone or a security key does, for tests."""

import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode

PRESENT_AND_VERIFIED = 0x05
WITH_CREDENTIAL = 0x40


class Authenticator:
    """One key, with the counter that grows at each use."""

    def __init__(self, origin: str = "http://localhost:8000", rp_id: str = "localhost", name: bytes = b"key-1") -> None:
        self.origin, self.rp_id, self.credential_id = origin, rp_id, name.ljust(16, b"\0")
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.counter = 0

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _head(self, flags: int) -> bytes:
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        size = len(self.credential_id).to_bytes(2, "big")
        data = self._head(PRESENT_AND_VERIFIED | WITH_CREDENTIAL) + bytes(16) + size + self.credential_id + public
        made = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client_data("webauthn.create", options["publicKey"]["challenge"])
        return self._answer({"attestationObject": made, "clientDataJSON": client})

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        allowed = [websafe_decode(one["id"]) for one in options["publicKey"]["allowCredentials"]]
        assert self.credential_id in allowed
        self.counter += 1
        client = self._client_data("webauthn.get", options["publicKey"]["challenge"])
        data = self._head(PRESENT_AND_VERIFIED)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer({"authenticatorData": data, "signature": signature, "clientDataJSON": client})

    def _answer(self, response: dict[str, bytes]) -> dict[str, Any]:
        key = websafe_encode(self.credential_id)
        packed = {name: websafe_encode(value) for name, value in response.items()}
        return {"id": key, "rawId": key, "type": "public-key", "response": packed, "clientExtensionResults": {}}
