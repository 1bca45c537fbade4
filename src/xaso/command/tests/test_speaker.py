"""`xaso speaker` and `xaso broker` at their edges; what they do is tried with the module `speakers`."""

import json

import pytest

from xaso.command import perform
from xaso.command.words import Stop

GOOD = {"serial": "LOA-1", "secret": "x", "commune": "09157", "host": "h", "port": 1883, "server": "http://h"}


@pytest.fixture
def key(tmp_path):
    found = tmp_path / "key.json"
    found.write_text(json.dumps(GOOD))
    found.chmod(0o600)
    return found


@pytest.mark.parametrize(
    ("more", "word"),
    [
        (["--disk", "0"], "lớn hơn 0"), (["--relay-on", "x"], "đi cùng nhau"), (["--speed", "2"], "tập dượt"),
        (["--mute"], "không hiểu tham số"),
    ],
)  # fmt: skip
def test_a_speaker_explains_a_wrong_option(key, more, word):
    with pytest.raises(Stop, match=word):
        perform("speaker", ["--key", str(key), *more])


def test_a_speaker_needs_a_key_that_only_its_owner_reads(key):
    with pytest.raises(Stop, match="--key"):
        perform("speaker", [])
    key.chmod(0o640)
    with pytest.raises(Stop, match="chmod 600"):
        perform("speaker", ["--key", str(key)])


def test_many_devices_are_not_taken_for_one(key):
    key.write_text(json.dumps({**GOOD, "devices": [{"serial": "A-1"}, {"serial": "A-2"}]}))
    with pytest.raises(Stop, match="--many"):
        perform("speaker", ["--key", str(key)])


@pytest.mark.django_db
def test_the_folder_of_mosquitto_is_written_and_nobody_else_reads_it(tmp_path, capsys):
    folder = tmp_path / "broker"
    assert perform("broker", [str(folder), "--listen", "0.0.0.0:8883"]) == 0
    assert "allow_anonymous false" in (folder / "mosquitto.conf").read_text()
    assert (folder / "passwords").read_text().startswith("link:$7$")
    assert (folder / "passwords").stat().st_mode & 0o007 == 0
    assert "không được mã hoá" in capsys.readouterr().out
    with pytest.raises(Stop, match="CỔNG"):
        perform("broker", [str(folder), "--listen", "8883x"])
    with pytest.raises(Stop, match="đi cùng nhau"):
        perform("broker", [str(folder), "--cert", "x"])
