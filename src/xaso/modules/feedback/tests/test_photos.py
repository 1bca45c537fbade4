"""Photos: made anew, nothing of the camera left; what is no photo is refused with a sentence."""

import io
import zipfile

import pillow_heif
import pytest
from PIL import Image

from xaso.core.files.stores import store
from xaso.kit.errors import Refused
from xaso.modules.feedback.photos import LONG_EDGE, receive_photo, sealed, unsealed
from xaso.modules.feedback.tests.factories import photo, sent

pytestmark = pytest.mark.django_db


def camera_data() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "MayAnhCuaLan"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[2] = (21.0, 18.0, 4.0)
    return exif.tobytes()


def content_of(received) -> bytes:
    with store().open(received.saved.sha256) as opened:
        return opened.read()


def test_the_camera_and_the_place_are_gone_and_the_picture_stands_upright():
    made = content_of(receive_photo(photo(exif=camera_data())))
    assert b"MayAnh" not in made
    with Image.open(io.BytesIO(made)) as picture:
        assert picture.format == "JPEG"
        assert not picture.getexif()
        assert picture.size == (600, 900)


def test_a_large_picture_becomes_small():
    made = content_of(receive_photo(photo(size=(5000, 2000))))
    with Image.open(io.BytesIO(made)) as picture:
        assert picture.size == (LONG_EDGE, 640)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG", "HEIF"])
def test_the_kinds_that_phones_send(kind):
    pillow_heif.register_heif_opener()
    assert receive_photo(photo(kind=kind, name=f"anh.{kind.lower()}")).saved.media_type == "image/jpeg"


def test_what_is_transparent_becomes_white():
    written = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(written, "PNG")
    written.name = "a.png"
    with Image.open(io.BytesIO(content_of(receive_photo(written)))) as picture:
        assert picture.getpixel((5, 5)) == (255, 255, 255)


def named(content: bytes, name: str) -> io.BytesIO:
    found = io.BytesIO(content)
    found.name = name
    return found


def zipped() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("a.txt", "a")
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "trong.jpg", "trống|rỗng|không có nội dung"),
        (b"MZ" + bytes(200), "anh.jpg", "chương trình"),
        (b"%PDF-1.4 abc", "anh.jpg", "PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "anh.svg", "XML|web"),
        (b"\xff\xd8\xff" + bytes(500), "hong.jpg", "hong.jpg"),
        (b"GIF89a" + bytes(50), "a.gif", "GIF"),
        (zipped(), "anh.png", "anh.png"),
    ],
)
def test_what_is_no_photo_is_refused(content, name, sentence):
    with pytest.raises(Refused, match=sentence):
        receive_photo(named(content, name))


def test_a_cut_off_picture_is_refused():
    whole = photo(size=(800, 800)).read()
    with pytest.raises(Refused, match=r"anh\.jpg"):
        receive_photo(named(whole[: len(whole) // 2], "anh.jpg"))


def test_too_many_points_are_refused_before_they_fill_the_memory(settings):
    written = io.BytesIO()
    Image.new("1", (9000, 6000)).save(written, "PNG")
    with pytest.raises(Refused, match="điểm ảnh"):
        receive_photo(named(written.getvalue(), "bom.png"))
    settings.MAX_FILE_BYTES = 10
    with pytest.raises(Refused, match=r"to\.jpg"):
        receive_photo(photo(name="to.jpg"))


def test_photos_wait_for_the_next_try_of_a_form_and_nothing_can_be_made_up():
    one = receive_photo(photo())
    kept = sealed([one])
    assert [found.saved for found in unsealed(kept, 5)] == [one.saved]
    assert unsealed(kept[:-2] + "xx", 5) == []
    assert unsealed("", 5) == []
    assert unsealed("a" * 9000, 5) == []
    store().delete(one.saved.sha256)
    assert unsealed(kept, 5) == []


def test_a_report_takes_so_many_and_no_more(ngu_kien):
    photos = [receive_photo(photo(size=(50 + n, 50))) for n in range(6)]
    with pytest.raises(Refused, match="Nhiều nhất 5 ảnh"):
        sent(ngu_kien, photos=photos)
    report = sent(ngu_kien, photos=photos[:5])
    assert report.photos.count() == 5
    stored = report.photos.first().file
    assert (stored.unit_path, stored.owner_person_id) == ("", None)
