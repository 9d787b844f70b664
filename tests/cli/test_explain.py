import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from twitchwise.knowledge import library
from twitchwise.simulate.condition import known_conditions

Run = Callable[..., Any]


def flat(text: str) -> str:
    """Return text as it would stand on one line."""
    return " ".join(text.split())


def test_a_figure_is_written_and_its_sentences_follow_the_text(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "chain.svg"
    done = run("explain", "caffeine", "--figure", file, "--severity", "severe")
    assert done.code == 0
    assert ET.fromstring(file.read_text(encoding="utf-8")).attrib["role"] == "img"  # noqa: S314 - our own file
    out = flat(done.out)
    assert out.index("What happens to the twitch") < out.index("What the model changes, link by link")
    assert "Blood and warmth: caffeine goes up from none" in out or "Blood and warmth: caffeine goes up from 0" in out
    assert "severity 1.5" in out
    assert "it was not measured on you" in out
    assert str(file) in done.err


def test_severity_zero_changes_nothing(run: Run, tmp_path: Path) -> None:
    done = run("explain", "caffeine", "--figure", tmp_path / "chain.svg", "--severity", "0")
    assert done.code == 0
    assert flat(done.out).count("the model changes nothing here.") == 7


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("the_moon",), "condition must be"),
        (("caffeine", "--severity", "9"), "severity must be"),
        (("caffeine", "--figure", "no_such_folder/x.svg"), "must lie in a folder that exists"),
        (("acid_body",), "condition must be"),
    ],
)
def test_what_cannot_be_drawn_is_refused_before_anything_is_printed(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    file = tmp_path / "x.svg"
    figure = () if "--figure" in arguments else ("--figure", file)
    done = run("explain", *arguments, *figure)
    assert done.code == 2
    assert sentence in done.err
    assert done.err.count("\n") == 1
    assert done.out == ""
    assert not file.exists()


def test_a_condition_without_a_mechanism_has_text_and_no_figure(run: Run, tmp_path: Path) -> None:
    without = sorted(set(library().conditions) - set(known_conditions()))
    if not without:
        pytest.skip("every condition has a mechanism")
    assert run("explain", without[0]).code == 0
    done = run("explain", without[0], "--figure", tmp_path / "x.svg")
    assert done.code == 2
    assert "must have a mechanism in the model" in done.err


def test_a_file_that_cannot_be_written_is_refused_in_one_sentence(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Drawn:
        """Stands in for what the model makes."""

        svg, sentences, caption = "<svg/>", (), ""

    monkeypatch.setattr("twitchwise.report.explain", lambda *_, **__: Drawn(), raising=False)
    monkeypatch.setattr(Path, "write_text", _full)
    done = run("explain", "caffeine", "--figure", tmp_path / "x.svg")
    assert done.code == 2
    assert "figure must be a file that can be written" in done.err


def _full(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("name", ["healthy", "healthy_contraction"])
def test_health_can_be_explained(run: Run, name: str) -> None:
    done = run("explain", name)
    assert done.code == 0
    assert "Nothing is changed in the model." in flat(done.out)


def test_a_popular_claim_and_a_misspelled_name_are_answered_as_before(run: Run) -> None:
    assert "acid" in run("explain", "acid_body").out
    done = run("explain", "alkalosi")
    assert done.code == 2
    assert "did you mean 'alkalosis'?" in done.err


def test_popular_stories_are_told_with_both_sides(run: Run) -> None:
    out = flat(run("explain", "alkalosis").out)
    story = next(story for story in library().stories.values() if "alkalosis" in story.about)
    assert f"The popular story: {flat(story.popular.says)}" in out
    assert f"The evidence: {flat(story.evidence.says)}" in out
    assert "What people say" not in flat(run("explain", "essential_tremor").out)


def test_text_alone_needs_no_array_library() -> None:
    code = (
        "import sys; sys.argv = ['twitchwise', 'explain', 'alkalosis']\n"
        "try:\n    from twitchwise.cli import main; main()\nexcept SystemExit: pass\n"
        "print('LOADED', *sorted({m.partition('.')[0] for m in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    loaded = done.stdout.rpartition("LOADED")[2].split()
    assert not {"jax", "numpy", "scipy", "matplotlib"} & set(loaded)
