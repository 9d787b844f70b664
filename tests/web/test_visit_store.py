from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.web.visit import Visit
from twitchwise.web.visit_store import IDLE_LIMIT_S, VisitNotFoundError, VisitStore

HOUR_S = 3600.0


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def aged(years: float) -> Callable[[Visit], Visit]:
    return lambda visit: visit.with_person(years, None)


def test_tokens_are_long_and_never_the_same() -> None:
    store = VisitStore()
    tokens = {store.open() for _ in range(50)}
    assert len(tokens) == 50
    assert min(map(len, tokens)) >= 32


def test_an_unknown_token_has_no_visit() -> None:
    with pytest.raises(VisitNotFoundError):
        VisitStore().get("guessed")


def test_a_change_is_kept_and_given_back() -> None:
    store = VisitStore()
    token = store.open()
    assert store.change(token, aged(30)).age_years == 30
    assert store.get(token).age_years == 30


def test_an_erased_visit_is_gone_and_erasing_twice_is_no_mistake() -> None:
    store = VisitStore()
    token = store.open()
    store.erase(token)
    store.erase(token)
    assert len(store) == 0
    with pytest.raises(VisitNotFoundError):
        store.change(token, aged(30))


def test_a_visit_outlasts_a_day_in_use_but_not_a_day_unused() -> None:
    clock = Clock()
    store = VisitStore(clock)
    used, unused = store.open(), store.open()
    for _ in range(3):
        clock.now_s += 20 * HOUR_S
        store.get(used)
    with pytest.raises(VisitNotFoundError):
        store.get(unused)
    assert len(store) == 1


def test_the_time_limit_is_long_enough_not_to_need_a_warning() -> None:
    # WCAG 2.2, success criterion 2.2.1: a limit of more than 20 hours needs none
    assert IDLE_LIMIT_S > 20 * HOUR_S


@given(opened=st.integers(1, 30), most=st.integers(1, 10))
def test_never_more_visits_than_allowed_and_the_newest_are_kept(opened: int, most: int) -> None:
    store = VisitStore(most_visits=most)
    tokens = [store.open() for _ in range(opened)]
    assert len(store) == min(opened, most)
    assert [store.get(token) for token in tokens[-most:]] == [Visit()] * min(opened, most)


def test_a_visit_in_use_is_not_the_one_to_go() -> None:
    store = VisitStore(most_visits=2)
    first, second = store.open(), store.open()
    store.get(first)
    store.open()
    assert store.get(first) == Visit()
    with pytest.raises(VisitNotFoundError):
        store.get(second)
