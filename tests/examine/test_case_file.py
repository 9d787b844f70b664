"""A case file is read as a person means it, and refused with its line otherwise."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.examine.case_file import case_from_answers, case_from_plain, read_case, read_recordings_of
from twitchwise.knowledge import Library, library
from twitchwise.vocabulary import FindingState, Setting, Sex, Side, Task, TwitchwiseError, UnreadableCaseError, View


def write(folder: Path, text: str) -> Path:
    file = folder / "case.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_whole_case_is_read(tmp_path: Path, small_library: Library) -> None:
    text = (
        "title: x\nsetting: primary_care\nage_years: 41\nsex: male\n"
        "findings: {twitch: present, days: 30, weak: no, drops: unknown}\n"
    )
    case = read_case(write(tmp_path, text), small_library)
    assert (case.setting, case.age_years, case.sex) == (Setting.PRIMARY_CARE, 41, Sex.MALE)
    assert case.state("twitch") is FindingState.PRESENT
    assert case.observations["days"].value == 30
    assert case.state("weak") is FindingState.ABSENT
    assert case.state("drops") is FindingState.NOT_ASSESSED


def test_the_setting_is_the_community_unless_it_is_given(tmp_path: Path, small_library: Library) -> None:
    assert read_case(write(tmp_path, "findings: {twitch: yes}"), small_library).setting is Setting.COMMUNITY


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("findings:\n  twitch: yes\n  twich: yes", "case.yaml, line 3, findings.twich: a finding must be a known one"),
        ("findings:\n  twitch: maybe", "line 2, findings.twitch: twitch must be present"),
        (
            "findings:\n  strong: yes\n  stiff: yes",
            "line 2, findings.strong: strong and stiff must not both be present",
        ),
        ("findings: {}\nage_years: 200", "line 2, age_years"),
        ("age_years: 20", "missing required field `findings`"),
    ],
)
def test_a_mistake_is_refused_with_its_line(tmp_path: Path, small_library: Library, text: str, said: str) -> None:
    with pytest.raises(UnreadableCaseError) as caught:
        read_case(write(tmp_path, text), small_library)
    assert said in str(caught.value)


def test_what_is_no_readable_file_is_refused(tmp_path: Path, small_library: Library) -> None:
    for file in (tmp_path, tmp_path / "none.yaml"):
        with pytest.raises(UnreadableCaseError):
            read_case(file, small_library)
    (tmp_path / "case.yaml").write_bytes(b"\xff\xff")
    with pytest.raises(UnreadableCaseError, match="UTF-8"):
        read_case(tmp_path / "case.yaml", small_library)


def test_answers_of_a_form_make_a_case(small_library: Library) -> None:
    case = case_from_answers({"twitch": "present", "days": "3"}, small_library.findings, age_years=20, sex=Sex.FEMALE)
    assert (case.age_years, case.sex, case.observations["days"].value) == (20, Sex.FEMALE, 3)
    with pytest.raises(UnreadableCaseError):
        case_from_answers({"ghost": "present"}, small_library.findings)


def test_a_parsed_case_has_the_fields_of_a_file(small_library: Library) -> None:
    assert case_from_plain({"findings": {"days": "3"}}, small_library.findings).observations["days"].value == 3
    with pytest.raises(UnreadableCaseError, match="fields of a case file"):
        case_from_plain({"finding": {}}, small_library.findings)


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=12), max_size=4))
def test_any_answers_make_a_case_or_one_refusal(answers: dict[str, str]) -> None:
    try:
        case = case_from_answers(answers, library().findings)
    except UnreadableCaseError as error:
        sentence = str(error)
    else:
        sentence = f"{len(case.observations)} observations"
    assert sentence


WITH_RECORDINGS = """findings:
  choking: absent
recordings:
  - {file: rest.csv, task: rest, side: left, site: hand}
  - {file: films/lid.mp4, view: skin, site: eyelid, fps: 120}
"""


def test_recordings_of_a_case_lie_beside_it_and_keep_what_it_says_of_them(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(WITH_RECORDINGS, encoding="utf-8")
    (rest, rest_order), (lid, lid_order) = read_recordings_of(file)
    assert (rest, lid) == (tmp_path / "rest.csv", tmp_path / "films" / "lid.mp4")
    assert (rest_order.task, rest_order.side, rest_order.site) == (Task.REST, Side.LEFT, "hand")
    assert (lid_order.view, lid_order.site, lid_order.frame_rate_hz) == (View.SKIN, "eyelid", 120.0)


@pytest.mark.parametrize(
    ("said", "refusal"),
    [("task: dance", "recordings"), ("colour: red", "recordings"), ("fps: 0", "fps must be a finite number above 0")],
)
def test_a_recording_of_a_case_that_cannot_be_is_refused(tmp_path: Path, said: str, refusal: str) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(f"findings: {{}}\nrecordings:\n  - {{file: x.csv, {said}}}\n", encoding="utf-8")
    with pytest.raises(TwitchwiseError, match=refusal):
        read_recordings_of(file)


@pytest.mark.parametrize("name", ["terms.txt", "packet.json"])
def test_other_kinds_of_cases_name_no_recordings(tmp_path: Path, name: str) -> None:
    assert read_recordings_of(tmp_path / name) == ()
