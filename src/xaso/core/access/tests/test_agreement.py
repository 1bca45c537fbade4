"""One answer: a row is in the list of a permission exactly when its button would be shown.

Every role of `content/roles.yaml`, every permission, every relation of a thing to the officer's unit and to the person.
"""

import itertools

import pytest
from django.apps import apps

from xaso.core.access import ANONYMOUS, SYSTEM, Actor, Grant, visible
from xaso.core.access.roles import roles
from xaso.core.files.models import Blob, StoredFile
from xaso.kit import clock

pytestmark = pytest.mark.django_db
# The own commune, a neighbour, one whose code begins alike, a village of ours, the district, the province, another
# province whose code begins alike, and a thing of no unit.
PLACES = (
    "26.252.09157.", "26.252.09055.", "26.252.0915.", "26.252.09157.01.", "26.252.", "26.", "2.", "260.252.09157.", "",
)  # fmt: skip
POSTS = ("26.252.09157.", "26.252.", "26.")
WITHOUT_A_POST = {"anyone", "resident"}


@pytest.fixture
def things(lan, nam):
    blob = Blob.objects.create(sha256="0" * 64, size=1, media_type="application/pdf", created_at=clock.now())
    return StoredFile.objects.bulk_create(
        StoredFile(
            blob=blob, subject=f"x:{number}", unit_path=place, owner_person_id=owner, kind="x", name="x.pdf",
            original_media_type="application/pdf", created_at=clock.now(),
        )
        for number, (place, owner) in enumerate(itertools.product(PLACES, (None, lan.person_id, nam.person_id)))
    )  # fmt: skip


def actors(role, person_id):
    """The role alone; as a machine narrowed to one permission; and beside a resident's own rights."""
    posts = ("",) if role in WITHOUT_A_POST else POSTS
    for post in posts:
        grant = Grant(role, 1 if post else None, post)
        yield Actor("person", 1, person_id, "Thử", (grant,))
        yield Actor("person", 1, person_id, "Thử", (Grant("resident"), grant))
        yield Actor("person", 1, None, "Thử", (grant,))
        yield Actor("machine", 1, person_id, "Thử", (grant,), scopes=frozenset({"files.view", "dossiers.view"}))


@pytest.mark.parametrize("role", sorted(roles()))
def test_the_list_and_the_button_agree(role, things, lan):
    permissions = [*sorted(roles()[role]), "files.view", "dossiers.view", "nobody.may"]
    by_scope = {roles()[role].get(name, name): name for name in permissions}  # one permission of each scope, and others
    for by, name in itertools.product(actors(role, lan.person_id), {*by_scope.values(), "files.view", "nobody.may"}):
        listed = set(visible(by, name, StoredFile.objects.all()).values_list("pk", flat=True))
        allowed = {thing.pk for thing in things if by.may(name, on=thing)}
        assert listed == allowed, (by, name)
        assert not allowed or by.may(name), "allowed on a thing and yet nowhere"


def test_a_neighbour_whose_code_begins_alike_is_another_unit(things):
    by = Actor("person", 1, None, "Thử", (Grant("supervisor", 1, "26."),))
    seen = set(visible(by, "papers.view", StoredFile.objects.all()).values_list("unit_path", flat=True))
    assert seen == {"26.252.09157.", "26.252.09055.", "26.252.0915.", "26.252.09157.01.", "26.252.", "26."}


def test_the_system_sees_all_and_a_guest_nothing(things):
    assert visible(SYSTEM, "files.view", StoredFile.objects.all()).count() == len(things)
    assert not visible(ANONYMOUS, "files.view", StoredFile.objects.all()).exists()
    assert not any(ANONYMOUS.may("files.view", on=thing) for thing in things)


def owned_models():
    return [model for model in apps.get_models() if hasattr(model, "ACCESS_OWNER_FIELD")]


@pytest.mark.parametrize("model", owned_models(), ids=lambda model: model._meta.label)
def test_an_owner_column_says_what_the_row_says(model):
    """`visible` filters by the column, `may` asks the row: both must mean the same person."""
    *way, name = model.ACCESS_OWNER_FIELD.split("__")
    for owner, expected in ((4711, (4711,)), (None, ())):
        row = _owned(model, way, name, owner)
        assert row.owner_person_ids == expected


def _owned(model, way, name, owner):
    if way:
        related = model._meta.get_field(way[0]).related_model
        return model(**{way[0]: _owned(related, way[1:], name, owner)})
    columns = {field.attname: field.attname for field in model._meta.fields}
    columns |= {field.name: field.attname for field in model._meta.fields}
    return model(**{columns[name]: owner})
