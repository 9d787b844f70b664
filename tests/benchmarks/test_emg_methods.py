"""Methods find what stands out, trains of channels are joined into events, and the page keeps what was not run."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from benchmarks.accuracy.emg import methods, parts
from benchmarks.accuracy.emg.__main__ import main
from benchmarks.accuracy.emg.published_recipe import Recipe, followed_noise_v
from benchmarks.accuracy.emg.scenes import Scene, Truth, one_channel
from benchmarks.accuracy.emg.scoring import Found, scored
from benchmarks.accuracy.emg.tables import HEAD, Section, Table, cells, with_sections, write_page

from twitchwise.signals import EventTrain
from twitchwise.vocabulary import EventKind

RATE_HZ = 2000.0
TIMES_S = np.array([2.0, 4.5, 7.0])


@pytest.fixture
def scene() -> Scene:
    rng = np.random.default_rng(1)
    samples = rng.normal(scale=1e-6, size=20_000)
    wave = np.sin(np.arange(12) / 12 * 2 * np.pi) * 3e-5
    for at in (TIMES_S * RATE_HZ).astype(int):
        samples[at - 6 : at + 6] += wave
    return one_channel("x", samples, RATE_HZ, Truth.at(TIMES_S))


def train(peak_s: list[float], peak: list[float], unit: list[int] | None = None) -> EventTrain:
    at = np.array(peak_s)
    units = np.array(unit or [0] * at.size, dtype=np.int64)
    return EventTrain(
        kind=EventKind.FASCICULATION_POTENTIAL,
        channel="c",
        start_s=at,
        peak_s=at,
        end_s=at,
        peak=np.array(peak),
        unit=units,
    )


def test_a_threshold_finds_what_stands_out(scene: Scene) -> None:
    for find in (methods.threshold, methods.plain_threshold):
        score = scored(find(6.0, scene), scene)
        assert (score.sensitivity, score.precision) == (1.0, 1.0)


def test_a_lower_threshold_finds_more(scene: Scene) -> None:
    assert methods.threshold(3.0, scene).time_s.size > methods.threshold(5.0, scene).time_s.size


def test_the_package_is_asked_for_its_events(scene: Scene) -> None:
    longer = replace(scene, samples_v=np.tile(scene.samples_v, 4))
    longer = replace(longer, channels=(replace(scene.channels[0], n_samples=longer.samples_v.shape[1]),))
    assert methods.twitchwise(longer).time_s.size == 12


def test_a_recording_that_is_refused_gives_nothing() -> None:
    assert methods.twitchwise(one_channel("x", np.zeros(50), 100.0, Truth())).time_s.size == 0


def test_channels_that_see_one_event_give_one() -> None:
    found = methods.joined([train([1.0, 3.0], [1.0, 1.0]), train([1.004, 5.0], [-2.0, 1.0])])
    assert found.time_s == pytest.approx([1.004, 3.0, 5.0])


def test_units_of_different_trains_stay_apart() -> None:
    found = methods.joined([train([1.0], [1.0], [1]), train([2.0, 3.0], [1.0, 1.0], [1, 0])])
    assert len({*found.unit[:2].tolist()}) == 2
    assert found.unit[2] == 0


def test_no_trains_give_nothing() -> None:
    assert methods.joined([]).time_s.size == 0
    assert methods.joined([train([], [])]).time_s.size == 0


def test_the_recipe_follows_the_noise_and_leaves_out_what_is_too_loud(scene: Scene) -> None:
    recipe = Recipe(offset_v=0.0, slope=6.0)
    assert recipe.peaks_s(scene) == pytest.approx(TIMES_S, abs=0.005)
    assert recipe.peaks_s(replace(scene, samples_v=scene.samples_v * 1000)).size == 0
    noise = followed_noise_v(np.concatenate([np.full(2000, 1.0), np.full(2000, 3.0)]), RATE_HZ)
    assert noise[[0, -1]] == pytest.approx([1.4826, 3 * 1.4826])


def test_a_peer_that_fails_has_found_nothing_and_one_that_is_absent_is_named(scene: Scene) -> None:
    def fails(_: Scene) -> Found:
        raise ValueError("no")

    def absent(_: Scene) -> Found:
        raise methods.NotInstalledError("peer")

    assert methods.quietly(fails, scene).time_s.size == 0
    lines: list[str] = []
    asked = [
        methods.Method(name="absent", find=absent),
        methods.Method(name="fails", find=lambda s: methods.quietly(fails, s)),
    ]
    scores = parts.compared([("t", scene), ("t", scene)], asked, lines.append)
    assert list(scores) == [("t", "x", "fails")]
    assert sum("peer is not installed" in line for line in lines) == 1


def test_a_slow_method_is_asked_about_few_scenes(scene: Scene) -> None:
    slow = methods.Method(name="neurokit2, x", find=lambda _: Found())
    scores = parts.compared([("t", scene)] * 5, [slow], lambda _: None)
    assert len(scores["t", "x", "neurokit2, x"]) == parts.SLOW_SCENES


def test_tables_show_methods_and_scenes(scene: Scene) -> None:
    scores = parts.compared([("t", scene)], [methods.OURS, methods.THRESHOLDS[2]], lambda _: None)
    whole, ours = parts.tables_of(scores)
    assert [row[0] for row in whole.rows] == ["twitchwise", "threshold, 5 sigma"]
    assert ours.rows[0][0] == "x"
    assert all(len(row) == len(table.head) for table in (whole, ours) for row in table.rows)


def test_cells_are_in_the_order_of_the_head(scene: Scene) -> None:
    row = dict(zip(HEAD, cells(scored(Found.at(TIMES_S[:2]), scene), 1), strict=True))
    assert row["events"] == "3"
    assert row["sensitivity"] == "0.667"
    assert row["precision"] == "1.000"
    assert row["count bias"] == "-33 %"
    assert row["purity"] == "-"


def section(name: str, cell: str) -> Section:
    return Section(
        name=name, title=name, about="about", tables=(Table(title="t", head=("a", "b"), rows=((cell, "1"),)),)
    )


def test_a_page_keeps_the_parts_that_were_not_run(tmp_path: Path) -> None:
    file, order = tmp_path / "page.md", ("one", "two")
    write_page(file, "# Intro\n", [section("two", "old")], order)
    write_page(file, "# Intro\n", [section("one", "x")], order)
    write_page(file, "# Intro\n", [section("two", "new")], order)
    page = file.read_text(encoding="utf-8")
    assert page.index("| x | 1 |") < page.index("| new | 1 |")
    assert "old" not in page
    assert page == with_sections(page, "# Intro\n", [], order)


def test_an_unknown_part_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--part", "nonsense"])
    assert "nonsense" in capsys.readouterr().err
