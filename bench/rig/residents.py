"""`python bench/rig/residents.py FOLDER N`: N residents who are signed in; writes FOLDER/residents.json."""

import json
import os
import sys
from pathlib import Path

import django

AGENT = "bench"


def main(folder, count):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
    django.setup()
    from types import SimpleNamespace

    from django.contrib.sessions.backends.db import SessionStore

    from xaso.core.accounts.middleware import ACCOUNT, DEVICE, EPOCH, device_of
    from xaso.core.accounts.models import Account, Person
    from xaso.core.units.models import Unit

    keys = []
    for n in range(count):
        person = Person.objects.create(
            full_name=f"Nguyễn Thị {n}", folded_name=f"nguyen thi {n}", personal_id=f"001185{n:06d}",
            birth_on="1985-03-08", sex="female", phone=f"03{n:08d}", address="Thôn 3",
        )  # fmt: skip
        account = Account.objects.create(username=f"resident{n}", person=person, phone=f"03{n:08d}", password="!")
        session = SessionStore()
        session[ACCOUNT], session[EPOCH] = account.pk, 0
        session[DEVICE] = device_of(SimpleNamespace(headers={"User-Agent": AGENT}))
        session.save()
        keys.append(session.session_key)
    unit = Unit.objects.communes().first()
    (Path(folder) / "residents.json").write_text(json.dumps({"sessions": keys, "unit": unit.pk}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
