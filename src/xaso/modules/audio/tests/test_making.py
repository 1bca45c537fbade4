"""From asked to heard: speech, uploads, reuse, and every kind of bad file."""

import os
import stat
import sys
import wave
from datetime import timedelta

import pytest

from xaso.core.outbox.actions import deliver_all
from xaso.kit import clock
from xaso.kit.errors import Forbidden, Missing, Refused
from xaso.modules.audio import jobs, queries
from xaso.modules.audio.actions import keep_recording, receive_sound, retire_recording, say
from xaso.modules.audio.models import Recording
from xaso.modules.audio.tests import sounds

pytestmark = pytest.mark.django_db

NOTICE = "UBND xã Ngũ Kiên thông báo: từ 7h30 đến 9h ngày 12/3/2026 cắt điện để sửa đường dây 110kV."


def content_of(recording):
    with queries.opened(recording) as sound:
        return sound.read()


@pytest.fixture
def spoken(phuc, ngu_kien):
    asked = say(phuc, ngu_kien, text=NOTICE)
    deliver_all()
    return queries.recording(asked.uuid)


def test_a_text_becomes_speech_at_the_agreed_loudness(spoken):
    assert (spoken.state, spoken.engine) == ("ready", "espeak-ng")
    assert spoken.version.endswith(" vi")
    assert spoken.version[0].isdigit()
    assert "bảy giờ ba mươi phút đến chín giờ" in spoken.spoken
    assert spoken.text == NOTICE
    samples, rate = sounds.samples_of(content_of(spoken))
    assert rate == 24_000
    assert sounds.loudness(samples, rate) == pytest.approx(-16, abs=0.7)
    assert sounds.true_peak(samples, rate) < -0.5
    assert len(samples) / rate == pytest.approx(float(spoken.seconds), abs=0.1)
    assert len(content_of(spoken)) == pytest.approx(float(spoken.seconds) * 8000, rel=0.05)  # 64 kbit/s


def test_the_same_words_in_the_same_voice_are_made_once(spoken, phuc, ngu_kien):
    assert say(phuc, ngu_kien, text=NOTICE).pk == spoken.pk
    assert say(phuc, ngu_kien, text=NOTICE, voice="nam").pk != spoken.pk
    assert say(phuc, ngu_kien, text=NOTICE + " Hết.").pk != spoken.pk


def test_put_away_and_asked_again_it_comes_back(spoken, phuc, ngu_kien):
    retire_recording(phuc, spoken)
    assert not queries.recordings(phuc).exists()
    assert say(phuc, ngu_kien, text=NOTICE).retired_at is None


def test_the_three_voices_differ(phuc, ngu_kien):
    made = [say(phuc, ngu_kien, text="Xin chào bà con.", voice=voice) for voice in ("bac", "trung", "nam")]
    deliver_all()
    assert len({queries.recording(one.uuid).sha256 for one in made}) == 3


def test_a_person_corrects_what_is_read(phuc, ngu_kien):
    made = say(phuc, ngu_kien, text="Họp tại TBA", spoken="Họp tại trạm biến áp số 2")
    assert (made.text, made.spoken) == ("Họp tại TBA", "Họp tại trạm biến áp số hai.")


@pytest.mark.parametrize(
    ("text", "part"), [("  ", "ghi nội dung"), ("😀 …", "không có chữ nào"), ("a" * 20_000, "quá mức 8000 ký tự")]
)
def test_what_cannot_be_read_is_refused(phuc, ngu_kien, text, part):
    with pytest.raises(Refused, match=part):
        say(phuc, ngu_kien, text=text)


def test_a_voice_nobody_has_is_refused(phuc, ngu_kien):
    with pytest.raises(Refused, match="Giọng đọc này"):
        say(phuc, ngu_kien, text="Xin chào", voice="caidat")


def test_others_may_not(tam, lan, ngu_kien):
    for stranger in (tam, lan):
        with pytest.raises(Forbidden):
            say(stranger, ngu_kien, text="Xin chào")


