"""A first quarter with two dossiers of January, and a report of it that is brought where a test wants it."""

from datetime import datetime

import pytest
import time_machine

from xaso.core.access import SYSTEM
from xaso.kit import clock
from xaso.modules.dossiers.tests import factories
from xaso.modules.indicators.actions import load_sets
from xaso.modules.reports.actions.signing import make_files, sign_report
from xaso.modules.reports.actions.writing import begin_report, submit_report, write_report
from xaso.modules.reports.models import Report
from xaso.modules.reports.queries.reports import kind_named

Q1 = "2024-Q1"
KIND = "khcn-cds"


def on(month: int, day: int, hour: int = 9) -> time_machine.travel:
    return time_machine.travel(datetime(2024, month, day, hour, tzinfo=clock.VIETNAM), tick=False)


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def sets(db):
    load_sets(SYSTEM)


@pytest.fixture
def dossiers(catalogue, minh, an, thu, ngu_kien):
    with on(1, 10):
        return [factories.received(minh, ngu_kien) for _ in range(2)]


@pytest.fixture
def begun(mai, ngu_kien) -> Report:
    with on(4, 1):
        return begin_report(mai, ngu_kien, kind=KIND, period=Q1)


@pytest.fixture
def written(begun, mai) -> Report:
    texts = {section.key: f"Nội dung {section.title}" for section in kind_named(KIND).sections}
    with on(4, 1, 10):
        return write_report(mai, begun, texts=texts, revision=begun.revision)


@pytest.fixture
def waiting(written, mai) -> Report:
    with on(4, 1, 11):
        return submit_report(mai, written)


@pytest.fixture
def signed(dossiers, waiting, hoa) -> Report:
    with on(4, 5):
        return make_files(SYSTEM, sign_report(hoa, waiting))
