"""Notes of movements, arousals, breathing and lights are told apart in the words of several programs and languages."""

import pytest
from tests.measure.sleep.nights import note, noted_night, stages

from twitchwise.measure.sleep.movements import BOTH, LEFT, RIGHT
from twitchwise.measure.sleep.noted import Noted, noted_on, side_in


def of_one(text: str) -> Noted:
    return noted_on(noted_night([note(text, 100.0, 2.0)]))


@pytest.mark.parametrize(
    "text",
    ["Limb movement", "Leg movement", "leg_movement@EMG LAT", "LM", "LMA", "PLM", "PLMS left", "Limb Movement (Left)",
     "Beinbewegung links", "Mouvement de la jambe", "Movimiento de pierna", "periodic_leg_movement"],
)  # fmt: skip
def test_leg_movements_are_found(text: str) -> None:
    noted = of_one(text)
    assert noted.movements is not None
    assert len(noted.movements) == 1
    assert noted.arousals is None
    assert noted.respiratory is None


@pytest.mark.parametrize("text", ["EEG arousal", "Arousal", "Limb movement arousal", "Micro-éveil", "PLM arousal"])
def test_arousals_are_found(text: str) -> None:
    noted = of_one(text)
    assert noted.arousals is not None
    assert noted.movements is None
    assert noted.respiratory is None


@pytest.mark.parametrize(
    "text",
    ["Obstructive apnea", "Obstructive Apnea|Obstructive Apnea", "Hypopnea", "Central apnoea", "RERA", "Apnée centrale",
     "Respiratory effort related arousal", "Hypopnoe", "Mixed Apnoe"],
)  # fmt: skip
def test_respiratory_events_are_found(text: str) -> None:
    noted = of_one(text)
    assert noted.respiratory is not None
    assert noted.movements is None
    assert noted.arousals is None


@pytest.mark.parametrize(
    "text",
    [
        "SpO2 desaturation",
        "PLM series",
        "PLM sequence left",
        "Snore",
        "Body position: supine",
        "EMG cable",
        "alarm",
        "film",
    ],
)
def test_other_notes_are_left_alone(text: str) -> None:
    noted = of_one(text)
    assert (noted.movements, noted.arousals, noted.respiratory) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "leg"),
    [("leg movement", None), ("limb movement left", LEFT), ("lm r", RIGHT), ("leg movement@emg lat", LEFT),
     ("plm rleg", RIGHT), ("bilateral leg movement", BOTH), ("lm left right", BOTH), ("beinbewegung rechts", RIGHT),
     ("mouvement jambe gauche", LEFT), ("leg/l movement", LEFT), ("plml", LEFT)],
)  # fmt: skip
def test_the_leg_is_read_from_the_words(text: str, leg: int | None) -> None:
    assert side_in(text) == leg


def test_a_movement_noted_for_both_legs_is_one_of_each() -> None:
    noted = of_one("Bilateral leg movement")
    assert noted.movements is not None
    assert sorted(noted.movements.leg.tolist()) == [LEFT, RIGHT]


def test_notes_without_length_are_counted_and_left_out() -> None:
    notes = [note("Leg movement", 10.0), note("Leg movement left", 20.0, 1.0), note("Apnea", 5.0)]
    noted = noted_on(noted_night(notes))
    assert noted.without_length == 2
    assert noted.movements is not None
    assert len(noted.movements) == 1
    assert noted.without_side == 0


def test_a_movement_that_does_not_say_its_leg_is_counted_as_such() -> None:
    assert of_one("Leg movement").without_side == 1


def test_lights_are_out_from_the_first_off_to_the_last_on() -> None:
    notes = [
        note("Lights off", 600.0),
        note("Lights On", 5000.0),
        note("Lights out", 5200.0),
        note("Lights on", 9000.0),
    ]
    assert noted_on(noted_night(notes)).lights_out == (600.0, 9000.0)


@pytest.mark.parametrize(("off", "on"), [("Licht aus", "Licht an"), ("Lumière éteinte", "Lumière allumée")])
def test_lights_are_read_in_other_languages(off: str, on: str) -> None:
    assert noted_on(noted_night([note(off, 60.0), note(on, 120.0)])).lights_out == (60.0, 120.0)


def test_without_lights_the_whole_recording_counts() -> None:
    assert noted_on(noted_night(stages("WW"), hours=1.0)).lights_out == (0.0, 3600.0)


def test_lights_that_go_on_before_they_go_off_are_not_believed() -> None:
    assert noted_on(noted_night([note("Lights off", 900.0), note("Lights on", 100.0)], hours=1.0)).lights_out == (
        0.0,
        3600.0,
    )
