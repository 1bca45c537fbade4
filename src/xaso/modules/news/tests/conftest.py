"""Articles of Ngũ Kiên: phuc writes, hoa approves."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from xaso.modules.news.actions.publishing import approve_article
from xaso.modules.news.actions.writing import Draft, submit_article, write_article

TEXT = "Bà con mang sổ hộ khẩu cũ.\n\n## Cần mang gì\n- Căn cước\n- Giấy mời\n\nXem https://vinhphuc.gov.vn/tin."


def draft(**values):
    plain = {"category": "news", "title": "Lịch tiêm phòng tháng 11", "lead": "Ngày 20 tại nhà văn hoá.", "text": TEXT}
    return Draft(**plain | values)


def photo(width=1600, height=1200, exif=True):
    """With the place where it was taken, as phones write it."""
    picture = Image.effect_noise((width, height), 60).convert("RGB")
    data = Image.Exif()
    data[0x010E] = "nha rieng 21.3N 105.6E"
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=85, exif=data if exif else Image.Exif())
    return SimpleUploadedFile("anh.jpg", target.getvalue(), content_type="image/jpeg")


@pytest.fixture
def published(phuc, hoa, ngu_kien):
    """`published(title="…")` is an article everybody can read."""

    def make(*, at=None, **values):
        article = write_article(phuc, ngu_kien, draft=draft(**values))
        submit_article(phuc, article)
        return approve_article(hoa, article, publish_at=at)

    return make
