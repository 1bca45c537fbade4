"""Figures of documents and signatures are counted from their own rows; who keeps none of them is unknown, not zero."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from xaso.core.measures.periods import period_of
from xaso.kit import clock
from xaso.modules.figures import queries as figures
from xaso.modules.incoming.models import Document
from xaso.modules.incoming.tests.factories import arrived
from xaso.modules.signing.models import Certificate

pytestmark = pytest.mark.django_db
MARCH = datetime(2024, 3, 5, 9, tzinfo=clock.VIETNAM)


def now(key, unit, period="2024-03"):
    return figures.value(key, unit, period_of(period))


def test_no_backlog_is_zero_only_where_documents_come_in(ngu_kien, lien_chau, van):
    with time_machine.travel(MARCH, tick=False):
        document = arrived(ngu_kien, van)
        assert now("documents_backlog", ngu_kien).number == 1
        Document.objects.filter(pk=document.pk).update(ended_at=clock.now() - timedelta(minutes=1))
        assert (now("documents_backlog", ngu_kien).number, now("documents_backlog", ngu_kien).origin) == (0, "computed")
        assert now("documents_backlog", lien_chau).is_missing


def test_signatures_add_up_as_the_article_counts_them(province, ngu_kien, lien_chau):
    held = [(ngu_kien, "enterprise"), (ngu_kien, "individual"), (lien_chau, "individual")]
    for number, (unit, kind) in enumerate(held):
        Certificate.objects.create(
            unit=unit, unit_path=unit.path, holder_kind=kind, holder_name="Thử", folded_name="thu", means="token",
            serial=str(number), issuer="CA", valid_from=datetime(2024, 1, 2, tzinfo=clock.VIETNAM),
            valid_to=datetime(2027, 1, 2, tzinfo=clock.VIETNAM), state_at=clock.now(), added_by_name="Thử",
            added_at=clock.now(),
        )  # fmt: skip
    total = now("signatures", province)
    assert (total.number, total.origin) == (3, "computed")
    assert now("signatures_enterprises", ngu_kien).number == 1
    assert now("signatures_enterprises", lien_chau).is_missing
    assert now("signatures_individuals", province, "2023").is_missing
    assert date(2024, 3, 31) == now("signatures_individuals", province).as_of
