"""N dossiers by set-based SQL: a few statements, the same rows that the actions leave.

A dossier in three is being processed (first step), the rest are returned. Names, units and days go round.
"""

import time

from django.db import connection, transaction

from bench.rig.names import FAMILY, GIVEN, MIDDLE
from xaso.kit.fold import fold
from xaso.modules.procedures.models import ProcedureVersion

ANSWERS = (
    '{"applicant": {"full_name": "Nguyễn Thị Lan", "personal_id": "026185001234", "birth_on": "1985-03-08", "sex": '
    '"female", "address": {"line": "Số 5", "village": "Thôn 3", "commune": "Ngũ Kiên", "province": "Vĩnh Phúc"}}, '
    '"phone": "0912345601", "relation": "self", "status": "never", "purpose": "house", "reissue": false}'
)
BATCH = 50_000


def fill(count, procedure, *, parts):
    version = ProcedureVersion.objects.filter(procedure__code=procedure, superseded_at=None).latest("id")
    with connection.cursor() as cursor:
        _helpers(cursor)
        for start in range(0, count, BATCH):
            with transaction.atomic():
                _batch(cursor, start, min(BATCH, count - start), version, parts=parts)
        cursor.execute("DROP TABLE bench_names")
        cursor.execute("DROP TABLE bench_units")
        if connection.vendor == "postgresql":
            for table in ("accounts_person", "dossiers_dossier"):
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")


def _helpers(cursor):
    cursor.execute(
        "CREATE TABLE bench_names (n integer PRIMARY KEY, full_name text, folded text, a text, b text, c text)"
    )
    rows = []
    for f in FAMILY:
        for m in MIDDLE:
            for g in GIVEN:
                name = f"{f} {m} {g}"
                rows.append((len(rows), name, fold(name), *fold(name).split()))
    cursor.executemany("INSERT INTO bench_names VALUES (%s, %s, %s, %s, %s, %s)", rows)
    cursor.execute("CREATE TABLE bench_units (n integer PRIMARY KEY, id bigint, path text, code text, agency text)")
    cursor.execute(
        "INSERT INTO bench_units SELECT CAST(row_number() OVER (ORDER BY path) AS integer) - 1, id, path, code,"
        " agency_code FROM units_unit WHERE kind = 'commune'"
    )


def _series():
    if connection.vendor == "postgresql":
        return "WITH s AS (SELECT generate_series(%(a)s::bigint, %(b)s::bigint) AS n)"
    return "WITH RECURSIVE s(n) AS (SELECT %(a)s UNION ALL SELECT n + 1 FROM s WHERE n < %(b)s)"


def _words():
    """What the two databases say differently."""
    if connection.vendor == "postgresql":
        return {
            "uuid": "gen_random_uuid()",
            "pid": "'026' || lpad((n % 900000000)::text, 9, '0')",
            "phone": "'09' || lpad((n % 100000000)::text, 8, '0')",
            "number": "u.agency || '-' || lpad((240100 + n % 28)::text, 6, '0') || '-'"
            " || lpad((n / 3000)::text, 6, '0') || (n % 10)::text",
            "at": "now() - interval '1 day' - interval '1 second' * (%(count)s - n)",
            "due": "now() + interval '2 day'",
            "true": "true",
            "false": "false",
            "json": f"'{ANSWERS}'::jsonb",
        }
    return {
        "uuid": "lower(hex(randomblob(16)))",
        "pid": "'026' || printf('%%09d', n %% 900000000)",
        "phone": "'09' || printf('%%08d', n %% 100000000)",
        "number": "u.agency || '-' || printf('%%06d', 240100 + n %% 28) || '-' || printf('%%06d', n / 3000)"
        " || (n %% 10)",
        "at": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now', '-1 day', (n - %(count)s) || ' seconds')",
        "due": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now', '+2 day')",
        "true": "1",
        "false": "0",
        "json": f"'{ANSWERS}'",
    }


def _tokens(pid, phone):
    words = ["w.a", "w.b", "w.c", pid, phone]
    prefixes = ["'u26x'", "'u252x'", "('u' || u.code || 'x')"]
    return " || ' ' || ".join(f"{prefix} || {word}" for word in words for prefix in prefixes)


