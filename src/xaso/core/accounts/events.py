"""What accounts announce."""

from xaso.kit.events import event


@event
class OfficerChanged:
    """Somebody's posts or name are other than before. `gone`: the reference of a post that never came into force."""

    account_id: int
    gone: str = ""


@event
class CodeRequested:
    """A one-time code waits to be sent. It carries no code: `queries.code_of(code_uuid)` tells it while it lives,
    so that neither the outbox nor a backup of it ever holds one."""

    code_uuid: str
    phone: str
    minutes: int
    email: str = ""
