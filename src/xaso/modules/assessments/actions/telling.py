"""The unit's leader and focal official are told what became of its assessment. Runs after the commit, as the system."""

from __future__ import annotations

from django.urls import reverse

from xaso.core.access import Actor
from xaso.core.accounts.queries import officers_of
from xaso.core.actions import action
from xaso.modules.assessments.models import Assessment
from xaso.modules.notifications.actions import notify

TOLD = ("leader", "focal")


@action("assessments.tell", "Báo tin cho đơn vị được đánh giá")
def tell(by: Actor, assessment: Assessment, /, *, template: str, note: str = "") -> Assessment:
    people = {
        post.account.person_id: post.account.person
        for role in TOLD
        for post in officers_of(assessment.unit_path, role)
        if post.account.person
    }
    values = {
        "unit": assessment.unit.full_name,
        "round": assessment.round.title,
        "note": note or "xem trong bài đánh giá",
        "until": f"{assessment.round.appeal_until:%d/%m/%Y}" if assessment.round.appeal_until else "chưa định",
    }
    for person in people.values():
        notify(
            by,
            person,
            template,
            subject=assessment,
            unit_path=assessment.unit_path,
            values=values,
            link=reverse("desk-assessments:assessment", args=[assessment.uuid]),
            key=f"{template}:{assessment.pk}:{assessment.steps.count()}:{person.pk}",
        )
    return assessment
