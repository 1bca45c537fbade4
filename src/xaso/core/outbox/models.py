from django.db import models


class Delivery(models.Model):
    """One event for one handler. Written in the transaction of the change it tells of."""

    class State(models.TextChoices):
        WAITING = "waiting", "chờ gửi"
        RUNNING = "running", "đang gửi"
        DONE = "done", "đã xong"
        STUCK = "stuck", "cần người xem"

    event = models.CharField(max_length=80)
    handler = models.CharField(max_length=120)
    payload = models.JSONField()
    cause = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at", "id"], name="outbox_open", condition=models.Q(state__in=["waiting", "running"])
            ),
            models.Index(fields=["id"], name="outbox_stuck", condition=models.Q(state="stuck")),
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.handler}"


class JobRun(models.Model):
    """When a job by the clock last ran, so that two workers run it once."""

    name = models.CharField(max_length=80, unique=True)
    due_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
