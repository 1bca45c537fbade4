"""What happens to an assessment that its unit must be told."""

from xaso.kit.events import event


@event
class AssessmentTold:
    """`template` names the message, `note` is what a person wrote."""

    assessment_id: int
    template: str
    note: str = ""
