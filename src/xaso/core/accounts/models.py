"""A person is known once; an account is how that person, or a machine, signs in; a post is what an officer may do."""

import uuid
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from xaso.core.units.fields import UnitPathField


class Person(models.Model):
    """A resident, known by the personal id (số định danh cá nhân) where there is one."""

    class Sex(models.TextChoices):
        MALE = "male", "Nam"
        FEMALE = "female", "Nữ"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    full_name = models.CharField(max_length=120)
    folded_name = models.CharField(max_length=120)
    personal_id = models.CharField(max_length=12, null=True, unique=True)
    old_id = models.CharField(max_length=9, blank=True)
    birth_on = models.DateField(null=True)
    sex = models.CharField(max_length=6, choices=Sex.choices, blank=True)
    phone = models.CharField(max_length=15, blank=True)
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=300, blank=True)
    is_demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.full_name


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=username)


class Account(AbstractBaseUser):
    """A way to sign in. Officers: username, password and a second factor. Residents: phone and one-time code."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(max_length=60, unique=True)
    person = models.OneToOneField(Person, models.PROTECT, related_name="account")
    phone = models.CharField(max_length=15, null=True, unique=True)
    official_email = models.EmailField(blank=True)
    email_set_at = models.DateTimeField(null=True)
    email_confirmed_at = models.DateTimeField(null=True)
    is_active = models.BooleanField(default=True)
    second_factor_required = models.BooleanField(default=False)
    session_epoch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    objects = AccountManager()

    def __str__(self) -> str:
        return self.username

    @property
    def owner_person_ids(self) -> tuple[int, ...]:
        return (self.person_id,)


class PostQuerySet(models.QuerySet["Post"]):
    def on(self, day: date) -> "PostQuerySet":
        """Posts in force that day, in units that still existed."""
        return self.filter(
            Q(valid_to=None) | Q(valid_to__gte=day),
            Q(unit__valid_to=None) | Q(unit__valid_to__gte=day),
            valid_from__lte=day,
        )


class Post(models.Model):
    """A role in a unit for a period (chức danh). Nobody keeps rights after the period or in a unit that has ended."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="posts")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="posts")
    unit_path = UnitPathField()
    role = models.CharField(max_length=30)
    title = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    substitutes = models.ForeignKey("self", models.PROTECT, null=True, related_name="substitutions")

    objects = PostQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["unit_path", "role"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="post_dates_in_order"
            ),
        ]


class ApiToken(models.Model):
    """A machine's key. Only its digest is kept; the key itself is shown once."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="tokens")
    unit_path = UnitPathField(blank=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    valid_to = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)


class Identity(models.Model):
    """Who this account is at an outside sign-in provider."""

    provider = models.CharField(max_length=30)
    subject = models.CharField(max_length=200)
    account = models.ForeignKey(Account, models.CASCADE, related_name="identities")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "subject"], name="identity_once")]


class SecondFactor(models.Model):
    """An officer's authenticator app (TOTP) or passkey."""

    class Kind(models.TextChoices):
        TOTP = "totp", "Ứng dụng xác thực"
        PASSKEY = "passkey", "Khoá truy cập"
        RECOVERY = "recovery", "Mã khôi phục"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="factors")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=60)
    data = models.JSONField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)


class OneTimeCode(models.Model):
    """A code sent to a phone, or to an officer's e-mail. Kept as a salted digest, good for minutes and five tries."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    phone = models.CharField(max_length=15, blank=True, db_index=True)
    email = models.EmailField(blank=True, db_index=True)
    digest = models.CharField(max_length=128)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)


class Attempt(models.Model):
    """A try at a guarded door (sign-in, code, look-up), for rate limits that survive a restart."""

    door = models.CharField(max_length=30)
    key = models.CharField(max_length=80)
    at = models.DateTimeField()
    succeeded = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["door", "key", "at"])]
