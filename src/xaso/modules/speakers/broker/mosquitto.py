"""What Mosquitto needs to serve the same devices with the same digests: written into a folder, replaced as a whole."""

from pathlib import Path

from xaso.modules.speakers import queries
from xaso.modules.speakers.broker import register, rights
from xaso.modules.speakers.rules import credentials

LARGEST = 262_144


def write(folder: Path, listen: str, certificate: str = "", key: str = "") -> int:
    """mosquitto.conf, passwords and acl. Returns how many devices may connect. Mosquitto reads them anew on SIGHUP."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    devices = queries.addresses()
    link = f"{rights.LINK}:{credentials.digest(register.link_secret())}"
    _put(folder / "passwords", "\n".join([link, *queries.password_lines()]) + "\n")
    _put(folder / "acl", rights.access_list(devices))
    _put(folder / "mosquitto.conf", _configuration(folder, listen, certificate, key))
    return len(devices)


def _configuration(folder: Path, listen: str, certificate: str, key: str) -> str:
    address, _, port = listen.rpartition(":")
    lines = [
        "# Do XãSố sinh ra: xaso broker. Sửa ở đó, không sửa ở đây.",
        "per_listener_settings false",
        f"listener {port} {address}".rstrip(),
        "allow_anonymous false",
        f"password_file {folder / 'passwords'}",
        f"acl_file {folder / 'acl'}",
        "persistence true",
        f"persistence_location {folder}/",
        "autosave_interval 60",
        # A whole province answers one emergency in the same second.
        "max_inflight_messages 2000",
        "max_queued_messages 100000",
        f"message_size_limit {LARGEST + 1024}",
        "log_type error",
        "log_type warning",
    ]
    if certificate:
        lines += [f"certfile {certificate}", f"keyfile {key}", "tls_version tlsv1.2"]
    return "\n".join(lines) + "\n"


def _put(path: Path, text: str) -> None:
    """A broker that reads just now finds the old file or the new one; nobody else reads it."""
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o640)
    fresh.write_text(text, encoding="utf-8")
    fresh.rename(path)
