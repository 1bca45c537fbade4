"""A wrong start of `xaso agent` says what to do. What it does when started is shown in the signing module's tests."""

import sys

import pytest

from xaso.command import main

HERE = sys.executable


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ([], "--library"),
        (["--library", "/khong/co.so"], "Không tìm thấy thư viện"),
        (["--library", HERE], "không phải thư viện PKCS#11"),
        (["--library", HERE, "--origin", "javascript:alert(1)"], "không đúng mẫu"),
        (["--library", HERE, "--origin", "https://x.vn/trang"], "không đúng mẫu"),
        (["--library", HERE, "--port", "99999"], "Cổng"),
        (["--library", HERE, "--pin-file", "/khong/co"], "mã PIN"),
        (["--thu-vien", "x"], "không hiểu tham số"),
    ],
)
def test_a_wrong_start_says_what_to_do(monkeypatch, capsys, arguments, word):
    monkeypatch.delenv("XASO_AGENT_LIBRARY", raising=False)
    assert main(["agent", *arguments]) in {1, 2}
    assert word in capsys.readouterr().err
