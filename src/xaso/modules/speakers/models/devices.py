"""The register: stations, zones, devices, and the pulse of each device."""

import uuid

from django.db import models
from django.db.models import Q

from xaso.core.units.fields import UnitPathField


class Station(models.Model):
    """Đài truyền thanh of a commune: its own limits instead of those of `content/speakers.yaml`."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.OneToOneField("units.Unit", models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    quiet = models.JSONField(default=list)
    """Pairs of times of day, e.g. [["21:30", "05:00"]]."""
    caps = models.JSONField(default=list)
    """[from, until, highest volume], e.g. ["05:00", "06:00", 60]."""
    longest_seconds = models.PositiveIntegerField()
    longest_by_village = models.PositiveIntegerField()
    first = models.CharField(max_length=8, default="province")
    """Which of two priority items goes first, the commune's or the province's: TT 39 lets the commune choose."""
    drill_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Đài truyền thanh {self.unit.name}"


class Zone(models.Model):
    """Cụm loa (every device stands in at most one) or nhóm (any number of devices), with volume caps of its own."""

    class Kind(models.TextChoices):
        ZONE = "zone", "Cụm loa"
        GROUP = "group", "Nhóm loa"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField(db_index=True)
    kind = models.CharField(max_length=5, choices=Kind.choices, default=Kind.ZONE)
    code = models.CharField(max_length=20)
    """Stands in the topic `tt/v1/<xa>/zone/<code>/cmd`."""
    name = models.CharField(max_length=120)
    caps = models.JSONField(default=list)
    retired_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit_path", "code"], name="speaker_zone_code")]

    def __str__(self) -> str:
        return self.name


class Device(models.Model):
    """A loudspeaker with its modem. `unit` is the village (or the commune) whose people hear it."""

    class State(models.TextChoices):
        IN_USE = "in_use", "Đang dùng"
        REPAIR = "repair", "Đang sửa"
        LOST = "lost", "Mất"
        RETIRED = "retired", "Ngừng dùng"

    class Protocol(models.TextChoices):
        XASO = "xaso", "XãSố"
        VENDOR = "vendor", "Của hãng"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    commune_code = models.CharField(max_length=20)
    """`<xa>` in the topics: kept at the device, because the device is configured with it."""
    serial = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    place = models.CharField(max_length=200, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    maker = models.CharField(max_length=80, blank=True)
    model = models.CharField(max_length=80, blank=True)
    sim = models.CharField(max_length=22, blank=True)
    sim_phone = models.CharField(max_length=15, blank=True)
    protocol = models.CharField(max_length=6, choices=Protocol.choices, default=Protocol.XASO)
    zone = models.ForeignKey(Zone, models.PROTECT, null=True, related_name="devices")
    groups = models.ManyToManyField(Zone, related_name="members")
    state = models.CharField(max_length=7, choices=State.choices, default=State.IN_USE)
    state_since = models.DateField()
    credential = models.CharField(max_length=160, blank=True)
    """The digest in the form of Mosquitto's password file; empty: the device may not connect."""
    credential_at = models.DateTimeField(null=True)
    installed_on = models.DateField(null=True)
    programme_changed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit_path", "state"], name="speaker_device_unit")]

    def __str__(self) -> str:
        return self.name


class Pulse(models.Model):
    """What a device said last, and the minutes of 24 hours in which it was heard. Rewritten each minute, never kept."""

    device = models.OneToOneField(Device, models.CASCADE, primary_key=True, related_name="pulse")
    is_online = models.BooleanField(default=False)
    seen_at = models.DateTimeField(null=True)
    online_since = models.DateTimeField(null=True)
    offline_since = models.DateTimeField(null=True)
    uptime = models.PositiveIntegerField(default=0)
    firmware = models.CharField(max_length=40, blank=True)
    network = models.CharField(max_length=20, blank=True)
    signal = models.SmallIntegerField(default=0)
    temperature = models.FloatField(default=0)
    power = models.CharField(max_length=20, blank=True)
    relay = models.BooleanField(default=False)
    volume = models.PositiveSmallIntegerField(default=0)
    playing = models.CharField(max_length=36, blank=True)
    offset = models.FloatField(default=0)
    disk_free = models.BigIntegerField(default=-1)
    clock_offset = models.FloatField(default=0)
    programme = models.CharField(max_length=64, blank=True)
    history = models.CharField(max_length=360, blank=True)
    history_hour = models.PositiveIntegerField(default=0)

    NETWORKS = {"lan": "mạng dây", "wifi": "Wi-Fi", "lte": "4G"}

    def __str__(self) -> str:
        return f"pulse of {self.device_id}"

    @property
    def network_words(self) -> str:
        return self.NETWORKS.get(self.network, "chưa rõ")


class DeviceImport(models.Model):
    """A spreadsheet of devices between its preview and its use. Only whoever sent it may use it, and once."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    by_account = models.BigIntegerField(null=True)
    name = models.CharField(max_length=120)
    rows = models.JSONField(default=list)
    made_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(applied_at=None) | Q(applied_at__gte=models.F("made_at")), name="speaker_import_order"
            )
        ]

    def __str__(self) -> str:
        return self.name
