"""The page of a study: what it holds, what it says where little is known, and that it needs nothing else."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from tests.report.study.simulated import (
    DOUBT,
    FREQUENCY,
    HOSTILE,
    INTERVAL,
    METHOD,
    RATE,
    REFUSAL,
    Plan,
    simulated,
)

from twitchwise.report import study_as_html, study_as_json
from twitchwise.vocabulary import OutOfRangeError, UnwritableFileError

TITLES = [
    "Who",
    "How long",
    "Quality",
    "Distributions",
    "Agreement between the sides",
    "Agreement between visits",
    "All other quantities",
    "Failures",
    "Settings and versions",
]


class Reader(HTMLParser):
    """Collects ids, links, figures and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.alternatives: list[str] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [found[name] or "" for name in ("href", "src") if name in found and tag != "use"]
        if found.get("role") == "img":
            self.alternatives.append(found["aria-label"] or "")

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def text_of(folder: Path, *quantities: str) -> str:
    return Reader(study_as_html(folder, quantities)).text


def headings(html: str) -> list[str]:
    return re.findall(r"<h2 id=\"[\w-]+\">(.*?)</h2>", html)


def without_column_values(folder: Path, table: str, column: str) -> None:
    """Empty a column of a table."""
    file = folder / "tables" / f"{table}.parquet"
    rows = pq.read_table(file)
    empty = pa.nulls(rows.num_rows, rows.schema.field(column).type)
    pq.write_table(rows.set_column(rows.schema.names.index(column), column, empty), file)


def with_values(folder: Path, column: str, of: str, first: str, rest: str, *, first_from: str = "session") -> None:
    """Give a column of the measurements one value where a quantity is of the first visit, and another elsewhere."""
    file = folder / "tables" / "measurements.parquet"
    rows = pq.read_table(file)
    is_first = pc.and_(pc.equal(rows["quantity"], of), pc.equal(rows[first_from], "1"))
    values = pc.if_else(is_first, first, pc.if_else(pc.equal(rows["quantity"], of), rest, rows[column]))
    pq.write_table(rows.set_column(rows.schema.names.index(column), column, values), file)


def test_the_page_has_all_parts_and_its_table_of_contents_leads_to_each(page: str) -> None:
    read = Reader(page)
    assert headings(page) == ["Contents", "What this study cannot tell", *TITLES]
    leading = [link.removeprefix("#") for link in read.links]
    assert len(set(leading)) == len(TITLES) + 1
    assert set(leading) <= set(read.ids)


def test_the_page_is_one_file_without_a_script(page: str) -> None:
    read = Reader(page)
    assert not {"script", "link", "img", "iframe"} & set(read.tags)
    assert all(link.startswith("#") for link in read.links)
    assert "url(http" not in page
    assert len(read.ids) == len(set(read.ids))


def test_every_figure_has_words_and_numbers_beside_it(page: str) -> None:
    read = Reader(page)
    assert len(read.alternatives) == page.count("<figure>") == page.count("Numbers behind this figure")
    assert len(read.alternatives) == 4 + 3 * 4  # time, visits, noise, shares; four quantities drawn three times
    assert all(len(one) > 40 for one in read.alternatives)


def test_the_same_study_gives_the_same_page(study: Path, page: str) -> None:
    assert study_as_html(study) == page


def test_the_page_says_that_it_is_no_medical_device(page: str) -> None:
    assert page.count("not a medical device") >= 2


def test_who_took_part_is_told_by_group_with_what_is_missing(page: str) -> None:
    text = Reader(page).text
    assert "47 recordings of 24 participants at 2 visits; 46 of them could be measured." in text
    assert "46 measured, 1 failed, 1 missing" in text
    assert "control 12 2 24 of 24 F 12 53 (42 to 64)" in text
    assert "sub-003 measured failed" in text
    assert "sub-009 measured missing" in text


def test_what_could_not_be_measured_is_told_with_its_sentence(page: str) -> None:
    text = Reader(page).text
    assert "1 of 47 recordings could not be measured." in text
    assert REFUSAL in text


def test_doubts_are_counted_and_recordings_not_to_lean_on_say_why(page: str) -> None:
    text = Reader(page).text
    assert "12 of 552 values carry a doubt." in text
    said = f"Every value carries a doubt, most often: {DOUBT.format('…')}."
    assert f"sub-003/ses-1/emg/sub-003_ses-1_task-rest_emg.edf {said}" in text
    assert "only … potentials 12 1" in text
    assert "'…' lasts … s, which is too short. 5 sub-001/ses-1" in text
    assert (
        "sub-004/ses-2/emg/sub-004_ses-2_task-rest_emg.edf 1 of 2 channels not used: The channel is constant." in text
    )
    assert (
        "sub-005/ses-1/emg/sub-005_ses-1_task-rest_emg.edf"
        not in text[text.index("not to lean on") :].split("Doubts")[0]
    )


