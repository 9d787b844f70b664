import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from tests.report.parsed import Page

from twitchwise.examine import ExaminedRecording
from twitchwise.measure.sorted_potentials import SortedPotentials
from twitchwise.report import recording_as_html, recording_as_text, write_figures, write_recording_html
from twitchwise.report.pages import write_page
from twitchwise.signals import ArraySource, Intervals
from twitchwise.vocabulary import EventKind, OutOfRangeError, UnwritableFileError

NAMES = ("events", "shapes", "maps", "intervals", "rate")


def test_the_page_is_whole_loads_nothing_and_runs_nothing(page: str) -> None:
    html, taken = page, Page(page)
    assert html.startswith("<!DOCTYPE html>")
    assert (taken.unbalanced, taken.open) == ([], [])
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in taken.tags}
    assert all(not (attributes.get("src") or "").strip() for _, attributes in taken.tags)


def test_the_answer_comes_first(page: str) -> None:
    places = [
        page.index(part) for part in ("2.8 a minute (95% interval", "What was measured:", "What this recording can")
    ]
    assert places == sorted(places)


def test_every_figure_has_words_and_a_table_of_its_numbers(page: str) -> None:
    html, taken = page, Page(page)
    said = [attributes["aria-label"] or "" for tag, attributes in taken.tags if attributes.get("role") == "img"]
    assert len(said) == len(NAMES)
    assert all(len(words) > 30 for words in said)
    assert html.count("Numbers behind this figure") == len(NAMES)
    assert "unit 1, up to 100 µV, at 10.0, 20.0 mm" in " ".join(said)
    identifiers = [attributes["id"] for _, attributes in taken.tags if attributes.get("id")]
    assert len(identifiers) == len(set(identifiers))
    assert "font-family" not in html.partition("</style>")[2]


def test_tables_have_a_caption_and_heads_that_say_what_they_head(page: str) -> None:
    taken = Page(page)
    tags = [tag for tag, _ in taken.tags]
    assert tags.count("table") == tags.count("caption") > len(NAMES)
    assert all(attributes.get("scope") in {"row", "col"} for tag, attributes in taken.tags if tag == "th")


def test_names_are_never_markup(gridded: ExaminedRecording) -> None:
    recording = replace(gridded.recording, name="<script>alert(1)</script>.edf")
    undrawn = replace(gridded.result, potentials=(), events=())
    html = recording_as_html(replace(gridded, recording=recording, result=undrawn))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_page_is_the_same_on_every_run_and_written_whole(
    gridded: ExaminedRecording, page: str, tmp_path: Path
) -> None:
    file = tmp_path / "out.html"
    write_recording_html(gridded, file)
    assert file.read_text(encoding="utf-8") == page
    assert [path.name for path in tmp_path.iterdir()] == ["out.html"]
    with pytest.raises(OutOfRangeError, match="report must be a file that can be written"):
        write_page(page, tmp_path)


def test_figures_are_whole_svg_files_with_their_words(gridded: ExaminedRecording, tmp_path: Path) -> None:
    files = write_figures(gridded, tmp_path / "new")
    assert [file.name for file in files] == [f"grid-{name}.svg" for name in NAMES]
    for file in files:
        root = ET.fromstring(file.read_text(encoding="utf-8"))  # noqa: S314 - we wrote it
        assert root.tag.endswith("svg")
        assert root.get("aria-label")


