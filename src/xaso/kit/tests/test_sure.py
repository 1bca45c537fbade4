import pytest

from xaso.kit.sure import sure


@pytest.mark.parametrize("value", [0, "", False, "có"])
def test_what_is_there_is_given_back(value):
    assert sure(value) is value


def test_what_is_missing_stops_the_work():
    with pytest.raises(RuntimeError):
        sure(None)
