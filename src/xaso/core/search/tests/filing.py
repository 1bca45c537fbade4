"""Things to find, made of persons' rows: any row will do."""

from datetime import UTC, datetime, timedelta

from xaso.core.accounts.models import Person
from xaso.core.search.actions import index
from xaso.kit.subject import ref

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def thing() -> Person:
    return Person.objects.create(full_name="", folded_name="")


def filed(title, unit, *texts, days=0, permission="dossiers.view", one=None, line="", owner=None, whole=()):
    """Files a thing and gives its reference."""
    one = one or thing()
    index(
        one,
        permission=permission,
        unit_path=unit if isinstance(unit, str) else unit.path,
        title=title,
        line=line,
        texts=texts,
        url=f"/desk/thu/{one.uuid}/",
        moment=START + timedelta(days=days),
        owner_person_id=owner,
        whole=whole,
    )
    return ref(one)