def test_figures_that_cannot_be_written_are_refused(gridded: ExaminedRecording, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x")
    with pytest.raises(UnwritableFileError, match="figures must go to a folder that can be written"):
        write_figures(gridded, tmp_path / "taken")


def test_without_places_of_electrodes_there_is_no_map(gridded: ExaminedRecording, tmp_path: Path) -> None:
    channels = tuple(replace(one, position_m=None) for one in gridded.recording.channels)
    files = write_figures(replace(gridded, recording=replace(gridded.recording, channels=channels)), tmp_path)
    assert [file.name for file in files] == [f"grid-{name}.svg" for name in NAMES if name != "maps"]


def test_where_nothing_was_seen_only_the_time_looked_is_drawn(gridded: ExaminedRecording, tmp_path: Path) -> None:
    found = gridded.result.potentials[0]
    none = found.where(found.peak_s < 0)
    quiet = replace(gridded, result=replace(gridded.result, potentials=(none,), events=(), units=()))
    assert [file.name for file in write_figures(quiet, tmp_path)] == ["grid-events.svg"]
    assert "none seen: 0" in recording_as_html(quiet)


def test_without_rest_nothing_is_drawn(gridded: ExaminedRecording, tmp_path: Path) -> None:
    loud = replace(gridded, result=replace(gridded.result, potentials=(), events=(), rest={}, units=()))
    assert write_figures(loud, tmp_path) == ()
    assert "<svg" not in recording_as_html(loud)


def test_a_long_list_of_events_is_cut_and_says_so(gridded: ExaminedRecording) -> None:
    found = gridded.result.potentials[0]
    times = np.linspace(1.0, 89.0, 450)
    many = {one.name: getattr(found, one.name) for one in fields(found)}
    by_event = {
        name: np.resize(many[name], 450) for name in ("peak", "peak_to_peak", "probability", "noise_rms", "usable")
    }
    by_event |= {name: np.resize(many[name], (450, many[name].shape[1])) for name in ("shape", "map", "position")}
    unit = 1 + np.arange(450) % 15
    times_s = {"start_s": times, "peak_s": times, "end_s": times, "unit": unit}
    potentials = SortedPotentials(**(many | by_event | times_s))
    html = recording_as_html(replace(gridded, result=replace(gridded.result, potentials=(potentials,))))
    assert "51 more events are in the JSON" in html
    assert "3 more units: 90" in html


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_the_text_starts_with_the_answer_and_fits_a_terminal(
    gridded: ExaminedRecording, printed: Callable[..., str], columns: int
) -> None:
    text = printed(recording_as_text(gridded), columns)
    lines = [line.rstrip() for line in text.splitlines()]
    assert max(map(len, lines)) <= min(columns, 100)
    flat = " ".join(text.split())
    assert flat.index("2.8 a minute (95% interval") < flat.index("What was measured")
    assert "Other activity looked for. None seen in 2.0 min" in flat
    assert "Cramp discharges: 0.3 per minute (0.225 to 0.375)" in flat
    assert "how long each lasts 3 s (2.25 to 3.75)" in flat
    assert re.search(r"1 +6 \(7\) +2 \(1.5-2.5\) +100 µV \(75-125\)", text)
    assert "The delay is not known" in flat


def test_the_text_of_many_units_says_how_many_are_left_out(
    gridded: ExaminedRecording, printed: Callable[..., str]
) -> None:
    units = tuple(replace(gridded.result.units[0], unit=number) for number in range(1, 16))
    text = " ".join(printed(recording_as_text(replace(gridded, result=replace(gridded.result, units=units)))).split())
    assert "and 3 more units with fewer events" in text


def test_the_drawing_library_loads_only_for_a_page() -> None:
    words = "recording_as_text, recording_as_json"
    code = f"import sys; from twitchwise.report import {words}; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter and code
    assert done.stdout.strip() == "False"


def test_potentials_that_were_not_sorted_have_no_shapes_and_no_map(gridded: ExaminedRecording, tmp_path: Path) -> None:
    found = gridded.result.potentials[0]
    unsorted = replace(found, unit=np.zeros_like(found.unit))
    result = replace(gridded.result, potentials=(unsorted,), units=())
    names = [file.name for file in write_figures(replace(gridded, result=result), tmp_path)]
    assert names == ["grid-events.svg", "grid-intervals.svg", "grid-rate.svg"]


def test_a_map_without_one_electrode_that_works_is_left_out(gridded: ExaminedRecording, tmp_path: Path) -> None:
    found = gridded.result.potentials[0]
    assert found.map is not None
    blind = replace(found, map=np.full_like(found.map, np.nan))
    names = [
        file.name
        for file in write_figures(replace(gridded, result=replace(gridded.result, potentials=(blind,))), tmp_path)
    ]
    assert "grid-maps.svg" not in names


def test_other_activity_is_drawn_where_there_are_no_potentials(gridded: ExaminedRecording, tmp_path: Path) -> None:
    cramp = gridded.result.events[1]
    waves = replace(cramp, kind=EventKind.POSITIVE_SHARP_WAVE)
    result = replace(gridded.result, potentials=(), events=(cramp, waves), units=())
    assert [file.name for file in write_figures(replace(gridded, result=result), tmp_path)] == ["grid-events.svg"]
    html = recording_as_html(replace(gridded, result=result))
    assert "cramp discharges: 1; positive sharp waves: 1" in html


def test_places_whose_names_are_alike_have_figures_of_their_own(gridded: ExaminedRecording, tmp_path: Path) -> None:
    first, second = (replace(gridded.recording.channels[0], name=name, array=None) for name in ("a b", "a/b"))
    found = replace(gridded.result.potentials[0], map=None)
    none = found.where(found.peak_s < 0)
    result = replace(
        gridded.result,
        measurements=(),
        quality=(),
        rest={one.name: found.rest for one in (first, second)},
        potentials=tuple(replace(none, channel=one.name) for one in (first, second)),
        events=(),
    )
    recording = replace(gridded.recording, channels=(first, second), source=ArraySource([np.zeros(1), np.zeros(1)]))
    files = write_figures(replace(gridded, recording=recording, result=result), tmp_path)
    assert [file.name for file in files] == ["a_b-events.svg", "a_b-1-events.svg"]


def test_one_window_is_no_course_of_the_rate(gridded: ExaminedRecording, tmp_path: Path) -> None:
    short = replace(gridded.result.potentials[0], rest=Intervals(((0.0, 30.0),)))
    result = replace(gridded.result, potentials=(short,))
    names = [file.name for file in write_figures(replace(gridded, result=result), tmp_path)]
    assert "grid-rate.svg" not in names
    assert "grid-intervals.svg" not in names


def test_activity_that_was_seen_is_told_with_its_doubts(
    gridded: ExaminedRecording, printed: Callable[..., str]
) -> None:
    seen = replace(gridded.result.measurements[3], doubts=("a short recording",))
    alone = replace(gridded, result=replace(gridded.result, measurements=(seen,), units=()))
    text = " ".join(printed(recording_as_text(alone)).split())
    assert "Cramp discharges: 0.3 per minute (0.225 to 0.375). ! Doubtful: a short recording." in text
