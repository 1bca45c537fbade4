"""Makes one database ready: tables, catalogue, a province of 136 communes, officers' tokens, N dossiers.

`python bench/rig/prepare.py FOLDER N [--bare] [--list-only]`; the database is named by the environment.
Writes FOLDER/cast.json: tokens, and a sample of dossiers for the operations.
"""

import json
import os
import sys
import time
from datetime import date
from pathlib import Path

import django

COMMUNES = 136
LONG_AGO = date(2020, 1, 1)
PROCEDURE = "1.004873"
SAMPLE = 30_000


def main(arguments):
    folder, count = Path(arguments[0]), int(arguments[1])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
    django.setup()
    from django.core.management import call_command

    begun = time.monotonic()
    call_command("migrate", verbosity=0)
    tokens = _cast()
    from bench.rig import filler
    from xaso.core.measures.counting import rebuild_all

    filler.fill(count, PROCEDURE, parts="--list-only" not in arguments)
    rebuild_all()
    if "--bare" in arguments:
        _lighten()
    _tidy()
    (folder / "cast.json").write_text(json.dumps({"tokens": tokens, **_sample()}))
    print(f"{count} dossiers ready in {time.monotonic() - begun:.0f} s", flush=True)


def _cast():
    from xaso.core.access import SYSTEM
    from xaso.core.accounts.models import Account, ApiToken, Person, Post
    from xaso.core.accounts.queries import digest_of_key
    from xaso.core.units.models import Unit
    from xaso.modules.procedures.actions import load_procedures

    load_procedures(SYSTEM)
    province = Unit.objects.create(
        code="26", name="Vĩnh Phúc", kind="province", path="26.", valid_from=LONG_AGO, agency_code="H62"
    )
    district = Unit.objects.create(
        code="252", name="Vĩnh Tường", kind="district", parent=province, path="26.252.", valid_from=LONG_AGO,
        agency_code="H62.28",
    )  # fmt: skip
    tokens = []
    for n in range(COMMUNES):
        code = f"{9000 + n:05d}"
        unit = Unit.objects.create(
            code=code, name=f"Xã {n}", kind="commune", parent=district, path=f"26.252.{code}.", valid_from=LONG_AGO,
            agency_code=f"H62.28.{n + 100}",
        )  # fmt: skip
        person = Person.objects.create(full_name=f"Cán bộ {n}", folded_name=f"can bo {n}")
        account = Account.objects.create(username=f"bench{n}", person=person, password="!")
        Post.objects.create(account=account, unit=unit, unit_path=unit.path, role="partner", valid_from=LONG_AGO)
        key = f"xaso_bench_{n}"
        scopes = [
            "dossiers.view", "dossiers.receive", "dossiers.bulk_receive", "dossiers.accept", "dossiers.submit",
            "dossiers.forward", "dossiers.finish_step", "dossiers.return_result", "procedures.view",
        ]  # fmt: skip
        ApiToken.objects.create(
            name=f"bench {n}", digest=digest_of_key(key), account=account, unit_path=unit.path, scopes=scopes
        )
        tokens.append({"unit": code, "token": key})
    return tokens


def _lighten():
    """The yardstick keeps no search index and no lock on its log, and counts with a row made beforehand."""
    from django.db import connection

    from xaso.core.audit import lock
    from xaso.core.numbering.models import Counter
    from xaso.core.units.models import Unit

    lock.remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP INDEX dossiers_search")
        else:
            for name in ("insert", "delete", "update"):
                cursor.execute(f"DROP TRIGGER dossiers_search_{name}")
            cursor.execute("DROP TABLE dossiers_search")
        cursor.execute("UPDATE dossiers_dossier SET search_tokens = ''")
    Counter.objects.bulk_create(
        [Counter(book="dossier", unit_path=unit.path, period="bare", value=0) for unit in Unit.objects.communes()]
    )


def _tidy():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
        if connection.vendor == "postgresql":
            cursor.execute("CHECKPOINT")


def _sample():
    from xaso.modules.dossiers.models import Dossier

    rows = list(Dossier.objects.order_by("-pk").values_list("uuid", "unit_path", "state", "number")[:SAMPLE])
    code = [row[1].split(".")[2] for row in rows]
    return {
        "any": [(str(row[0]), unit) for row, unit in zip(rows, code, strict=True)],
        "processing": [(str(row[0]), unit) for row, unit in zip(rows, code, strict=True) if row[2] == 4],
    }


if __name__ == "__main__":
    main(sys.argv[1:])