def _batch(cursor, start, size, version, *, parts):
    first = _first_id(cursor, "dossiers_dossier")
    known = {"a": start, "b": start + size - 1, "count": start + size, "base": first - start}
    w = {key: value.replace("n %", "n %%").replace("%%%", "%%") if connection.vendor == "postgresql" else value
         for key, value in _words().items()}  # fmt: skip
    join = "FROM s JOIN bench_names w ON w.n = s.n %% 3136 JOIN bench_units u ON u.n = s.n %% 136"
    pid, phone = f"({w['pid'].replace('n ', 's.n ')})", f"({w['phone'].replace('n ', 's.n ')})"
    at = w["at"].replace("- n)", "- s.n)").replace("(n -", "(s.n -")
    number = w["number"].replace("n /", "s.n /").replace("n %%", "s.n %%").replace("+ s.s.n", "+ s.n")
    cursor.execute(
        f"""{_series()} INSERT INTO accounts_person (uuid, full_name, folded_name, personal_id, old_id, sex, phone,
        email, address, is_demo) SELECT {w["uuid"]}, w.full_name, w.folded, {pid}, '', 'female', {phone}, '', 'Thôn 3',
        {w["false"]} {join}""",
        known,
    )
    cursor.execute(
        f"""{_series()} INSERT INTO dossiers_dossier (id, uuid, number, secret, procedure_id, version_id, case_key,
        unit_id, unit_path, received_by_unit_id, state, payment_state, delivery_state, sync_state, channel, filing,
        result_by, owner_person_id, applicant_name, applicant_id, applicant_sex, applicant_phone, applicant_email,
        applicant_address, content, answers, search_tokens, step_key, step_role, submitted_at, accepted_at, due_at,
        finished_at, returned_at, on_time_legal, supplements_asked, needs_apology, rating_comment)
        SELECT %(base)s + s.n, {w["uuid"]}, {number}, 'ABCDEFGH', {version.procedure_id}, {version.pk}, 'thuong', u.id,
        u.path, u.id, CASE WHEN s.n %% 3 = 0 THEN 4 ELSE 10 END, 'unknown',
        CASE WHEN s.n %% 3 = 0 THEN 'none' ELSE 'delivered' END,
        'local', CASE WHEN s.n %% 5 = 0 THEN 'online' ELSE 'counter' END, 'self', 'counter',
        (SELECT max(id) FROM accounts_person) - %(b)s + s.n, w.full_name, {pid}, 'female', {phone}, '', 'Thôn 3', '',
        {w["json"]}, {_tokens(pid, phone)},
        CASE WHEN s.n %% 3 = 0 THEN 'xu_ly' ELSE '' END, CASE WHEN s.n %% 3 = 0 THEN 'handler' ELSE '' END,
        {at}, {at}, {w["due"]}, CASE WHEN s.n %% 3 = 0 THEN NULL ELSE {at} END,
        CASE WHEN s.n %% 3 = 0 THEN NULL ELSE {at} END, CASE WHEN s.n %% 3 = 0 THEN NULL ELSE {w["true"]} END, 0,
        {w["false"]}, '' {join}""",
        known,
    )
    if parts:
        _parts(cursor, first, first + size - 1, w)


def _first_id(cursor, table):
    cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")
    return cursor.fetchone()[0]


def _parts(cursor, first, last, w):
    fresh = f"FROM dossiers_dossier d WHERE d.id BETWEEN {first} AND {last}"
    for key, name in (("to_khai", "Tờ khai"), ("uy_quyen", "Văn bản uỷ quyền"), ("giay_to_tuy_than", "Thẻ căn cước")):
        cursor.execute(
            f"""INSERT INTO dossiers_submittedpaper (dossier_id, key, name, is_required, is_handed_in, originals,
            copies, from_data, is_reused, note) SELECT d.id, '{key}', '{name}', {w["true"]}, {w["true"]}, 1, 0,
            {w["false"]}, {w["false"]}, '' {fresh}"""
        )
    columns = "dossier_id, key, label, kind, role, who, started_at, finished_at, outcome, note"
    done = "CASE WHEN d.state = 4 THEN NULL ELSE d.finished_at END, CASE WHEN d.state = 4 THEN '' ELSE 'done' END"
    for key, label, kind, ended in (
        ("receive", "Tiếp nhận hồ sơ", "receive", "d.accepted_at, 'done'"),
        ("xu_ly", "Xem xét hồ sơ", "process", done),
    ):
        cursor.execute(
            f"""INSERT INTO dossiers_step ({columns}) SELECT d.id, '{key}', '{label}', '{kind}', 'handler', 'Cán bộ',
            d.accepted_at, {ended}, '' {fresh}"""
        )
    for key in ("xac_minh", "tham_dinh", "ky", "phat_hanh", "return"):
        cursor.execute(
            f"""INSERT INTO dossiers_step ({columns}) SELECT d.id, '{key}', '{key}', 'process', 'handler', 'Cán bộ',
            d.accepted_at, d.finished_at, 'done', '' {fresh} AND d.state = 10"""
        )
    cursor.execute(
        f"""INSERT INTO deadlines_clock (subject, unit_path, kind, state, started_at, counted_from_at, limit_amount,
        limit_unit, same_day, due_original_at, due_legal_at, due_shown_at, outcome, reschedule_reason)
        SELECT 'dossiers.Dossier:' || d.id, d.unit_path, 'dossier',
        CASE WHEN d.state = 4 THEN 'running' ELSE 'finished' END, d.accepted_at, d.accepted_at, 3,
        'workday', {w["false"]}, d.due_at, d.due_at, d.due_at, '', '' {fresh}"""
    )
    cursor.execute(
        f"""INSERT INTO audit_entry (at, unit_path, actor_kind, actor_name, via, verb, within, subject, outcome,
        details, digest, position, link) SELECT d.accepted_at, d.unit_path, 'machine', 'bench', 'api:bench',
        'dossiers.receive', '', 'dossiers.Dossier:' || d.id, 'done', '{{}}', '', d.id, '' {fresh}"""
    )


def timed(function):
    begun = time.monotonic()
    function()
    return time.monotonic() - begun
