"""Stages are read in the spellings that sleep laboratories and programs use, and nothing else is taken for one."""

import numpy as np
import pytest
from tests.measure.sleep.nights import note, noted_night, recording, stages

from twitchwise.measure.sleep.stages import ASLEEP, NREM, Hypnogram, Stage, hypnogram_of, is_stage, stage_of
from twitchwise.signals import Channel
from twitchwise.vocabulary import ChannelKind, Unit

SPELLINGS = {
    Stage.WAKE: (
        "Sleep stage W",
        "Stage W",
        "Wake",
        "wake|0",
        "SLEEP-S0",
        "Wach",
        "Éveil",
        "Vigilia",
        "Veglia",
        "awake",
    ),
    Stage.N1: (
        "Sleep stage N1",
        "Sleep stage 1",
        "Stage 1 sleep|1",
        "SLEEP-S1",
        "NREM 1",
        "Stade N1",
        "sleep_stage_n1",
    ),
    Stage.N2: ("Sleep stage N2", "Sleep stage 2", "Stage - N2", "S2", "Schlafstadium N2", "Fase N2", "Stage II"),
    Stage.N3: ("Sleep stage N3", "Sleep stage 3", "Sleep stage 4", "Stage 4 sleep|4", "SLEEP-S4", "Stadium 3", "N3"),
    Stage.REM: ("Sleep stage R", "REM", "Stage REM", "REM sleep|5", "SLEEP-REM", "Sleep stage REM"),
    Stage.UNKNOWN: ("Sleep stage ?", "Unscored", "SLEEP-MT", "Sleep stage M", "Movement time"),
}


@pytest.mark.parametrize(("text", "stage"), [(text, stage) for stage, texts in SPELLINGS.items() for text in texts])
def test_a_stage_is_read_in_every_usual_spelling(text: str, stage: Stage) -> None:
    assert stage_of(text) is stage


@pytest.mark.parametrize(
    "text",
    [
        "Leg movement",
        "Limb movement left",
        "Arousal",
        "Obstructive apnea",
        "Lights off",
        "PLM",
        "stimulus 2",
        "Start",
        "",
    ],
)
def test_other_notes_are_no_stage(text: str) -> None:
    assert stage_of(text) is None


def test_a_letter_alone_is_no_stage_for_sure() -> None:
    assert not is_stage(note("W", 0.0, 30.0))
    assert is_stage(note("Sleep stage W", 0.0, 30.0))


def test_numbers_are_stages_where_they_follow_on_each_other_evenly() -> None:
    numbers = [note(one, 30.0 * place) for place, one in enumerate("00112233445500")]
    hypnogram = hypnogram_of(noted_night(numbers))
    assert hypnogram is not None
    assert [stage for _, _, stage in hypnogram.spans][::2] == [
        Stage.WAKE, Stage.N1, Stage.N2, Stage.N3, Stage.N3, Stage.REM, Stage.WAKE
    ]  # fmt: skip


def test_numbers_at_odd_times_are_markers() -> None:
    numbers = [note(str(place % 3), 30.0 * place + place**1.5) for place in range(20)]
    assert hypnogram_of(noted_night(numbers)) is None


def test_w_and_r_count_beside_stages_in_words_whatever_their_lengths() -> None:
    runs = [note("W", 0.0, 330.0), note("N1", 330.0, 90.0), note("N2", 420.0, 1000.0), note("R", 1420.0, 100.0)]
    hypnogram = hypnogram_of(noted_night(runs, hours=0.5))
    assert hypnogram is not None
    assert hypnogram.time_in([Stage.WAKE]).duration_s == 330.0
    assert hypnogram.time_in([Stage.REM]).spans == ((1420.0, 1520.0),)


def test_a_stage_without_length_lasts_until_the_next_and_the_last_for_one_epoch() -> None:
    hypnogram = hypnogram_of(noted_night([note("Sleep stage W", 0.0), note("Sleep stage N2", 600.0)]))
    assert hypnogram is not None
    assert hypnogram.spans == ((0.0, 600.0, Stage.WAKE), (600.0, 630.0, Stage.N2))


def test_a_stage_ends_where_the_next_begins() -> None:
    hypnogram = hypnogram_of(noted_night([note("Sleep stage W", 0.0, 600.0), note("Sleep stage N2", 300.0, 30.0)]))
    assert hypnogram is not None
    assert hypnogram.spans == ((0.0, 300.0, Stage.WAKE), (300.0, 330.0, Stage.N2))


def test_a_night_that_nobody_scored_has_no_hypnogram() -> None:
    assert hypnogram_of(noted_night(stages("????????"))) is None
    assert hypnogram_of(noted_night([])) is None


def test_a_channel_of_numbers_is_a_hypnogram_too() -> None:
    rows = np.repeat([0.0, 1.0, 2.0, 3.0, 5.0, -1.0], 10)
    channel = Channel(
        name="Hypnogram", kind=ChannelKind.OTHER, unit=Unit.UNKNOWN, sampling_rate_hz=1 / 30, n_samples=rows.size
    )
    hypnogram = hypnogram_of(recording([(channel, rows)]))
    assert hypnogram is not None
    assert hypnogram.time_in(ASLEEP).duration_s == pytest.approx(1200.0)
    assert hypnogram.time_in(NREM).duration_s == pytest.approx(900.0)


def test_a_person_falls_asleep_after_enough_wake_only() -> None:
    words = ["W"] * 10 + ["N1", "N2", "W", "N2"] + ["W"] * 4 + ["N1"]
    hypnogram = hypnogram_of(noted_night(stages(words)))
    assert hypnogram is not None
    assert hypnogram.falls_asleep(60.0) == (300.0, 540.0)


def test_what_lies_outside_a_span_is_cut_off() -> None:
    whole = Hypnogram(spans=((0.0, 100.0, Stage.N2), (100.0, 200.0, Stage.REM)))
    assert whole.within(50.0, 150.0).spans == ((50.0, 100.0, Stage.N2), (100.0, 150.0, Stage.REM))
