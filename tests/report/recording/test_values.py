from collections.abc import Callable
from dataclasses import replace

import pytest

from twitchwise.examine import ExaminedRecording
from twitchwise.examine.observed import OF_EMG
from twitchwise.knowledge import Library
from twitchwise.measure import UnitMeasurements
from twitchwise.report.measured import recording_facts
from twitchwise.report.other_activity import KIND_WORDS, is_none_seen, kind_of, looked_s, none_seen
from twitchwise.report.places import places_of
from twitchwise.report.quantity_words import QUANTITY_WORDS
from twitchwise.report.recording.bearing import not_used, signal_at, support_at, together
from twitchwise.report.recording.story import answer_of, story_of_recording
from twitchwise.report.recording.twitches import twitches_of
from twitchwise.report.recording.units import IN_TEXT, columns_of, units_at
from twitchwise.report.recording.values import others_at, values_at
from twitchwise.vocabulary import EventKind, Measurement, Unit

Printed = Callable[..., str]


def rate(kind: str, value: float, high: float) -> Measurement:
    return Measurement(
        id=f"{kind}_rate", value=value, low=0.0, high=high, unit=Unit.PER_MINUTE, method="x", channel="g1"
    )


def test_values_stand_in_one_order_with_the_rate_first(gridded: ExaminedRecording, known: Library) -> None:
    turned = replace(gridded.result, measurements=gridded.result.measurements[::-1])
    values = values_at(replace(gridded, result=turned), places_of(gridded)[0], known)
    assert [value.id for value in values] == ["fasciculation_rate", "fasciculation_amplitude", "rest_noise_rms"]


def test_other_activity_is_told_with_what_was_seen_first_and_every_bound(gridded: ExaminedRecording) -> None:
    cramp, *none = others_at(gridded, places_of(gridded)[0])
    assert cramp.is_seen
    assert cramp.name == "cramp discharges"
    assert [detail.label for detail in cramp.details] == ["how long each lasts"]
    assert [one.name for one in none] == ["myokymic discharges", "neuromyotonic discharges", "tremor bursts"]
    assert none[0].said == "none seen in 2.0 min; up to 1.5 a minute cannot be excluded"
    assert none[0].doubts == ("too short to call absent",)


def test_what_was_not_seen_is_one_paragraph_in_which_equal_bounds_share_a_sentence() -> None:
    said = none_seen([rate("myokymic_discharge", 0, 1.5), rate("cramp_discharge", 0, 0.9), rate("clonus_beat", 0, 1.5)])
    assert said == (
        "None seen in 2.0 min (up to 1.5 a minute cannot be excluded): myokymic discharges and beats of clonus. "
        "None seen in 3.3 min (up to 0.9 a minute cannot be excluded): cramp discharges."
    )
    assert none_seen([]) == ""


def test_the_time_looked_is_that_which_the_bound_was_made_of() -> None:
    assert looked_s(rate("cramp_discharge", 0, 1.5)) == pytest.approx(120, rel=0.01)


def test_only_other_activity_of_none_is_none_seen() -> None:
    assert is_none_seen(rate("cramp_discharge", 0, 1.5))
    assert not is_none_seen(rate("cramp_discharge", 1, 1.5))
    assert not is_none_seen(rate("fasciculation", 0, 1.5))
    assert kind_of(rate("tremor_burst", 0, 1.0)) is EventKind.TREMOR_BURST
    assert kind_of(rate("twitch_latency", 0, 1.0)) is None


def test_units_are_told_by_their_events_and_what_no_unit_has_is_left_out(gridded: ExaminedRecording) -> None:
    rows = units_at(gridded, places_of(gridded)[0])
    assert [(row.unit, row.events) for row in rows] == [("1", "6 (7)"), ("2", "2")]
    assert rows[0].rate == "2 (1.5-2.5)"
    assert rows[0].amplitude == "100 µV (75-125)"
    assert rows[0].place == "10.0 ± 0.5, 20.0 ± 1.0 mm"
    assert rows[0].territory == "400 mm²"
    assert columns_of(rows) == ("unit", "events", "rate", "amplitude", "place", "territory")
    assert columns_of(rows, IN_TEXT) == ("unit", "events", "rate", "amplitude")


def test_a_unit_without_a_place_has_none_told(gridded: ExaminedRecording) -> None:
    bare = UnitMeasurements(channel="grid", unit=3, discharges=1, fasciculations=1, measurements=())
    (row,) = units_at(replace(gridded, result=replace(gridded.result, units=(bare,))), places_of(gridded)[0])
    assert (row.rate, row.place, row.territory) == ("-", "-", "-")


