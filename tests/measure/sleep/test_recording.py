"""Which recordings are of sleep, what is refused, and that a night of EMG comes to what was put into it."""

from pathlib import Path

import numpy as np
import pytest
from tests.measure.sleep.nights import (
    Emg,
    emg_night,
    every,
    marked,
    measured,
    note,
    noted_night,
    recording,
    stages,
    values,
)

from twitchwise.formats import read_recording, write_edf
from twitchwise.measure import measure_recording
from twitchwise.measure.asked import Asked
from twitchwise.measure.sleep import measure_sleep
from twitchwise.measure.sleep.recording import LEGS, MUSCLES
from twitchwise.signals import Channel, Recording
from twitchwise.vocabulary import ChannelKind, EventKind, Unit, UnreadableRecordingError


def left_alone(night: Recording, asked: Asked | None = None) -> bool:
    return measure_sleep(night, asked or Asked(), lambda _: None) is None


def kicking(onsets_s: list[float], seconds: float, seed: int = 0, rate_hz: float = 256.0) -> Emg:
    emg = Emg(seconds, rate_hz, seed=seed)
    for onset in onsets_s:
        emg.burst(onset, 2.0, 25e-6)
    return emg


def test_emg_of_minutes_is_left_alone() -> None:
    assert left_alone(emg_night({"EMG tibialis anterior": Emg(600.0)}))


def test_hours_of_another_muscle_are_left_alone() -> None:
    assert left_alone(emg_night({"EMG biceps": Emg(4000.0, 200.0)}))


def test_an_eeg_with_stages_and_nothing_else_is_left_alone() -> None:
    assert left_alone(noted_night(stages(["N2"] * 20), hours=0.2))


def test_a_remark_that_somebody_moved_makes_no_night() -> None:
    remarks = marked([5.0, 20.0], text="left leg movement")
    assert left_alone(emg_night({"EMG tibialis anterior": Emg(60.0)}, remarks))


def test_a_short_recording_with_a_series_of_noted_movements_is_scored() -> None:
    found = measured(noted_night(marked(every(20.0, 4, 30.0)), hours=0.1))
    assert values(found)["plm_count_wasm"].value == 4.0


def test_hours_of_leg_emg_are_taken_for_a_night_and_say_so() -> None:
    found = measured(emg_night({"EMG LAT": kicking(every(20.0, 20, 500.0), 3700.0, rate_hz=200.0)}))
    assert values(found)["plm_index"].value == pytest.approx(20 / (3700 / 3600), rel=1e-6)
    assert any("hours of leg EMG" in warning for warning in found.warnings)


def test_a_night_of_two_legs_comes_to_what_was_put_into_it() -> None:
    both = every(25.0, 30, 1000.0)
    left, right = kicking(both, 3600.0), kicking([onset + 0.2 for onset in both[::2]], 3600.0, seed=1)
    found = measured(emg_night({"EMG LAT": left, "EMG RAT": right}, stages(["W"] * 20 + ["N2"] * 100)))
    indices = values(found)
    for name in ("plm_index", "plm_index_wasm", "leg_movement_index"):
        assert indices[name].value == pytest.approx(30 / (3000 / 3600)), name
    trains = {(train.kind, train.channel): train for train in found.events}
    assert len(trains[EventKind.LEG_MOVEMENT, "EMG LAT"]) == 30
    assert len(trains[EventKind.LEG_MOVEMENT, "EMG RAT"]) == 15
    periodic = trains[EventKind.PERIODIC_LEG_MOVEMENT, LEGS]
    assert periodic.start_s == pytest.approx(both, abs=0.03)
    assert set(periodic.at) == {"EMG LAT"}
    assert all(event.peak > 25e-6 for event in periodic)


def test_jerks_of_several_muscles_name_the_muscle_where_they_were_largest() -> None:
    legs = {"EMG LAT": Emg(1200.0, 512.0), "EMG chin": Emg(1200.0, 512.0, seed=1)}
    legs["EMG LAT"].burst(320.0, 0.15, 60e-6)
    legs["EMG chin"].burst(320.05, 0.15, 200e-6)
    found = measured(emg_night(legs, stages(["W"] * 10 + ["N1"] * 30)))
    train = next(train for train in found.events if train.kind is EventKind.HYPNIC_JERK)
    assert (train.channel, train.at) == (MUSCLES, ("EMG chin",))


def test_the_chin_alone_gives_jerks_and_no_leg_movement() -> None:
    found = measured(emg_night({"EMG chin": Emg(1200.0)}, stages(["W"] * 10 + ["N1"] * 30)))
    assert set(values(found)) == {"hypnic_jerk_count", "hypnic_jerk_rate"}


def test_one_leg_gives_a_doubt() -> None:
    found = measured(emg_night({"EMG LAT": Emg(1200.0)}, stages(["N2"] * 40)))
    assert any("only one leg" in doubt for doubt in values(found)["plm_index"].doubts)


