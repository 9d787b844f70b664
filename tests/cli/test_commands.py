"""Each command does its job from end to end, on real files, and its JSON keeps its names."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from twitchwise.cli import serve as serve_module
from twitchwise.formats import read_recording
from twitchwise.knowledge import library

Run = Callable[..., Any]
EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "cases"
CASES = sorted(EXAMPLES.glob("*.yaml"))
LEVELS = {
    "amyotrophic_lateral_sclerosis": "same_day",
    "benign_twitches": "routine",
    "diabetic_neuropathy": "routine",
    "guillain_barre": "emergency",
    "parkinson_rest_tremor": "soon",
    "transient_ischemic_attack": "emergency",
}


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_check_answers_each_example_with_its_urgency(run: Run, case: Path) -> None:
    done = run("check", case, "--json")
    assert done.code == 0
    result = json.loads(done.out)
    assert result["urgency"]["level"] == LEVELS[case.stem]
    assert {"rule", "because", "source"} <= set(result["urgency"]["reasons"][0])
    assert {"causes", "not_covered", "not_assessed", "measurements", "warnings"} <= set(result)
    total = sum(cause["probability"]["value"] for cause in result["causes"])
    assert total + result["not_covered"]["probability"]["value"] == pytest.approx(1)


def test_check_weighs_a_recording_and_writes_a_report(run: Run, tmp_path: Path) -> None:
    recording, report = tmp_path / "calf.edf", tmp_path / "report.html"
    assert run("simulate", "benign_fasciculation_syndrome", "--duration", "100", "-o", recording).code == 0
    done = run("check", EXAMPLES / "benign_twitches.yaml", "--recording", recording, "--report", report, "--json")
    assert done.code == 0
    measured = {one["id"]: one for one in json.loads(done.out)["measurements"]}
    assert measured["fasciculation_rate"]["low"] > 0
    assert report.read_text(encoding="utf-8").startswith("<!")


def test_check_prints_text_for_people(run: Run) -> None:
    done = run("check", EXAMPLES / "benign_twitches.yaml")
    assert done.code == 0
    assert "benign fasciculation syndrome" in done.out.lower()
    assert "medical device" in done.out


def test_simulated_events_are_in_the_file_that_is_written(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.edf"
    done = run("simulate", "amyotrophic_lateral_sclerosis", "--duration", "60", "--seed", "3", "-o", file, "--json")
    assert done.code == 0
    events = json.loads(done.out)["events"]
    assert len(events) > 3
    notes = [note for note in read_recording(file).annotations if "fasciculation_potential" in note.text]
    assert [note.start_s for note in notes] == pytest.approx([event["start_s"] for event in events], abs=1e-3)


def test_measure_finds_what_was_simulated(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.edf"
    truth = json.loads(run("simulate", "benign_fasciculation_syndrome", "--seed", "4", "-o", file, "--json").out)[
        "events"
    ]
    found = json.loads(run("measure", file, "--json").out)
    assert {"recording", "quality", "measurements", "events", "warnings"} <= set(found)
    assert {"kind", "channel", "start_s", "end_s", "peak_v"} <= set(found["events"][0])
    times = [event["peak_s"] for event in truth if abs(event["peak_v"]) > 2.4e-5]  # eight times the noise
    assert len(times) > 5
    hits = [any(abs(event["peak_s"] - time) < 0.03 for event in found["events"]) for time in times]
    assert sum(hits) >= 0.8 * len(times)
    assert run("measure", file).code == 0


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@pytest.mark.parametrize("name", sorted(library().conditions))
def test_every_condition_is_explained_and_refused_by_simulate_where_it_has_no_mechanism(run: Run, name: str) -> None:
    if not library().conditions[name].mechanism:
        refused = run("simulate", name, "--duration", "5")
        assert refused.code == 2
        assert "must have a mechanism" in refused.err
    done = run("explain", name)
    assert done.code == 0
    assert library().conditions[name].label.lower() in done.out.lower()


def test_knowledge_is_validated_listed_and_covered(
    run: Run, monkeypatch: pytest.MonkeyPatch, small_folder: Path
) -> None:
    assert "files are sound" in run("knowledge", "validate").out
    assert "eyelid_myokymia" in run("knowledge", "list").out
    for shelf in (
        "findings",
        "checklists",
        "claims",
        "medicines",
        "rules",
        "advice",
        "parameters",
        "sources",
        "vignettes",
    ):
        assert run("knowledge", "list", shelf).out.count("\n") == len(getattr(library(), shelf))
    assert "assumed" in run("knowledge", "coverage").out
    assert set(json.loads(run("knowledge", "coverage", "--json").out)) == {
        "entries",
        "numbers",
        "sources_read",
        "reviews",
    }
    (small_folder / "vignettes" / "sick_nerve_typical.yaml").unlink()
    broken = type(library())(small_folder)
    monkeypatch.setattr("twitchwise.cli.knowledge.library", lambda: broken)
    done = run("knowledge", "validate")
    assert done.code == 2
    assert "sick_nerve.yaml, line 1, id: a condition must have a typical vignette" in done.err


def test_the_demo_leaves_a_case_a_recording_and_a_report(run: Run, tmp_path: Path) -> None:
    done = run("demo", "--folder", tmp_path / "demo")
    assert done.code == 0
    assert {file.name for file in (tmp_path / "demo").iterdir()} == {"case.yaml", "recording.edf", "report.html"}
    assert "report.html" in done.out


def test_an_interrupt_ends_quietly(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("builtins.input", interrupt)
    assert run("check").code == 130


def test_serve_loads_the_web_surface_or_says_what_is_missing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[int, bool]] = []

    class Surface:
        """An entry point that notes its call."""

        def load(self) -> object:
            return lambda port, *, open_browser: calls.append((port, open_browser))

    monkeypatch.setattr(serve_module, "entry_points", lambda **_: [Surface()])
    assert run("serve", "--port", "8500", "--no-browser").code == 0
    assert calls == [(8500, False)]
    monkeypatch.setattr(serve_module, "entry_points", lambda **_: [])
    done = run("serve")
    assert done.code == 2
    assert "pip install 'twitchwise[web]'" in done.err


def test_progress_is_shown_to_a_person_only(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "x.edf"
    quiet = run("simulate", "caffeine", "--duration", "2", "-o", file)
    assert "Simulating" not in quiet.err
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert run("simulate", "caffeine", "--duration", "2").code == 0
