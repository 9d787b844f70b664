import numpy as np
import pytest

from twitchwise.simulate.muscle.electrodes import BipolarPair, ConcentricNeedle, Grid
from twitchwise.vocabulary import OutOfRangeError


def test_rows_of_a_grid_follow_along_the_fibers_and_columns_across() -> None:
    montage = Grid(rows=2, columns=3, spacing_m=0.008, along_m=0.01).montage
    assert montage.contact_names == ("R1C1", "R1C2", "R1C3", "R2C1", "R2C2", "R2C3")
    assert montage.contacts_m[:, 0].tolist() == pytest.approx([0.006] * 3 + [0.014] * 3)
    assert montage.contacts_m[:, 1].tolist() == pytest.approx([-0.008, 0.0, 0.008] * 2)
    assert not montage.contacts_m[:, 2].any()
    assert np.array_equal(montage.mixing, np.eye(6))
    assert np.array_equal(montage.channels_m, montage.contacts_m)


def test_a_differential_grid_subtracts_the_next_contact_along_the_fibers() -> None:
    montage = Grid(rows=3, columns=2, spacing_m=0.01, differential=True).montage
    assert montage.channel_names == ("R1C1-R2C1", "R1C2-R2C2", "R2C1-R3C1", "R2C2-R3C2")
    assert montage.mixing[0].tolist() == [1, 0, -1, 0, 0, 0]
    assert montage.channels_m[:, 0].tolist() == pytest.approx([-0.005, -0.005, 0.005, 0.005])


def test_a_pair_is_one_channel_between_its_contacts() -> None:
    montage = BipolarPair(spacing_m=0.02, along_m=0.01, across_m=0.003).montage
    assert montage.channel_names == ("E1-E2",)
    assert montage.channels_m.tolist() == [pytest.approx([0.01, 0.003, 0.0])]
    assert np.ptp(montage.contacts_m[:, 0]) == pytest.approx(0.02)


def test_the_core_of_a_needle_is_an_oval_in_the_slanted_tip() -> None:
    needle = ConcentricNeedle(depth_m=0.01, along_m=0.002, across_m=-0.001)
    core = needle.core_m(length_m=6e-4, width_m=1.5e-4, bevel_rad=0.26) - needle.tip_m
    assert core.mean(axis=0) == pytest.approx([0, 0, 0], abs=1e-9)
    assert np.abs(core[:, 1]).max() <= 0.75e-4
    assert np.hypot(core[:, 0], core[:, 2]).max() <= 3e-4
    assert core[:, 0] == pytest.approx(core[:, 2] * np.tan(0.26))


def test_the_shaft_runs_up_from_the_core_and_is_counted_once() -> None:
    needle = ConcentricNeedle(depth_m=0.02)
    shaft = needle.shaft_m(length_m=0.01, core_length_m=6e-4)
    assert np.all(np.diff(shaft[:, 2]) < 0)
    assert shaft[:, 2].max() < 0.02 - 3e-4
    assert shaft[:, 2].min() > 0.02 - 3e-4 - 0.01
    assert needle.shaft_weights().sum() == pytest.approx(1.0)


def test_a_quarter_turn_makes_the_tip_face_across_the_fibers() -> None:
    straight, turned = ConcentricNeedle(depth_m=0.01), ConcentricNeedle(depth_m=0.01, turned_rad=np.pi / 2)
    shape = {"length_m": 6e-4, "width_m": 1.5e-4, "bevel_rad": 0.26}
    assert turned.core_m(**shape)[:, 1] == pytest.approx(straight.core_m(**shape)[:, 0], abs=1e-12)


def test_electrodes_that_cannot_be_are_refused() -> None:
    with pytest.raises(OutOfRangeError, match="rows must be at least 1 and columns at least 1, got 0 and 1"):
        Grid(rows=0, columns=1, spacing_m=0.01)
    with pytest.raises(OutOfRangeError, match="rows must be at least 2"):
        Grid(rows=1, columns=1, spacing_m=0.01, differential=True)
    with pytest.raises(OutOfRangeError, match="spacing_m"):
        Grid(rows=1, columns=1, spacing_m=0.0)
    with pytest.raises(OutOfRangeError, match="diameter_m"):
        Grid(rows=1, columns=1, spacing_m=0.01, diameter_m=-0.001)
    with pytest.raises(OutOfRangeError, match="spacing_m"):
        BipolarPair(spacing_m=-0.01)
    with pytest.raises(OutOfRangeError, match="diameter_m"):
        BipolarPair(spacing_m=0.01, diameter_m=float("nan"))
    with pytest.raises(OutOfRangeError, match="depth_m"):
        ConcentricNeedle(depth_m=0.0)
    with pytest.raises(OutOfRangeError, match="turned_rad"):
        ConcentricNeedle(depth_m=0.01, turned_rad=10.0)