def test_settings_versions_and_methods_are_told(page: str) -> None:
    text = Reader(page).text
    for said in ("settings, order, electrode surface", "packages, numpy 2.4.6", METHOD, "Shrout and Fleiss"):
        assert said in text


def test_main_quantities_are_drawn_and_all_others_stand_in_a_table(page: str) -> None:
    drawn, others = page.split('id="others"')
    assert list(re.findall(r"<h3 id=\"distributions-(\w+)", drawn)) == [
        RATE,
        FREQUENCY,
        "fasciculation_amplitude",
        INTERVAL,
    ]
    assert "fasciculation_rate_drift" in others
    assert "Share of the recording at rest" in others


def test_what_is_asked_for_is_drawn_and_nothing_else(study: Path) -> None:
    html = study_as_html(study, ["rest_share"])
    assert re.findall(r"<h3 id=\"distributions-(\w+)", html) == ["rest_share"]


def test_a_quantity_that_was_not_measured_is_refused_with_those_that_were(study: Path) -> None:
    with pytest.raises(OutOfRangeError, match=r"^quantity must be .*fasciculation_rate.* got 'cramps'\.$"):
        study_as_html(study, ["cramps"])


def test_a_study_without_main_quantities_draws_what_most_have(tmp_path: Path) -> None:
    folder = simulated(
        tmp_path / "odd",
        Plan(n_participants=6, quantities=("rest_share",), n_more=12, sessions=("1",), sides=("left",)),
    )
    html = study_as_html(folder)
    assert len(re.findall(r"<h3 id=\"distributions-", html)) == 8


def test_a_rate_that_was_not_seen_is_never_a_plain_zero(few: Path) -> None:
    html = study_as_html(few)
    assert "none seen, up to 3 per minute" in html
    assert not re.search(r"[> ]0 per minute", html)
    rates = study_as_json(few)["distributions"]["quantities"][0]["groups"]  # type: ignore[index]
    assert next(one for one in rates if one["group"] == "control")["upper_bound_of_none_seen"] == 3.0


def test_rates_of_none_among_many_are_counted_at_their_upper_bound(tmp_path: Path) -> None:
    folder = simulated(tmp_path / "quiet", Plan(n_participants=40, minutes=1.0, quantities=(RATE,), sides=("left",)))
    html = study_as_html(folder)
    read = Reader(html)
    assert "none was seen, and the rate lies below the upper end of its interval" in read.text
    assert re.search(r"none seen in \d+", next(one for one in read.alternatives if one.startswith("Rate of fasc")))
    assert "counts as 0 here, though it may be up to 3 per minute" in read.text


def test_what_has_an_upper_bound_alone_is_told_by_it_though_it_is_no_rate(tmp_path: Path) -> None:
    peak = "twitch_peak_force"
    folder = simulated(tmp_path / "weak", Plan(n_participants=4, quantities=(peak,), sides=("left",), sessions=("1",)))
    file = folder / "tables" / "measurements.parquet"
    frame = pd.read_parquet(file)
    none = frame["participant_id"] == "sub-001"
    frame.loc[none, ["value", "low", "high"]] = (0.0, 0.0, 0.25)
    frame.to_parquet(file)
    assert "none seen, up to 0.25" in study_as_html(folder)


def test_few_participants_are_drawn_one_by_one_with_their_intervals(few: Path) -> None:
    html = study_as_html(few)
    assert "Few participants, so each value is drawn" in html
    for person in range(1, 6):
        assert f">sub-{person:03d}, " in html


def test_few_participants_and_one_visit_are_said_to_tell_little(few: Path) -> None:
    text = text_of(few)
    assert "Fewer than 10 participants: control (2), patient (3)." in text
    assert text.count("which change is beyond chance cannot be told") == 2
    assert "No quantity that is drawn has 3 pairs of left and right" in text


def test_what_a_study_does_not_say_is_said(tmp_path: Path) -> None:
    plan = Plan(n_participants=12, groups=(None,), sessions=(None,), sides=(None,), ages=False, failing=(), missing=())
    text = text_of(simulated(tmp_path / "bare", plan))
    assert "No groups are named" in text
    assert "do not say the age and the sex of participants" in text
    assert "all participants 12 1 12 of 12 not said not said" in text
    assert "Every recording was measured." in text


