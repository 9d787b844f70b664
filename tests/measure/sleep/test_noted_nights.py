"""Whole nights of noted movements, scored by both sets of rules: every index is what counting by hand gives."""

import pytest
from tests.measure.sleep.nights import at, every, marked, measured, note, noted_night, stages, values

from twitchwise.measure import RecordingMeasurements
from twitchwise.measure.rate_interval import count_interval
from twitchwise.measure.sleep.recording import NOTED
from twitchwise.signals import Annotation
from twitchwise.vocabulary import EventKind, Unit

LEFT_LEG, RIGHT_LEG = "Limb movement left", "Limb movement right"
# Two hours: wake for half an hour, N2 for an hour, REM for half an hour.
NIGHT = ["W"] * 60 + ["N2"] * 120 + ["R"] * 60


def scored(*notes: list[Annotation], letters: list[str] = NIGHT) -> RecordingMeasurements:
    everything = [*stages(letters), *(one for some in notes for one in some)]
    return measured(noted_night(everything, hours=len(letters) / 120))


def index(found: RecordingMeasurements, name: str) -> float:
    return values(found)[name].value


def test_indices_are_per_hour_of_sleep() -> None:
    found = scored(marked(every(20.0, 30, 2000.0)))
    assert index(found, "plm_index") == index(found, "plm_index_aasm") == pytest.approx(30 / 1.5)
    assert index(found, "plm_index_wasm") == index(found, "leg_movement_index") == pytest.approx(30 / 1.5)
    assert index(found, "periodicity_index") == 1.0
    assert values(found)["plm_index"].unit is Unit.PER_HOUR
    assert values(found)["plm_index"].doubts == ()


@pytest.mark.parametrize(("interval_s", "aasm", "wasm"), [(4.0, 0, 0), (7.0, 12, 0), (25.0, 12, 12), (95.0, 0, 0)])
def test_the_two_rules_differ_in_their_shortest_interval(interval_s: float, aasm: int, wasm: int) -> None:
    found = scored(marked(every(interval_s, 12, 2000.0), 0.6))
    assert (index(found, "plm_count_aasm"), index(found, "plm_count_wasm")) == (aasm, wasm)


def test_a_long_movement_ends_a_series_of_the_wasm_and_none_of_the_aasm() -> None:
    found = scored(marked(every(20.0, 3, 2000.0)), marked([2060.0], 12.0), marked(every(20.0, 3, 2085.0)))
    assert (index(found, "plm_count_aasm"), index(found, "plm_count_wasm")) == (6, 0)


def test_movements_of_both_legs_are_one_by_onsets_or_by_pauses() -> None:
    # the right leg follows 3 s after the onset and 2 s after the end of the left
    found = scored(marked(every(30.0, 10, 2000.0)), marked(every(30.0, 10, 2003.0), text=RIGHT_LEG))
    assert index(found, "plm_count_aasm") == 10
    # the WASM sees two movements, and intervals of 3 and 27 s: the short ones end every series
    assert index(found, "plm_count_wasm") == 0
    assert index(found, "short_interval_leg_movement_index") == pytest.approx(10 / 1.5)


def test_series_of_the_aasm_leave_out_movements_in_wake() -> None:
    # two in wake, two in sleep
    found = scored(marked([1780.0, 1790.0, 1801.0, 1820.0]))
    assert index(found, "plm_count_aasm") == 0
    assert index(found, "plm_count_wasm") == 2
    assert index(found, "plm_index_wake") == pytest.approx(2 / 0.5)


def test_a_series_of_the_aasm_goes_on_after_a_short_wake() -> None:
    letters = ["N2"] * 60 + ["W"] * 2 + ["N2"] * 60
    found = scored(marked([1750.0, 1770.0, 1790.0, 1810.0, 1865.0, 1885.0]), letters=letters)
    assert index(found, "plm_count_aasm") == 5


def test_a_series_of_the_wasm_runs_through_sleep_and_wake_and_is_counted_by_stage() -> None:
    found = scored(marked(every(20.0, 12, 1700.0)))
    assert index(found, "plm_index_wake") == pytest.approx(5 / 0.5)
    assert index(found, "plm_index_n2") == index(found, "plm_index_nrem") == pytest.approx(7 / 1.0)
    assert index(found, "plm_index_rem") == 0.0
    assert "plm_index_n3" not in values(found), "no time was spent in N3"


def test_breathing_is_left_out_before_series_are_made() -> None:
    # by the AASM two of six lie in the apnea, and the others stay one series; by the WASM the ends of events take three
    apneas = [note("Obstructive apnea", 2035.0, 30.0)]
    found = scored(marked(every(20.0, 6, 2000.0)), apneas)
    assert index(found, "plm_index_aasm_before_exclusion") == pytest.approx(6 / 1.5)
    assert index(found, "plm_index_aasm") == pytest.approx(4 / 1.5)
    assert index(found, "plm_index_wasm") == pytest.approx(6 / 1.5)
    # the apnea ends at 2065 s: of 2063 to 2075.25 s no movement has a part
    assert index(found, "plm_index_wasm_without_breathing") == pytest.approx(6 / 1.5)
    assert index(found, "respiratory_leg_movement_index") == 0.0


