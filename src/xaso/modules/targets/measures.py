"""What plans give to indicators: tasks by the month they were due in, money by the day it was spent."""

from django.db.models import Aggregate, F, Q, Sum

from xaso.core.measures.declaring import Family, Measure, declare

UNIT = "nhiệm vụ"
REACHED = Q(state__in=["done", "keep_up"], finished_on__lte=F("due_on"))


def _amount(where: Q | None) -> Aggregate:
    return Sum("amount", filter=where)


declare(
    Family(
        "targets.tasks",
        "targets.Task",
        "due_on",
        "targets.view",
        (
            Measure("targets.tasks_due", "Nhiệm vụ đến hạn", UNIT),
            Measure("targets.tasks_on_time", "Nhiệm vụ hoàn thành đúng hạn", UNIT, where=REACHED),
        ),
        base=~Q(state="cancelled"),
    )
)
declare(
    Family(
        "targets.money",
        "targets.Spending",
        "spent_on",
        "targets.view",
        (Measure("targets.spent", "Kinh phí đã chi theo kế hoạch", "đồng", amount=_amount),),
    )
)