def test_recordings_without_a_participant_are_each_one_and_that_is_said(tmp_path: Path) -> None:
    folder = simulated(tmp_path / "loose", Plan(n_participants=6, named=False))
    text = text_of(folder)
    assert "12 recordings of 12 participants at 2 visits" in text
    assert "12 recordings name no participant, and each is taken for one of its own" in text


def test_names_that_try_to_break_out_stay_text(tmp_path: Path) -> None:
    plan = Plan(n_participants=4, groups=(HOSTILE, "b"), sides=("left",), notes={"dataset": {"name": HOSTILE}})
    html = study_as_html(simulated(tmp_path / "odd", plan))
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_a_study_of_which_nothing_could_be_measured_has_a_page(tmp_path: Path) -> None:
    plan = Plan(n_participants=3, failing=range(6), missing=())
    folder = simulated(tmp_path / "none", plan)
    html = study_as_html(folder)
    text = Reader(html).text
    assert "6 recordings of 3 participants at 2 visits; 0 of them could be measured." in text
    assert "6 of 6 recordings could not be measured." in text
    assert "Nothing was measured." in text


def test_tasks_of_one_quantity_are_never_averaged(tmp_path: Path) -> None:
    folder = simulated(tmp_path / "tasks", Plan(n_participants=20, quantities=(FREQUENCY,)))
    with_values(folder, "task", FREQUENCY, "rest", "posture")
    html = study_as_html(folder)
    assert re.findall(r"<h3 id=\"distributions-[\w-]+\">(.*?)</h3>", html) == [
        "Tremor frequency, task posture",
        "Tremor frequency, task rest",
    ]


def test_units_of_one_quantity_are_never_averaged(tmp_path: Path) -> None:
    amplitude = "fasciculation_amplitude"
    folder = simulated(tmp_path / "units", Plan(n_participants=20, quantities=(amplitude,)))
    with_values(folder, "unit", amplitude, "V", "count")
    units = [one["unit"] for one in study_as_json(folder)["distributions"]["quantities"]]  # type: ignore[index]
    assert units == ["V", "count"]
    assert study_as_html(folder).count('<h3 id="distributions-') == 2


def test_nights_are_told_in_hours(tmp_path: Path) -> None:
    text = text_of(simulated(tmp_path / "nights", Plan(n_participants=4, minutes=480.0)))
    assert re.search(r"Recorded at a visit: [78](\.\d+)? h", text)


def test_several_visits_are_joined_by_lines(tmp_path: Path) -> None:
    plan = Plan(n_participants=14, sessions=("baseline", "week4", "week8"), quantities=(FREQUENCY,))
    folder = simulated(tmp_path / "three", plan)
    text = text_of(folder)
    assert "Each line is a participant" in text
    assert "Medians: baseline" in " ".join(Reader(study_as_html(folder)).alternatives)


def test_rest_that_nobody_looked_for_is_said(tmp_path: Path) -> None:
    folder = simulated(tmp_path / "film", Plan(n_participants=4))
    without_column_values(folder, "quality", "rest_s")
    without_column_values(folder, "quality", "noise_rms")
    assert "In none of the recordings was rest looked for" in text_of(folder)


def test_many_participants_make_a_page_that_stays_small_and_draws_no_point_for_each(tmp_path: Path) -> None:
    plan = Plan(n_participants=400, quantities=(RATE, FREQUENCY), n_more=10)
    html = study_as_html(simulated(tmp_path / "many", plan))
    assert len(html) < 5_000_000
    assert html.count("<use ") < 400 * 2 * 4
    assert "more rows are not shown; recordings.parquet has all." in html
    assert "shape is highest where most participants are" in html


def test_a_folder_that_is_none_of_a_study_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnwritableFileError, match=r"^study must be a folder that 'twitchwise cohort' wrote"):
        study_as_html(tmp_path)


def test_a_broken_table_is_refused_in_a_sentence(tmp_path: Path) -> None:
    folder = simulated(tmp_path / "broken", Plan(n_participants=3))
    (folder / "tables" / "quality.parquet").write_bytes(b"PAR1")
    with pytest.raises(UnwritableFileError, match=r"^study must be a folder that 'twitchwise cohort' wrote"):
        study_as_html(folder)


def test_a_study_without_its_settings_says_so(tmp_path: Path) -> None:
    folder = simulated(tmp_path / "bare", replace(Plan(), n_participants=3))
    (folder / "study.json").unlink()
    text = text_of(folder)
    assert "settings and versions are not known" in text
    assert text.startswith("bare - Study summary")
