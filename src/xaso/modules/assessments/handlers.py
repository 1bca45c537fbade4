"""After an assessment moved: its unit hears of it."""

from xaso.core.access import SYSTEM
from xaso.kit.events import on
from xaso.modules.assessments.actions.telling import tell
from xaso.modules.assessments.events import AssessmentTold
from xaso.modules.assessments.models import Assessment


@on(AssessmentTold)
def the_unit_must_be_told(fact: AssessmentTold) -> None:
    found = Assessment.objects.select_related("unit", "round").get(pk=fact.assessment_id)
    tell(SYSTEM, found, template=fact.template, note=fact.note)
