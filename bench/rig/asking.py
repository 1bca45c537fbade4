"""Requests of each operation, the same for both sides, made before the slice begins."""

import json
import random

from bench.rig.driver import request
from bench.rig.names import FAMILY, GIVEN, MIDDLE

URL = "/api/v1/dossiers/"
PLACE = {"line": "Số 5", "village": "Thôn 3", "commune": "Ngũ Kiên", "province": "Vĩnh Phúc"}
MANY = 1_500


class Maker:
    """Makes requests; remembers what it has used up, so that a step is finished once."""

    def __init__(self, cast_of, seed=None):
        self.random = random.Random(seed)
        self.tokens = {side: {row["unit"]: row["token"] for row in cast["tokens"]} for side, cast in cast_of.items()}
        self.units = [row["unit"] for row in next(iter(cast_of.values()))["tokens"]]
        self.any = {side: cast["any"] for side, cast in cast_of.items()}
        self.processing = {side: list(cast["processing"]) for side, cast in cast_of.items()}

    def person(self):
        pick = self.random.choice
        year = self.random.randrange(50, 99)
        return {
            "full_name": f"{pick(FAMILY)} {pick(MIDDLE)} {pick(GIVEN)}",
            "personal_id": f"0261{year}{self.random.randrange(10**6):06d}",
            "birth_on": f"19{year}-03-08", "sex": "female", "phone": f"09{self.random.randrange(10**8):08d}",
            "address": "Thôn 3, xã Ngũ Kiên",
        }  # fmt: skip

    def dossier(self, procedure="1.004873"):
        who = self.person()
        person = {key: who[key] for key in ("full_name", "personal_id", "sex")} | {
            "birth_on": "08/03/" + who["birth_on"][:4], "address": PLACE,
        }  # fmt: skip
        return {
            "procedure": procedure,
            "applicant": who,
            "answers": {
                "applicant": person, "phone": who["phone"], "relation": "self", "person": person, "status": "never",
                "purpose": "house", "reissue": "no", "receive_by": "counter", "pledge": True,
            },
            "papers": [{"key": "to_khai", "originals": 1}, {"key": "giay_to_tuy_than", "from_data": True}],
        }  # fmt: skip

    def create(self, side):
        return [self._create(side) for _ in range(MANY)]

    def _create(self, side):
        unit = self.random.choice(self.units)
        body = json.dumps({"unit": unit, "forward": True, **self.dossier()}, ensure_ascii=False).encode()
        key = f"Idempotency-Key: {self.random.getrandbits(96):x}\r\n"
        return request("POST", URL, side.port, body, self._token(side, unit), key)

    def bulk(self, side):
        made = []
        for _ in range(40):
            unit = self.random.choice(self.units)
            items = [self.dossier() for _ in range(100)]
            body = json.dumps({"unit": unit, "forward": True, "items": items}, ensure_ascii=False).encode()
            made.append(request("POST", URL + "bulk", side.port, body, self._token(side, unit)))
        return made

    def open(self, side):
        picked = self.random.choices(self.any[side.name], k=MANY)
        return [request("GET", URL + uuid, side.port, token=self._token(side, unit)) for uuid, unit in picked]

    def step(self, side):
        waiting = self.processing[side.name]
        picked = [waiting.pop() for _ in range(min(600, len(waiting)))]
        body = json.dumps({"remark": "Đã xem xét, đủ điều kiện"}, ensure_ascii=False).encode()
        return [
            request("POST", f"{URL}{uuid}/finish-step", side.port, body, self._token(side, unit))
            for uuid, unit in picked
        ]

    def list(self, side):
        return [self._list(side, "state=10&channel=counter&received_from=2024-01-01") for _ in range(MANY)]

    def search(self, side):
        made = []
        for _ in range(MANY):
            words = (
                f"{self.random.choice(('nguyen', 'tran', 'hoang', 'vu'))}+{self.random.choice(('lan', 'hung', 'mai'))}"
            )
            made.append(self._list(side, f"q={words}"))
        return made

    def _list(self, side, query):
        unit = self.random.choice(self.units)
        more = f"&unit={unit}" if side.name == "bare" else ""
        return request("GET", f"{URL}?{query}{more}", side.port, token=self._token(side, unit))

    def _token(self, side, unit):
        return "" if side.name == "bare" else self.tokens[side.name][unit]