def test_what_was_measured_of_twitches_on_no_electrode_is_a_row_a_channel(
    gridded: ExaminedRecording, known: Library
) -> None:
    (force,) = twitches_of(gridded, known)
    assert (force.channel, force.latency, force.peak, force.contraction_time) == (
        "force",
        "12 ms (9 to 15)",
        "20 mN (15 to 25)",
        "-",
    )
    assert force.doubts == ("The delay is not known",)
    assert force.others == ()


def test_the_answer_gives_the_rate_with_its_interval_and_what_else_was_seen(gridded: ExaminedRecording) -> None:
    assert answer_of(gridded) == (
        "10 fasciculations in 190 s at rest, 2.8 a minute (95% interval 2.1 to 3.5; doubted). "
        "Also seen: cramp discharges."
    )


def test_none_seen_is_answered_with_what_cannot_be_excluded(gridded: ExaminedRecording) -> None:
    none = Measurement(
        id="fasciculation_rate", value=0, low=0, high=0.95, unit=Unit.PER_MINUTE, method="x", channel="grid"
    )
    quiet = replace(gridded, result=replace(gridded.result, measurements=(none,)))
    assert answer_of(quiet) == ("Fasciculations: none seen in 3.2 min; up to 0.95 per minute cannot be excluded.")


def test_without_a_rate_the_summary_is_the_answer(gridded: ExaminedRecording) -> None:
    assert answer_of(replace(gridded, result=replace(gridded.result, measurements=(), summary="Too loud."))) == (
        "Too loud."
    )


def test_doubts_that_all_potentials_share_are_told_once(gridded: ExaminedRecording, known: Library) -> None:
    (place,) = story_of_recording(gridded, known).places
    assert place.doubts == ("doubted",)
    assert [place.own_doubts(value) for value in place.values] == [(), ("few",), ()]


def test_what_a_recording_can_bear_follows_its_electrodes_rest_and_noise(gridded: ExaminedRecording) -> None:
    said = " ".join(support_at(gridded, places_of(gridded)[0]))
    assert "Rate: 190 s at rest tell a rate of 1 a minute" in said
    assert "here 60 uV" in said
    assert "16 channels" in said


def test_the_signal_is_told_with_noise_clipping_and_hum(gridded: ExaminedRecording) -> None:
    place = places_of(gridded)[0]
    assert signal_at(gridded, place) == (
        "Signal: noise of 2 µV at rest; 2.0% of the worst channel of the samples are clipped, so that sizes are too "
        "small; mains hum at 50.00 Hz subtracted, up to 0% of the power while it is quiet."
    )
    silent = replace(gridded, result=replace(gridded.result, measurements=(), quality=()))
    assert signal_at(silent, place) == ""


def test_a_channel_that_was_not_used_is_told_with_the_reason(gridded: ExaminedRecording) -> None:
    quality = (replace(gridded.result.quality[0], usable=False, reason="It is flat."),)
    assert not_used(replace(gridded, result=replace(gridded.result, quality=quality))) == (
        "g0 was not used: It is flat.",
    )


def test_a_sentence_of_all_places_stands_alone() -> None:
    assert list(together([("a", ("x", "y")), ("b", ("x",))])) == ["x", "y (a)"]
    assert list(together([("a", ("x",))])) == ["x"]


def test_every_measured_quantity_of_potentials_has_a_clinical_name() -> None:
    assert {"doublet_share", "late_echo_share", "time_locked_pairs", "isolated_units_share"} <= set(QUANTITY_WORDS)


def test_a_check_tells_what_was_not_seen_in_one_fact_a_channel(gridded: ExaminedRecording, known: Library) -> None:
    facts = list(recording_facts(gridded, known))
    (looked,) = [fact for fact in facts if fact.label == "Other activity that was looked for"]
    assert looked.where == "g1"
    assert looked.said.startswith("None seen in 2.0 min (up to 1.5 a minute cannot be excluded): myokymic")
    assert looked.said.endswith("tremor bursts")
    assert looked.doubts == ("too short to call absent",)
    assert [fact.measurement.id for fact in facts].count("cramp_discharge_rate") == 1


def test_activity_that_only_a_doctor_confirms_is_what_the_report_tells_as_other_activity() -> None:
    assert set(OF_EMG) == set(KIND_WORDS)
