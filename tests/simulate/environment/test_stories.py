"""Where evidence contradicts a popular story, both can be run, and the shipped numbers are those of the evidence."""

from pathlib import Path

import msgspec
import pytest

from twitchwise.knowledge import library
from twitchwise.knowledge.schema.parameter import Mechanism
from twitchwise.knowledge.yaml_reader import Plain, read_document
from twitchwise.simulate.environment import changed

STORIES = sorted((library().folder / "stories").glob("*.yaml"))
OF_A_DISEASE = "als_axon_excitability"  # there both sides change something


def content(name: str) -> dict[str, Plain]:
    story = read_document(library().folder / "stories" / f"{name}.yaml").content
    assert isinstance(story, dict)
    return story


def applied(values: dict[str, float], mechanisms: Plain) -> dict[str, float]:
    found = dict(values)
    for one in msgspec.convert(mechanisms, tuple[Mechanism, ...], strict=False):
        found[one.parameter] = one.change.applied_to(found[one.parameter])
    return found


def side(healthy: dict[str, float], name: str, which: str) -> dict[str, float]:
    """Return the parameters after one side of a story, before the environment acts."""
    story = content(name)
    chosen = story[which]
    assert isinstance(chosen, dict)
    return applied(applied(healthy, story["setting"]), chosen["changes"])


@pytest.mark.parametrize("file", STORIES, ids=lambda file: file.stem)
def test_the_default_follows_the_evidence(healthy: dict[str, float], file: Path) -> None:
    story = content(file.stem)
    assert story["default"] == "evidence"
    evidence = side(healthy, file.stem, "evidence")
    assert (evidence == applied(healthy, story["setting"])) == (file.stem != OF_A_DISEASE)
    assert side(healthy, file.stem, "popular") != evidence


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("hyperventilation_and_calcium", "axon_gate_shift"),
        ("caffeine_and_twitches", "axon_threshold_scale"),
        ("magnesium_and_twitches", "axon_threshold_scale"),
    ],
)
def test_the_popular_story_makes_the_axon_easier_to_set_off(
    healthy: dict[str, float], name: str, parameter: str
) -> None:
    popular, evidence = (changed(side(healthy, name, which), healthy) for which in ("popular", "evidence"))
    assert popular[parameter] < evidence[parameter]


def test_by_the_evidence_fast_breathing_still_makes_the_axon_easier_to_set_off(healthy: dict[str, float]) -> None:
    after = changed(side(healthy, "hyperventilation_and_calcium", "evidence"), healthy)
    assert after["axon_gate_shift"] < healthy["axon_gate_shift"]
    assert after["ionized_calcium"] == healthy["ionized_calcium"]


def test_the_two_views_of_als_differ_in_sign(healthy: dict[str, float]) -> None:
    popular, evidence = (side(healthy, OF_A_DISEASE, which) for which in ("popular", "evidence"))
    assert popular["axon_persistent_sodium_scale"] > 1 > evidence["axon_persistent_sodium_scale"]
    lost = {evidence[name] for name in evidence if name.startswith("axon_") and evidence[name] != healthy[name]}
    assert len(lost) == 1
