"""A category belongs to an agency of one commune, and to a role everywhere else."""

import pytest

from xaso.core.accounts.models import Post
from xaso.core.accounts.queries import actor_of
from xaso.core.accounts.tests.cast import LONG_AGO, make_account
from xaso.core.units.models import Unit
from xaso.kit.declared import ContentError
from xaso.kit.errors import Missing
from xaso.modules.feedback import actions
from xaso.modules.feedback.definitions import desk
from xaso.modules.feedback.models import Report
from xaso.modules.feedback.queries.reports import found, seen
from xaso.modules.feedback.tests.factories import ANSWER, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def content(settings, tmp_path):
    """`content("den", "{09157: x}")` names who owns a category where."""

    def named(code: str, owners: str) -> None:
        text = (settings.CONTENT_DIRS[0] / "feedback.yaml").read_text(encoding="utf-8")
        changed = text.replace(f"{{code: {code},", f"{{code: {code}, owner_units: {owners},")
        assert changed != text
        (tmp_path / "feedback.yaml").write_text(changed, encoding="utf-8")
        desk.cache_clear()

    settings.CONTENT_DIRS = [*settings.CONTENT_DIRS, tmp_path]
    yield named
    desk.cache_clear()


@pytest.fixture
def works_office(ngu_kien) -> Unit:
    return Unit.objects.create(
        code="0915790", name="Phòng Kinh tế, hạ tầng", kind="agency", parent=ngu_kien, path="26.252.09157.0915790.",
        valid_from=LONG_AGO,
    )  # fmt: skip


@pytest.fixture
def engineer(works_office):
    """A handler of that office, not of the commune itself."""
    account = make_account("binh")
    Post.objects.create(
        account=account, unit=works_office, unit_path=works_office.path, role="handler", valid_from=LONG_AGO
    )
    return actor_of(account.pk)


def test_the_owning_office_is_proposed_by_name_and_gets_it(content, browser_of, ngu_kien, minh, an, engineer):
    content("den", '{"09157": "0915790"}')
    report = sent(ngu_kien)
    shown = browser_of(minh).get(f"/desk/feedback/{report.uuid}/phan-loai/").content.decode()
    assert "Phụ trách “Đèn, điện chiếu sáng”: Tạ Văn Bình, Chuyên viên, Phòng Kinh tế, hạ tầng" in shown
    actions.accept(minh, report)
    assert report.lead_name == "Tạ Văn Bình"
    assert found(engineer, report.uuid) == report
    assert browser_of(engineer).get(report.get_absolute_url()).status_code == 200
    actions.answer(engineer, actions.take(engineer, report), said=actions.Words(ANSWER))
    assert report.state == "answered"


def test_elsewhere_and_without_that_office_the_role_gets_it(content, ngu_kien, lien_chau, minh, an, engineer):
    content("den", '{"09055": "0915790"}')
    assert actions.accept(minh, sent(ngu_kien)).lead_name == "Phạm Thị An"
    content("den", '{"09157": "no-such-unit"}')
    assert actions.accept(minh, sent(ngu_kien)).lead_name == "Phạm Thị An"


def test_an_office_reads_only_what_it_was_given(content, ngu_kien, minh, engineer):
    other = sent(ngu_kien)
    assert list(seen(engineer)) == []
    with pytest.raises(Missing):
        found(engineer, other.uuid)
    actions.accept(minh, other)
    assert list(Report.objects.filter(lead_person_id=engineer.person_id)) == []


def test_a_wrong_code_of_a_unit_is_named(content):
    content("den", '{"09157": "phòng kinh tế"}')
    with pytest.raises(ContentError, match="owner_units"):
        desk()
