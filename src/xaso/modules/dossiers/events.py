"""What happens to a dossier that others may care about."""

from xaso.kit.events import event


@event
class DossierSubmitted:
    dossier_id: int


@event
class DossierAccepted:
    dossier_id: int


@event
class DossierTold:
    """Something the resident must be told: `template` names the message, `paper` the form to issue with it."""

    dossier_id: int
    template: str
    paper: str = ""
    note: str = ""
