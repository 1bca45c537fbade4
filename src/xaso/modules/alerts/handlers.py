"""What alerts hear: drills whose sound is ready, and our own emergencies, which go into the public feed."""

from xaso.core.access import SYSTEM
from xaso.kit.events import on
from xaso.modules.alerts import queries
from xaso.modules.alerts.actions import issue_alert, issue_cancel, play_drill
from xaso.modules.audio.events import RecordingReady
from xaso.modules.bulletins import queries as bulletins
from xaso.modules.bulletins.events import BulletinApproved, BulletinCancelled


@on(RecordingReady)
def a_drill_can_be_heard(fact: RecordingReady) -> None:
    for alert in queries.spoken_as(fact.recording):
        play_drill(SYSTEM, alert)


@on(BulletinApproved)
def an_emergency_is_told_to_machines(fact: BulletinApproved) -> None:
    """What came to us as CAP is not given out again as ours: its sender does that."""
    found = bulletins.bulletin(fact.uuid)
    if found.is_emergency and not found.origin:
        paths = list(found.unit_paths)
        issue_alert(SYSTEM, found.unit, bulletin=fact.uuid, title=found.title, text=found.text, paths=paths)


@on(BulletinCancelled)
def an_emergency_is_called_off(fact: BulletinCancelled) -> None:
    earlier = queries.issued_for(fact.uuid)
    if earlier is not None:
        issue_cancel(SYSTEM, earlier.unit, earlier=earlier, reason=fact.reason)
