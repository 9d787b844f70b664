"""What coverage leaves alone while tests run."""

import sys

import pytest


@pytest.mark.no_cover
def test_nothing_traces_a_test_that_is_marked_no_cover() -> None:
    assert sys.gettrace() is None
