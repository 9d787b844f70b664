"""What a worker gives for one recording: always an answer that can be kept, whatever the recording is."""

import pickle
from pathlib import Path

import msgspec
import numpy as np
import pytest
from tests.cohort.visits import visit

from twitchwise.cohort import open_dataset
from twitchwise.cohort.work import State, Work, key_of, measure_work, settings_digest
from twitchwise.examine import MeasuringOrder
from twitchwise.formats import write_edf
from twitchwise.vocabulary import Task


def work_on(folder: Path, order: MeasuringOrder | None = None) -> Work:
    order = order or MeasuringOrder()
    (recording,) = open_dataset(folder).recordings
    return Work(recording=recording, order=order, settings=settings_digest(recording.ordered(order)))


def test_what_a_phone_recorded_can_be_kept_and_sent(tmp_path: Path) -> None:
    time_s = np.arange(0, 30, 0.01)
    shake = 2 * np.sin(2 * np.pi * 5 * time_s)
    rows = [f"{at:.2f},{shake[n]:.4f},0.1,9.81" for n, at in enumerate(time_s)]
    (tmp_path / "shake.csv").write_text("\n".join(["time_s,acc_x_mps2,acc_y_mps2,acc_z_mps2", *rows]) + "\n")
    done = measure_work(work_on(tmp_path, MeasuringOrder(task=Task.REST)))
    assert done.state is State.MEASURED, done.sentence
    assert msgspec.json.decode(msgspec.json.encode(done.about))["n_channels"] == 3
    assert pickle.loads(pickle.dumps(done)).key == done.key  # noqa: S301 - just written


def test_the_key_is_that_of_content_and_settings(tmp_path: Path) -> None:
    write_edf(visit(1), tmp_path / "a.edf")
    plain, other = (measure_work(work_on(tmp_path, MeasuringOrder(discharges=asked))) for asked in (False, True))
    assert plain.digest == other.digest
    assert plain.key != other.key
    assert plain.key == key_of(plain.digest, settings_digest(MeasuringOrder()))


def test_what_is_known_is_not_measured(tmp_path: Path) -> None:
    write_edf(visit(1), tmp_path / "a.edf")
    work = work_on(tmp_path)
    first = measure_work(work)
    known = Work(recording=work.recording, order=work.order, settings=work.settings, known=frozenset({first.key[:20]}))
    again = measure_work(known)
    assert again.is_there
    assert (again.key, again.tables) == (first.key, {})


def test_a_fault_of_ours_is_said_and_not_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError("oh")

    write_edf(visit(1), tmp_path / "a.edf")
    monkeypatch.setattr("twitchwise.cohort.work.examine_as_ordered", fails)
    done = measure_work(work_on(tmp_path))
    assert (done.state, done.key) == (State.FAULT, "")
    assert done.sentence == "measuring must not fail, but it did: ZeroDivisionError: oh; please report this."


def test_a_refusal_names_the_file_by_its_path_in_the_data_set(tmp_path: Path) -> None:
    (tmp_path / "left").mkdir()
    write_edf(visit(1), tmp_path / "whole.edf")
    (tmp_path / "left" / "half.edf").write_bytes((tmp_path / "whole.edf").read_bytes()[:3000])
    (tmp_path / "whole.edf").unlink()
    done = measure_work(work_on(tmp_path))
    assert done.state is State.REFUSED
    assert done.key
    assert "left/half.edf" in done.sentence
    assert str(tmp_path) not in done.sentence
