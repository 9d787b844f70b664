"""What the diary keeps of a visit: every measurement, no sample, and names that can be shown."""

import datetime as dt
from pathlib import Path

import numpy as np

from twitchwise.assess import assess_case
from twitchwise.diary import start_diary
from twitchwise.examine import examine_recording, read_case
from twitchwise.examine.for_the_diary import kept_check, kept_recording
from twitchwise.knowledge import library
from twitchwise.vocabulary import Urgency

DAY = dt.date(2026, 3, 1)
CASES = Path(__file__).resolve().parents[2] / "examples" / "cases"


def test_what_was_measured_is_kept_whole_and_read_back(tmp_path: Path) -> None:
    file = tmp_path / "calf.csv"
    rng, rate_hz = np.random.default_rng(7), 1000
    time_s = np.arange(30 * rate_hz) / rate_hz
    table = np.column_stack([time_s, rng.normal(0, 4e-6, time_s.size)])
    np.savetxt(file, table, delimiter=",", header="time_s,emg\x07left_v", comments="", fmt="%.9g")
    examined = examine_recording(file, unit="V")
    recording = kept_recording(examined, DAY)
    assert [(one.id, one.value) for one in recording.measurements] == [
        (one.id, one.value) for one in examined.result.measurements
    ]
    assert recording.measurements
    assert all(one.channel is None or one.channel.isprintable() for one in recording.measurements)
    diary = start_diary(tmp_path / "diary.sqlite3")
    diary.keep_recording(recording)
    (kept,) = diary.recordings()
    assert kept.measurements == recording.measurements
    assert kept.duration_s == 30


def test_a_check_is_kept_with_its_level_and_every_rule_that_said_so() -> None:
    known = library()
    assessment = assess_case(read_case(CASES / "guillain_barre.yaml", known), known)
    check = kept_check(assessment, DAY)
    assert check.urgency is Urgency.EMERGENCY
    assert check.rules == tuple(reason.rule for reason in assessment.urgency.reasons)
    assert set(check.rules) <= set(known.rules)
