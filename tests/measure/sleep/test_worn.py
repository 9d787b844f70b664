"""What a worn accelerometer is taken for: movements with doubts, stillness, and never a stage."""

import numpy as np
import pytest
from tests.measure.sleep.nights import measured, recording, stages, values

from twitchwise.measure.asked import Asked
from twitchwise.measure.sleep import measure_sleep
from twitchwise.measure.sleep.jerks import FITS
from twitchwise.signals import Annotation, Channel, Recording
from twitchwise.vocabulary import ChannelKind, EventKind, Side, Unit
from twitchwise.vocabulary.arrays import FloatArray

RATE_HZ = 50.0


def worn(
    seconds: float = 7200.0,
    kicks: FloatArray | None = None,
    length_s: float = 1.5,
    size: float = 2.0,
    notes: list[Annotation] | None = None,
) -> Recording:
    """Give three axes in m/s2 with gravity, noise, and kicks that swing at 4 Hz."""
    rng = np.random.default_rng(0)
    axes = rng.normal(0.0, 0.01, (3, round(seconds * RATE_HZ))) + np.array([[0.0], [0.0], [9.8]])
    n = round(length_s * RATE_HZ)
    for kick in np.empty(0) if kicks is None else kicks:
        first = round(kick * RATE_HZ)
        axes[0, first : first + n] += size * np.sin(2 * np.pi * 4.0 * np.arange(n) / RATE_HZ)
    channels = [
        Channel(
            name=f"acc {letter}",
            kind=ChannelKind.ACCELERATION,
            unit=Unit.METER_PER_SECOND_SQUARED,
            sampling_rate_hz=RATE_HZ,
            n_samples=axes.shape[1],
        )
        for letter in "xyz"
    ]
    return recording(list(zip(channels, axes, strict=True)), notes or [])


def test_periodic_kicks_of_an_ankle_are_counted_with_doubts() -> None:
    found = measured(worn(kicks=np.arange(1000.0, 2000.0, 25.0)), Asked(site="ankle"))
    index = values(found)["plm_index_wasm"]
    assert index.value == pytest.approx(40 / 2.0)
    assert any("accelerometer on the ankle" in doubt for doubt in index.doubts)
    assert any("breathing" in doubt for doubt in index.doubts)
    assert any("no sleep stages" in doubt for doubt in index.doubts)
    assert values(found)["leg_movement_duration"].value == pytest.approx(1.5, abs=0.35)


def test_stillness_is_time_and_no_stage() -> None:
    found = measured(worn(kicks=np.arange(0.5, 3600.0, 10.0)), Asked(site="left ankle"))
    assert values(found)["still_time"].value == pytest.approx(1.0, abs=0.03)
    ids = set(values(found))
    assert not any("nrem" in one or "rem" in one.split("_") for one in ids)
    assert any("were not guessed" in warning for warning in found.warnings)


def test_a_wrist_shows_no_leg_movement() -> None:
    found = measured(worn(kicks=np.arange(1000.0, 2000.0, 25.0)), Asked(site="wrist", side=Side.LEFT))
    assert set(values(found)) == {"still_time", "hypnic_jerk_count", "hypnic_jerk_rate"}


def test_a_phone_on_the_bed_is_told_to_see_the_whole_body() -> None:
    found = measured(worn(kicks=np.arange(1000.0, 2000.0, 25.0)), Asked(site="mattress"))
    assert any("partner" in doubt for doubt in values(found)["plm_index"].doubts)


def test_a_brief_jerk_out_of_stillness_fits_one_on_falling_asleep() -> None:
    found = measured(worn(kicks=np.array([1500.0]), length_s=0.25, size=3.0), Asked(site="ankle"))
    count = values(found)["hypnic_jerk_count"]
    assert count.value == 1.0
    assert FITS in count.doubts
    train = next(train for train in found.events if train.kind is EventKind.HYPNIC_JERK)
    assert train.start_s == pytest.approx([1500.0], abs=0.1)


@pytest.mark.parametrize("site", [None, "head"])
def test_a_sensor_of_which_nothing_says_where_it_is_is_left_alone(site: str | None) -> None:
    assert measure_sleep(worn(), Asked(site=site), lambda _: None) is None


def test_a_short_recording_is_left_alone() -> None:
    assert measure_sleep(worn(seconds=1800.0), Asked(site="ankle"), lambda _: None) is None


def test_a_sensor_that_moves_most_of_the_time_is_left_alone() -> None:
    busy = worn(kicks=np.arange(5.0, 7000.0, 4.0), length_s=2.5)
    assert measure_sleep(busy, Asked(site="ankle"), lambda _: None) is None


def test_a_night_full_of_kicks_is_still_one_of_rest() -> None:
    kicks = np.arange(100.0, 7100.0, 20.0)
    assert values(measured(worn(kicks=kicks), Asked(site="ankle")))["plm_count_wasm"].value == kicks.size


def test_a_short_recording_with_stages_is_measured() -> None:
    found = measured(worn(seconds=1800.0, notes=stages(["W"] * 10 + ["N2"] * 50)), Asked(site="ankle"))
    index = values(found)["plm_index"]
    assert index.value == 0.0
    assert "per hour of sleep" in index.method


def test_every_axis_has_its_quality() -> None:
    found = measured(worn(), Asked(site="ankle"))
    assert [one.channel for one in found.quality] == ["acc x", "acc y", "acc z"]
    assert all(one.usable for one in found.quality)
    assert "still for 100 %" in found.quality[0].statements[0]


def test_missing_samples_are_no_movement() -> None:
    night = worn()
    samples = [night.read(channel.name).copy() for channel in night.channels]
    for axis in samples:
        axis[50_000:60_000] = np.nan
    found = measured(recording(list(zip(night.channels, samples, strict=True))), Asked(site="ankle"))
    assert values(found)["leg_movement_index"].value == 0.0
    assert values(found)["still_time"].value == pytest.approx(2.0 - 200 / 3600, abs=0.02)
