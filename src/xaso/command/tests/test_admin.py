"""The first administrator."""

import pytest

from xaso.command.admin import run
from xaso.command.words import Stop
from xaso.core.accounts.models import Post

pytestmark = pytest.mark.django_db


def test_the_first_administrator_gets_a_post_and_a_password(ngu_kien, capsys):
    assert run([ngu_kien.code, "quan-tri.xa", "Nguyễn Văn An"]) == 0
    post = Post.objects.get()
    assert (post.role, post.unit, post.account.username) == ("unit_admin", ngu_kien, "quan-tri.xa")
    assert post.account.check_password(capsys.readouterr().out.split("mật khẩu ")[1].split()[0])


def test_an_unknown_unit_is_a_sentence(ngu_kien):
    with pytest.raises(Stop, match="Không có đơn vị"):
        run(["99999", "quan-tri.xa", "Nguyễn Văn An"])