def test_a_loud_resting_emg_gives_a_doubt() -> None:
    loud = {"EMG LAT": Emg(1200.0, noise_v=8e-6), "EMG RAT": Emg(1200.0, noise_v=8e-6, seed=1)}
    found = measured(emg_night(loud, stages(["N2"] * 40)))
    assert any("resting EMG exceeds 10 uV" in doubt for doubt in values(found)["plm_index"].doubts)


def test_noted_movements_are_used_before_those_in_the_emg() -> None:
    legs = {"EMG LAT": kicking(every(20.0, 10, 200.0), 1200.0)}
    found = measured(emg_night(legs, [*stages(["N2"] * 40), *marked(every(30.0, 5, 300.0))]))
    assert values(found)["plm_count_wasm"].value == 5.0


def test_time_without_signal_is_no_time_looked_at() -> None:
    emg = kicking(every(20.0, 20, 300.0), 3600.0)
    emg.samples[(1800 * 256) :] = np.nan
    found = measured(emg_night({"EMG LAT": emg}, stages(["N2"] * 120)))
    assert values(found)["plm_index"].value == pytest.approx(20 / 0.5, rel=1e-3)


@pytest.mark.parametrize(
    ("channel", "samples", "says"),
    [
        (Emg(300.0, 100.0).channel(), Emg(300.0, 100.0).samples, "at least 200 Hz"),
        (Emg(300.0).channel(unit=Unit.COUNT), Emg(300.0).samples, "must be volts"),
        (Emg(300.0).channel(), np.zeros(76_800), "flat line"),
        (Emg(300.0).channel(), np.full(76_800, np.nan), "must hold a signal"),
    ],
)
def test_what_cannot_be_scored_is_refused_with_one_sentence(channel: Channel, samples: np.ndarray, says: str) -> None:
    night = recording([(channel, samples)], stages(["N2"] * 10))
    with pytest.raises(UnreadableRecordingError, match=says):
        measure_sleep(night, Asked(), lambda _: None)


def test_one_channel_that_cannot_be_scored_leaves_the_other() -> None:
    good, bad = Emg(1200.0), Emg(1200.0, 100.0)
    night = recording(
        [(good.channel("EMG LAT"), good.samples), (bad.channel("EMG RAT"), bad.samples)], stages(["N2"] * 40)
    )
    found = measured(night)
    assert [(one.channel, one.usable) for one in found.quality] == [("EMG LAT", True), ("EMG RAT", False)]
    assert any("at least 200 Hz" in warning for warning in found.warnings)


def test_legs_without_sides_are_taken_for_different_ones_and_told() -> None:
    found = measured(emg_night({"LEG1 EMG": Emg(1200.0), "LEG2 EMG": Emg(1200.0, seed=1)}, stages(["N2"] * 40)))
    assert any("'LEG1 EMG' left, 'LEG2 EMG' right" in warning for warning in found.warnings)


def test_progress_goes_up_to_all_but_the_end() -> None:
    told = list[float]()
    measure_sleep(emg_night({"EMG LAT": Emg(600.0), "EMG RAT": Emg(600.0)}, stages(["N2"] * 20)), Asked(), told.append)
    assert told == sorted(told)
    assert 0 < told[0] <= told[-1] < 1


def test_a_night_in_a_file_is_measured_by_the_one_command_for_all_files(tmp_path: Path) -> None:
    legs = {"EMG LAT": kicking(every(25.0, 12, 300.0), 900.0), "EMG RAT": Emg(900.0, seed=1)}
    breathing = [note("Obstructive apnea", 100.0, 20.0)]
    write_edf(emg_night(legs, [*stages(["W"] * 4 + ["N2"] * 26), *breathing]), tmp_path / "night.edf")
    found = measure_recording(read_recording(tmp_path / "night.edf"))
    indices = {one.id: one.value for one in found.measurements}
    assert indices["plm_index_wasm"] == pytest.approx(12 / (780 / 3600))
    assert indices["plm_index_wasm_without_breathing"] == pytest.approx(12 / (780 / 3600))


def test_sleep_is_not_claimed_of_other_channels() -> None:
    force = Channel(name="F", kind=ChannelKind.FORCE, unit=Unit.NEWTON, sampling_rate_hz=100.0, n_samples=1000)
    assert left_alone(recording([(force, np.zeros(1000))], stages(["N2"] * 3)))


@pytest.mark.shared_data
@pytest.mark.parametrize("name", ["emg_healthy.hea", "emg_myopathy.hea", "emg_neuropathy.hea"])
def test_real_emg_of_a_shin_is_left_alone(name: str, shared_data: Path) -> None:
    assert left_alone(read_recording(shared_data / "emg" / "physionet_emgdb" / name))


@pytest.mark.shared_data
@pytest.mark.parametrize("site", [None, "hand", "leg"])
def test_a_real_table_of_emg_is_left_alone(site: str | None, shared_data: Path) -> None:
    file = shared_data / "emg" / "biosppy_emg.txt"
    assert left_alone(read_recording(file, sampling_rate_hz=1000.0), Asked(site=site))
