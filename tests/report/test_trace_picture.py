"""The picture of traces: it is whole, says what it shows, and tells nothing by color alone."""

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from twitchwise.report.trace_picture import MOST_MARKS, Mark, Picture, Trace, halves_of, seen_in_words, trace_picture
from twitchwise.vocabulary import Unit

X = np.linspace(0, 20, 100, dtype=np.float32)


def trace(name: str = "calf", size: float = 1e-4, unit: Unit = Unit.VOLT) -> Trace:
    wave = np.float32(size) * np.sin(X)
    return Trace(name=name, unit=unit, low=wave, high=wave + np.float32(size / 10))


def mark(time_s: float, *, shape: int = 0, is_kept: bool = True, is_by_hand: bool = False) -> Mark:
    return Mark(row=0, time_s=time_s, shape=shape, is_kept=is_kept, is_by_hand=is_by_hand)


def picture(*traces: Trace, marks: tuple[Mark, ...] = ()) -> Picture:
    return Picture(start_s=0.0, stop_s=10.0, traces=traces or (trace(),), marks=marks, kinds=("twitches", "jerks"))


def drawn(one: Picture) -> str:
    svg = trace_picture(one, seen_in_words(one))
    ET.fromstring(svg)  # noqa: S314 - our own
    return svg


def test_it_names_its_channels_its_kinds_and_its_scale() -> None:
    svg = drawn(picture(marks=(mark(1.0), mark(2.0, shape=1))))
    for text in ("calf", "twitches", "jerks", "One row is", "µV", "with 2 events that count."):
        assert text in svg


def test_names_from_outside_cannot_become_markup() -> None:
    assert "<b>" not in drawn(picture(trace(name="<b>&\x1b calf")))


def test_no_style_and_no_script_is_needed() -> None:
    assert not re.search(r"style=|<style|<script|href=", drawn(picture(marks=(mark(1.0),))))


def test_a_gap_is_left_out_of_the_line() -> None:
    whole = trace()
    low, high = whole.low.copy(), whole.high.copy()
    low[40:60] = high[40:60] = np.nan
    svg = drawn(picture(Trace(name="calf", unit=Unit.VOLT, low=low, high=high)))
    assert "nan" not in svg
    assert svg.count('stroke-width="0.5"') == 2


def test_a_channel_without_a_value_leaves_a_whole_picture() -> None:
    nothing = np.full(100, np.nan, np.float32)
    assert "nan" not in drawn(picture(Trace(name="calf", unit=Unit.VOLT, low=nothing, high=nothing)))


def test_kinds_differ_in_shape_and_what_is_rejected_is_empty_and_crossed_out() -> None:
    kept, other, rejected, added = (
        drawn(picture(marks=(one,)))
        for one in (mark(5.0), mark(5.0, shape=1), mark(5.0, is_kept=False), mark(5.0, is_by_hand=True))
    )
    assert len({kept, other, rejected, added}) == 4
    assert 'fill="none" stroke="#4c6272" stroke-width="1.5"' in rejected
    assert ">+</text>" in added
    assert ">+</text>" not in kept


def test_channels_of_one_unit_have_one_scale() -> None:
    halves = halves_of([trace(), trace(size=3e-4), trace(size=2e-4), trace(size=9.0, unit=Unit.NEWTON)])
    assert halves[0][1] == halves[1][1] == halves[2][1]
    assert halves[0][1] == pytest.approx(2.2e-4, rel=0.1)
    assert halves[3][1] == pytest.approx(10.5, rel=0.1)


def test_many_events_make_no_larger_picture_than_can_be_seen() -> None:
    many = tuple(mark(number / 1000) for number in range(10_000))
    assert drawn(picture(marks=many)).count("stroke-dasharray") <= MOST_MARKS
