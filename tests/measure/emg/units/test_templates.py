"""Matched filters and what a discharge leaves in them equal what direct sums give."""

import numpy as np
import pytest

from twitchwise.measure.emg.units.templates import SHIFTS, Templates, shift_number, shifted


def templates(n_units: int = 3, n_components: int = 2, half: int = 10, seed: int = 1) -> Templates:
    rng = np.random.default_rng(seed)
    x = np.linspace(-3, 3, 2 * half + 1)
    shapes = rng.normal(size=(n_units, n_components, 4)) @ np.stack([x**k * np.exp(-(x**2)) for k in range(4)])
    many = np.full(n_units, 0.1)
    return Templates(
        shapes=(8 * shapes).astype(np.float32), spread=many, misfit=many, rate=many / 100, noise=np.ones(n_units)
    )


@pytest.mark.parametrize("half", [10, 50])
def test_matched_filters_equal_direct_sums(half: int) -> None:
    made = templates(half=half)
    signal = np.random.default_rng(2).standard_normal((2, 400), dtype=np.float32)
    out = made.matched(signal)
    for unit in range(3):
        for at in (half, 200, 399 - half):
            direct = np.sum(made.unit_shapes[unit] * signal[:, at - half : at + half + 1])
            assert out[unit, at] == pytest.approx(direct, abs=1e-3)
    assert (out[:, :half] == 0).all()
    assert (out[:, -half:] == 0).all()


def test_a_stretch_shorter_than_a_template_gives_nothing() -> None:
    assert (templates().matched(np.ones((2, 5), dtype=np.float32)) == 0).all()


def test_the_gram_table_is_what_a_discharge_leaves_in_every_filter() -> None:
    made = templates()
    for number in (0, SHIFTS // 2, SHIFTS):
        signal = np.zeros((2, 100), dtype=np.float32)
        signal[:, 40:61] = made.shifted[number, 1]
        out = made.matched(signal)
        assert np.allclose(out[:, 30:71], made.gram[1, number], atol=1e-3)


def test_a_moved_template_peaks_where_it_was_moved_to() -> None:
    made = templates(n_units=1, n_components=1)
    for number in range(SHIFTS + 1):
        signal = np.zeros((1, 100), dtype=np.float32)
        signal[:, 40:61] = made.shifted[number, 0]
        row = made.matched(signal)[0]
        at = int(row.argmax())
        bend = row[at - 1] - 2 * row[at] + row[at + 1]
        found = at + (row[at - 1] - row[at + 1]) / (2 * bend) - 50
        assert found == pytest.approx(number / SHIFTS - 0.5, abs=0.03)


def test_fractions_have_their_numbers() -> None:
    assert shift_number([-0.5, 0.0, 0.5]).tolist() == [0, SHIFTS // 2, SHIFTS]
    assert shifted(np.zeros((1, 1, 9), dtype=np.float32)).shape == (SHIFTS + 1, 1, 1, 9)


def test_noise_crosses_zero_as_often_as_foretold() -> None:
    made = templates(n_units=1, n_components=1)
    out = made.matched(np.random.default_rng(3).standard_normal((1, 200_000), dtype=np.float32))[0]
    upward = np.count_nonzero((out[:-1] < 0) & (out[1:] >= 0)) / out.size
    assert made.crossing[0] == pytest.approx(upward, rel=0.05)


def test_units_can_be_chosen_and_joined() -> None:
    made = templates()
    both = made.subset([2]).joined(made.subset([0, 1]))
    assert np.array_equal(both.shapes, made.shapes[[2, 0, 1]])
    assert len(made.subset([])) == 0
