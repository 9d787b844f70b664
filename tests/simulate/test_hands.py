"""A thread of this process does what it is given, and drops what is not begun when it is no longer wanted."""

from threading import Event

import pytest

from twitchwise.simulate.hands import one_hand


@pytest.mark.parametrize("is_awaited", [True, False])
def test_leaving_a_thread_drops_what_is_not_begun(is_awaited: bool) -> None:  # noqa: FBT001 - both are tested
    begun, go_on = Event(), Event()

    def work(_: int) -> None:
        begun.set()
        go_on.wait(30.0)

    with one_hand(is_awaited=is_awaited) as thread:
        first, second = (thread.submit(work, number) for number in range(2))
        begun.wait(30.0)
        if is_awaited:
            go_on.set()
            first.result()
    assert first.done() is is_awaited
    go_on.set()
    assert second.cancelled() or is_awaited
