"""Bad input gets one clear sentence and exit code 2, never a traceback, and leaves nothing half-written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import edfio
import numpy as np
import pytest

from twitchwise.vocabulary.arrays import FloatArray

Run = Callable[..., Any]
CASE = "findings:\n  fasciculation: present\n"


def edf(file: Path, samples: FloatArray, rate: float = 1000.0, unit: str = "uV", label: str = "EMG calf") -> Path:
    edfio.Edf([edfio.EdfSignal(samples, rate, label=label, physical_dimension=unit)]).write(file)
    return file


def noise(n: int) -> FloatArray:
    return np.random.default_rng(0).normal(0, 5, n)


def truncated(folder: Path) -> Path:
    file = edf(folder / "cut.edf", noise(5000))
    file.write_bytes(file.read_bytes()[:-3000])
    return file


def text_named_edf(folder: Path) -> Path:
    file = folder / "text.edf"
    file.write_text("This is a letter, not a recording.\n" * 20)
    return file


def nan_only(folder: Path) -> Path:
    file = folder / "nan.csv"
    file.write_text("time,EMG (uV)\n" + "".join(f"{i / 1000},nan\n" for i in range(3000)))
    return file


def nothing_in_it(folder: Path) -> Path:
    file = folder / "zero.csv"
    file.write_text("time,EMG (uV)\n")
    return file


def empty(folder: Path) -> Path:
    file = folder / "empty.edf"
    file.touch()
    return file


def one_sample(folder: Path) -> Path:
    file = folder / "one.csv"
    file.write_text("# Sampling Rate (Hz):= 1000\nEMG (uV)\n1.5\n")
    return file


def five_hertz(folder: Path) -> Path:
    return edf(folder / "slow.edf", noise(300), rate=5.0)


def not_volts(folder: Path) -> Path:
    return edf(folder / "warm.edf", noise(5000), unit="degC")


def no_rate(folder: Path) -> Path:
    file = folder / "bare.csv"
    file.write_text("EMG (uV)\n" + "1.5\n2.5\n" * 500)
    return file


def missing(folder: Path) -> Path:
    return folder / "not_there.edf"


def a_folder(folder: Path) -> Path:
    return folder


def unknown_format(folder: Path) -> Path:
    file = folder / "picture.xyz"
    file.write_bytes(bytes(range(256)) * 10)
    return file


BAD_RECORDINGS = [
    truncated, text_named_edf, nan_only, nothing_in_it, empty, one_sample, five_hertz, not_volts, no_rate, missing,
    a_folder, unknown_format,
]  # fmt: skip


def is_one_sentence(text: str) -> bool:
    return text.startswith("twitchwise: ") and text.count("\n") == 1 and text.rstrip().endswith((".", ")", "'", "?"))


@pytest.mark.parametrize("make", BAD_RECORDINGS)
def test_measure_refuses_a_bad_recording(run: Run, tmp_path: Path, make: Callable[[Path], Path]) -> None:
    done = run("measure", make(tmp_path), "--json")
    assert done.code == 2, done
    assert done.out == ""
    assert is_one_sentence(done.err), done.err


@pytest.mark.parametrize("make", BAD_RECORDINGS)
def test_check_with_a_bad_recording_writes_no_report(run: Run, tmp_path: Path, make: Callable[[Path], Path]) -> None:
    case, report = tmp_path / "case.yaml", tmp_path / "report.html"
    case.write_text(CASE)
    done = run("check", case, "--recording", make(tmp_path), "--report", report)
    assert done.code == 2, done
    assert is_one_sentence(done.err), done.err
    assert not report.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("findings:\n  twich: present\n", "line 2, findings.twich: a finding must be a known one, got 'twich'"),
        ("findings:\n  fasciculation: perhaps\n", "line 2, findings.fasciculation"),
        ("findings:\n  fasciculation: present\n  fasciculation: absent\n", "given twice"),
        ("findings:\n  twitch_in_one_place: present\n  twitch_in_many_places: present\n", "contradict each other"),
        ("findings:\n  fasciculation: absent\n  twitch_duration: 3\n", "contradict each other"),
        ("findings:\n  fasciculation: present\n  twitch_duration: -3\n", "must lie in"),
        ("findings: {}\nage_years: -4\n", "age_years"),
        ("findings: {}\nsetting: moon\n", "setting"),
        ("findings: {}\ncolor: red\n", "color"),
        ("findings: [\n", "YAML"),
        ("", "must not be empty"),
        ("just words", "object"),
    ],
)
def test_check_refuses_a_bad_case(run: Run, tmp_path: Path, text: str, said: str) -> None:
    case, report = tmp_path / "case.yaml", tmp_path / "report.html"
    case.write_text(text)
    done = run("check", case, "--report", report)
    assert done.code == 2
    assert said.lower() in done.err.lower()
    assert is_one_sentence(done.err), done.err
    assert done.out == ""
    assert not report.exists()


@pytest.mark.parametrize("name", ["none.yaml", "."])
def test_check_refuses_a_case_that_is_no_file(run: Run, tmp_path: Path, name: str) -> None:
    done = run("check", tmp_path / name)
    assert done.code == 2
    assert is_one_sentence(done.err)


def test_a_case_that_is_not_text_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_bytes(b"\xff\xfe\x00")
    assert is_one_sentence(run("check", tmp_path / "case.yaml").err)


@pytest.mark.parametrize(
    "arguments",
    [
        ("simulate", "flu"),
        ("simulate", "caffeine", "--duration", "0"),
        ("simulate", "caffeine", "--duration", "-3"),
        ("simulate", "caffeine", "--duration", "nan"),
        ("explain", "flu"),
        ("explain", "eyelid_myokimia"),
        ("serve", "--port", "99999", "--no-browser"),
    ],
)
def test_a_value_out_of_range_is_refused(run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.code == 2
    assert is_one_sentence(done.err), done.err


def test_an_output_that_cannot_be_written_is_refused_before_any_work(run: Run, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    for target in (tmp_path, blocked, blocked / "set", tmp_path / "none" / "x.edf"):
        done = run("simulate", "caffeine", "--duration", "1", "-o", target)
        assert done.code == 2, target
        assert is_one_sentence(done.err)
    assert is_one_sentence(run("demo", "--folder", blocked).err)


@pytest.mark.parametrize("arguments", [("measure",), ("nonsense",), ("simulate", "caffeine", "--duration", "long")])
def test_a_wrong_command_line_ends_with_exit_code_2(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).code == 2