def installed(folder, monkeypatch, body):
    program = folder / "voice"
    program.write_text(f"#!{sys.executable}\n{body}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("XASO_SPEECH_COMMAND", str(program))


def test_an_installed_voice_is_used(phuc, ngu_kien, tmp_path, monkeypatch):
    with wave.open(str(tmp_path / "said.wav"), "wb") as said:
        said.setnchannels(1), said.setsampwidth(2), said.setframerate(24_000)
        said.writeframes(sounds.tone(2).tobytes())
    installed(
        tmp_path, monkeypatch,
        "import sys; assert 'bảy giờ' in sys.stdin.read(); "
        f"sys.stdout.buffer.write(open({str(tmp_path / 'said.wav')!r}, 'rb').read())",
    )  # fmt: skip
    asked = say(phuc, ngu_kien, text="Lúc 7h", voice="caidat")
    deliver_all()
    made = queries.recording(asked.uuid)
    assert (made.state, made.engine, made.remark) == ("ready", "voice", "")
    samples, rate = sounds.samples_of(content_of(made))
    assert sounds.goertzel(samples, rate, 440) > 10 * sounds.goertzel(samples, rate, 1000)


@pytest.mark.parametrize("body", ["print('không phải wav')", "raise SystemExit(3)"])
def test_an_installed_voice_that_fails_gives_way(phuc, ngu_kien, tmp_path, monkeypatch, body):
    installed(tmp_path, monkeypatch, body)
    asked = say(phuc, ngu_kien, text="Xin chào bà con", voice="caidat")
    deliver_all()
    made = queries.recording(asked.uuid)
    assert (made.state, made.engine) == ("ready", "espeak-ng")
    assert "bằng giọng có sẵn" in made.remark


KINDS = [
    ("thu.mp3", "mp3", "libmp3lame", 24_000),
    ("thu.m4a", "ipod", "aac", 24_000),
    ("thu.ogg", "ogg", "libopus", 48_000),
    ("thu.webm", "webm", "libopus", 48_000),
]


@pytest.mark.parametrize(("name", "container", "codec", "rate"), KINDS)
def test_what_phones_and_browsers_send_is_kept(phuc, ngu_kien, name, container, codec, rate):
    sent = sounds.encoded(sounds.tone(2, 700, 0.05, rate), container, codec, rate)
    asked = keep_recording(phuc, ngu_kien, file=receive_sound(sounds.upload(sent, name)), title="Trưởng thôn đọc")
    deliver_all()
    made = queries.recording(asked.uuid)
    assert (made.state, made.why) == ("ready", "")
    samples, rate = sounds.samples_of(content_of(made))
    assert sounds.goertzel(samples, rate, 700) > 0.1
    assert sounds.loudness(samples, rate) == pytest.approx(-16, abs=0.7)
    assert float(made.seconds) == pytest.approx(2, abs=0.1)


def test_a_wrong_extension_does_no_harm(phuc, ngu_kien):
    received = receive_sound(sounds.upload(sounds.wav(sounds.tone(1)), "thu.pdf.exe"))
    assert received.saved.media_type == "audio/wav"


BAD = {
    "rỗng": (b"", "rỗng"),
    "chữ": (b"xin chao " * 500, "không phải tệp âm thanh"),
    "pdf": (b"%PDF-1.7\n" + b"0" * 4000, "không phải tệp âm thanh"),
    "nén": (b"PK\x03\x04" + b"\0" * 5000, "không phải tệp âm thanh"),
    "danh sách phát": (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "không phải tệp âm thanh"),
    "mp3 hỏng": (b"ID3\x04\0\0\0\0\0\x21" + b"\xff\xfb\x90\0" + os.urandom(3000), "hỏng|không phải|0 giây|quá ngắn"),
    "chỉ có đầu": (sounds.wav(sounds.tone(0)), "0 giây|hỏng"),
    "quá ngắn": (sounds.wav(sounds.tone(0.1)), "quá ngắn"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_refused_with_a_sentence(what):
    content, part = BAD[what]
    with pytest.raises(Refused, match=part):
        receive_sound(sounds.upload(content))


def test_a_film_is_refused():
    film = sounds.encoded(sounds.tone(1), "mp4", "aac", video=True)
    with pytest.raises(Refused, match="có hình"):
        receive_sound(sounds.upload(film, "phim.mp3"))


def test_two_hours_are_refused():
    """As a phone would send them: silence at a low rate is small."""
    long = sounds.wav(sounds.tone(7200, 50, 0.1, 400), 400)
    with pytest.raises(Refused, match="dài hơn 20 phút"):
        receive_sound(sounds.upload(long))


def test_too_many_bytes_are_refused_before_they_are_read():
    class Huge:
        name = "to.wav"

        def seek(self, *_):
            return 31 * 1024 * 1024

    with pytest.raises(Refused, match="quá mức 30 MB"):
        receive_sound(Huge())


def made_of(phuc, ngu_kien, content, name="thu.wav"):
    asked = keep_recording(phuc, ngu_kien, file=receive_sound(sounds.upload(content, name)), title="Thử")
    deliver_all()
    return queries.recording(asked.uuid)


def test_silence_is_told(phuc, ngu_kien):
    made = made_of(phuc, ngu_kien, sounds.wav(sounds.tone(3, volume=0)))
    assert (made.state, made.file) == ("failed", None)
    assert "im lặng" in made.why
    with pytest.raises(Missing):
        queries.opened(made)


def test_a_faint_voice_is_kept_with_a_warning(phuc, ngu_kien):
    made = made_of(phuc, ngu_kien, sounds.wav(sounds.tone(3, volume=0.003)))
    assert made.state == "ready"
    assert "rất nhỏ" in made.remark


def test_a_file_broken_in_the_middle_fails_alone(phuc, ngu_kien):
    good = bytearray(sounds.encoded(sounds.tone(4), "ogg", "libopus", 48_000))
    good[len(good) // 2 :] = os.urandom(len(good) // 2)
    made = made_of(phuc, ngu_kien, bytes(good), "thu.ogg")
    assert made.state == "failed" or "hỏng một phần" in made.remark  # what could be heard is kept, and told


def test_a_failed_text_may_be_tried_again(phuc, ngu_kien):
    asked = say(phuc, ngu_kien, text="Xin chào")
    Recording.objects.filter(pk=asked.pk).update(created_at=clock.now() - timedelta(hours=3))
    jobs.take_up_recordings()
    assert queries.recording(asked.uuid).state == "failed"
    assert say(phuc, ngu_kien, text="Xin chào").pk != asked.pk


def test_what_a_dead_process_left_is_made(phuc, ngu_kien):
    asked = say(phuc, ngu_kien, text="Xin chào bà con")
    Recording.objects.filter(pk=asked.pk).update(created_at=clock.now() - timedelta(minutes=11))
    assert jobs.take_up_recordings() == 1
    assert queries.recording(asked.uuid).state == "ready"


def test_delivered_twice_it_is_made_once(spoken):
    before = spoken.file_id
    jobs.make(spoken)
    assert queries.recording(spoken.uuid).file_id == before


def test_nothing_but_a_title_is_refused(phuc, ngu_kien):
    received = receive_sound(sounds.upload(sounds.wav(sounds.tone(1))))
    with pytest.raises(Refused, match="đặt tên"):
        keep_recording(phuc, ngu_kien, file=received, title=" ")


def test_the_estimate_is_near_the_truth(spoken):
    assert queries.seconds_of(NOTICE) == pytest.approx(float(spoken.seconds), rel=0.35)