def test_movements_at_the_end_of_breathing_events_are_counted_apart() -> None:
    onsets = every(40.0, 8, 2000.0)
    apneas = [note("Hypopnea", onset - 15.0, 15.0) for onset in onsets]
    found = scored(marked(onsets), apneas)
    assert index(found, "plm_count_wasm") == 8
    assert index(found, "respiratory_leg_movement_index") == pytest.approx(8 / 1.5)
    assert index(found, "plm_index_wasm_without_breathing") == index(found, "plm_index_aasm") == 0.0


def test_movements_with_arousals_are_counted_and_their_share_given() -> None:
    arousals = [note("EEG arousal", onset + 1.2, 4.0) for onset in every(20.0, 3, 2000.0)]
    found = scored(marked(every(20.0, 12, 2000.0)), arousals)
    assert index(found, "plm_arousal_index") == pytest.approx(3 / 1.5)
    assert index(found, "plm_arousal_share") == pytest.approx(25.0)


def test_what_was_not_noted_is_not_given() -> None:
    ids = set(values(scored(marked(every(20.0, 5, 2000.0)))))
    assert not ids & {"plm_arousal_index", "plm_index_wasm_without_breathing", "respiratory_leg_movement_index"}


def test_the_night_is_cut_to_the_time_between_lights_off_and_on() -> None:
    lights = [note("Lights off", 2100.0), note("Lights on", 5000.0)]
    found = scored(marked(every(20.0, 10, 2000.0)), lights)
    assert index(found, "plm_count_wasm") == 5
    assert index(found, "plm_index_wasm") == pytest.approx(5 / (2900.0 / 3600.0))


def test_intervals_and_lengths_are_medians_over_sleep() -> None:
    found = scored(marked(every(20.0, 11, 2000.0), 2.5), marked([100.0, 120.0], 4.0))
    assert index(found, "intermovement_interval") == 20.0
    assert index(found, "leg_movement_duration") == index(found, "plm_duration") == 2.5
    assert index(found, "leg_movement_duration_wake") == 4.0
    assert index(found, "intermovement_interval_share_periodic") == pytest.approx(100 * 10 / 11)
    assert index(found, "intermovement_interval_share_long") == pytest.approx(100 / 11)


def test_none_seen_comes_with_an_upper_bound() -> None:
    # a note outside sleep makes it a night of leg movements
    found = values(scored(marked([100.0])))["plm_index"]
    assert (found.value, found.low) == (0.0, 0.0)
    assert found.high == pytest.approx(count_interval(0)[1] / 1.5)


def test_without_stages_an_index_is_per_hour_of_recording_and_says_so() -> None:
    found = measured(noted_night(marked(every(20.0, 16, 2000.0)), hours=4.0))
    main = values(found)["plm_index"]
    assert main.value == pytest.approx(4.0)
    assert "per hour of recording" in main.method
    assert not any("of sleep" in one.method or "in sleep" in one.method for one in found.measurements)
    assert any("no sleep stages" in doubt for doubt in main.doubts)
    assert any("No sleep stages" in warning for warning in found.warnings)
    assert not {"plm_index_nrem", "plm_index_wake"} & set(values(found))


def test_events_are_the_movements_and_the_periodic_ones() -> None:
    found = scored(marked(every(20.0, 5, 2000.0)), marked([4000.0]))
    trains = {train.kind: train for train in found.events}
    assert len(trains[EventKind.LEG_MOVEMENT]) == 6
    assert trains[EventKind.PERIODIC_LEG_MOVEMENT].start_s.tolist() == every(20.0, 5, 2000.0)
    assert {train.channel for train in found.events} == {NOTED}


def test_a_note_of_both_legs_is_one_movement() -> None:
    found = scored(marked(every(20.0, 5, 2000.0), text="Bilateral limb movement"))
    assert index(found, "plm_count_wasm") == index(found, "plm_count_aasm") == 5


def test_the_leg_of_a_note_matters() -> None:
    both = [*marked([2000.0, 2020.0, 2040.0, 2060.0]), *marked([2000.2, 2020.2, 2040.2, 2060.2], text=RIGHT_LEG)]
    assert index(scored(both), "leg_movement_index") == pytest.approx(4 / 1.5)


def test_a_movement_is_of_the_stage_of_its_onset() -> None:
    # the last begins a moment before REM and ends in it
    found = scored(marked([5340.0, 5360.0, 5380.0, 5399.5], 2.0))
    assert index(found, "plm_index_n2") == 4.0
    assert index(found, "plm_index_rem") == 0.0


def test_the_summary_names_the_rule_and_the_hours() -> None:
    summary = scored(marked(every(20.0, 30, 2000.0))).summary
    assert summary.startswith("20.0 periodic leg movements per hour of sleep by the rules of the AASM")


def test_movements_without_length_or_side_are_told() -> None:
    warnings = " ".join(scored(marked([2000.0], 0.0), marked([2100.0], text="Leg movement")).warnings)
    assert "1 annotation of movements, arousals or breathing has no length" in warnings
    assert "1 annotated leg movement does not say which leg" in warnings


def test_no_sentence_says_that_a_person_has_a_disease() -> None:
    found = scored(marked(every(20.0, 30, 2000.0)))
    said = " ".join([found.summary, *found.warnings, *(one.method for one in found.measurements)]).lower()
    assert not any(word in said for word in ("disorder", "disease", "diagnos", "restless", "pathological"))


def test_constructed_movements_are_what_the_helpers_say() -> None:
    assert at([1.0], 2.0).stop_s.tolist() == [3.0]
