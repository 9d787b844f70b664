import dataclasses
import datetime as dt
import re
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import RenderableType

from twitchwise.examine import Examination, ExaminedRecording, case_from_answers, examine_case
from twitchwise.knowledge import Library, library
from twitchwise.knowledge.digest import digest_of
from twitchwise.knowledge.schema import Answer, Review
from twitchwise.report import (
    condition_as_text,
    examination_as_html,
    examination_as_text,
    recording_as_text,
    simulation_as_text,
    summary_as_text,
)
from twitchwise.report.citations import cite
from twitchwise.report.wording import CARE_CARDS, HEADINGS, MOSTLY_UNKNOWN, NOTICE, TOGETHER_LEAD, TOO_LITTLE
from twitchwise.simulate import simulate_condition
from twitchwise.vocabulary import Sex, Unit, Urgency

Visit = Callable[..., Examination]
Printed = Callable[..., str]
FINDINGS = library().findings
EVERY = 20  # of the vignettes has its page drawn, which takes long
FORBIDDEN = re.compile(
    r"you (do not|don't) have|nothing to worry about|nothing is wrong|you are fine|is ruled out|you (certainly|surely)",
    re.IGNORECASE,
)
ANSWERS = st.dictionaries(
    st.sampled_from(
        sorted(
            name
            for name, one in FINDINGS.items()
            if one.answer is Answer.YES_NO and one.requires is None and not one.excludes
        )
    ),
    st.sampled_from(["present", "absent"]),
    max_size=25,
)


def flat(text: str) -> str:
    """Return text on one line, so that where it was wrapped does not matter."""
    return " ".join(text.replace("│", " ").split())


def test_how_soon_to_seek_help_comes_before_everything_else(visit: Visit, printed: Printed) -> None:
    text = printed(examination_as_text(visit({"saddle_numbness": "present", "fasciculation": "present"})))
    order = [CARE_CARDS[Urgency.EMERGENCY].heading, HEADINGS.why, HEADINGS.measured, HEADINGS.causes, HEADINGS.about]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "999, 112 or 911" in flat(text[: places[1]])


def test_the_text_holds_every_part(visit: Visit, printed: Printed, all_signs_absent: dict[str, str]) -> None:
    answers = {
        **all_signs_absent,
        "fasciculation": "present",
        "twitch_duration": "20",
        "caffeine_intake_high": "present",
    }
    text = flat(printed(examination_as_text(visit(answers))))
    for heading in dataclasses.astuple(HEADINGS):
        if heading not in {HEADINGS.signs, HEADINGS.harmless, HEADINGS.doubts, HEADINGS.muscle}:
            assert heading in text
    assert NOTICE in text
    assert "how long" in text or "20 days" in text


def test_causes_that_may_be_there_at_once_are_named_together(
    visit: Visit, printed: Printed, all_signs_absent: dict[str, str]
) -> None:
    examination = visit({**all_signs_absent, "fasciculation": "present", "caffeine_intake_high": "present"})
    causes = examination.assessment.causes[:2]
    separation = dataclasses.replace(examination.assessment.separation, together=tuple(cause.id for cause in causes))
    assessment = dataclasses.replace(examination.assessment, separation=separation)
    text = flat(printed(examination_as_text(dataclasses.replace(examination, assessment=assessment))))
    assert f"{TOGETHER_LEAD} {'; '.join(cause.label for cause in causes)}." in text


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=ANSWERS)
def test_no_answers_bring_out_a_forbidden_sentence_or_a_line_too_long(
    printed: Printed, answers: dict[str, str]
) -> None:
    examination = examine_case(case_from_answers(answers, FINDINGS), [], library())
    text = printed(examination_as_text(examination))
    assert FORBIDDEN.search(flat(text)) is None
    assert max(map(len, text.splitlines())) <= 80
    assert "None" not in text.replace("None of the rules", "").replace("None seen", "")


@pytest.mark.parametrize("name", sorted(library().vignettes)[::EVERY])
def test_no_page_of_a_vignette_says_what_must_never_be_said(name: str) -> None:
    """The text is searched for all of them, where the vignettes are tested."""
    vignette = library().vignettes[name]
    examination = examine_case(case_from_answers(vignette.case["findings"], FINDINGS), [], library())
    said = flat(examination_as_html(examination)).lower()
    assert len(said) > 100
    for words in (*vignette.expect.never_say, "you do not have", "you don't have"):
        assert words.lower() not in said


def test_self_care_says_that_most_twitches_are_harmless_and_why(
    visit: Visit, printed: Printed, all_signs_absent: dict[str, str]
) -> None:
    examination = visit({**all_signs_absent, "fasciculation": "present", "caffeine_intake_high": "present"})
    assert examination.assessment.urgency.level is Urgency.SELF_CARE
    text = flat(printed(examination_as_text(examination)))
    assert "Most twitches are harmless" in text
    assert HEADINGS.harmless in text


@pytest.mark.parametrize(("weak", "said"), [("absent", True), ("present", False)])
def test_a_routine_visit_for_a_mere_twitch_also_says_that_most_are_harmless(
    visit: Visit, printed: Printed, all_signs_absent: dict[str, str], weak: str, *, said: bool
) -> None:
    answers = {"fasciculation": "present", "twitch_in_many_places": "present", "muscle_weakness": weak}
    examination = visit({**all_signs_absent, **answers})
    assert examination.assessment.urgency.level is Urgency.ROUTINE
    assert (HEADINGS.harmless in flat(printed(examination_as_text(examination)))) is said


@pytest.mark.parametrize("answers", [{}, {"caffeine_intake_high": "absent"}])
def test_nobody_is_reassured_on_too_few_answers(answers: dict[str, str], visit: Visit, printed: Printed) -> None:
    examination = visit(answers)
    assert examination.assessment.urgency.level is Urgency.SELF_CARE
    text = flat(printed(examination_as_text(examination)))
    assert TOO_LITTLE.heading in text
    assert CARE_CARDS[Urgency.SELF_CARE].heading not in text
    assert "harmless" not in text


def test_nobody_is_reassured_by_a_recording_alone(visit: Visit, printed: Printed, examined: ExaminedRecording) -> None:
    assert TOO_LITTLE.heading in flat(printed(examination_as_text(visit({}, examined))))


def test_emergency_signs_that_were_not_asked_are_listed_in_plain_words_right_below(
    visit: Visit, printed: Printed, known: Library
) -> None:
    text = flat(printed(examination_as_text(visit({"fasciculation": "present"}))))
    signs = [finding.plain for finding in known.findings.values() if finding.emergency_sign]
    assert all(sign in text[: text.index(HEADINGS.measured)] for sign in signs)


def test_in_an_emergency_the_call_comes_before_any_list(visit: Visit, printed: Printed) -> None:
    text = flat(printed(examination_as_text(visit({"saddle_numbness": "present"}))))
    assert HEADINGS.signs not in text
    assert HEADINGS.advice not in text
    assert "Get help first." in text


def test_sources_that_differ_are_both_given_under_why(visit: Visit, printed: Printed) -> None:
    answers = {"fasciculation": "present", "twitch_in_many_places": "present", "muscle_weakness": "absent"}
    examination = visit(answers)
    applying = {reason.rule: reason for reason in examination.assessment.urgency.reasons}
    pairs = [
        (reason, applying[other]) for reason in applying.values() for other in reason.differs_from if other in applying
    ]
    assert pairs
    text = flat(printed(examination_as_text(examination)))
    assert "do not say quite the same" in text
    for one, other in pairs:
        assert text.count(one.because) == text.count(other.because) == 1


def test_when_the_program_most_likely_does_not_know_it_says_so(visit: Visit, printed: Printed) -> None:
    examination = visit({"fasciculation": "present"})
    first = examination.assessment.causes[0].probability
    for rest, said in ((min(first.value * 2, 0.9), True), (first.value / 2, False)):
        left = dataclasses.replace(
            examination.assessment.not_covered, probability=dataclasses.replace(first, value=rest)
        )
        other = dataclasses.replace(
            examination, assessment=dataclasses.replace(examination.assessment, not_covered=left)
        )
        assert (MOSTLY_UNKNOWN in flat(printed(examination_as_text(other)))) is said


def test_what_was_measured_is_given_with_its_interval_and_doubts(
    visit: Visit, printed: Printed, examined: ExaminedRecording
) -> None:
    text = flat(printed(examination_as_text(visit({"fasciculation": "present"}, examined))))
    assert "6 per minute (3 to 11)" in text
    assert "None seen in 1.7 min; up to 1.8 per minute cannot be excluded" in text
    assert "120 µV (90 to 150)" in text
    assert "Doubtful: samples are clipped; strong mains hum." in text
    assert "20 fasciculation potentials in 190 s at rest." in text


def test_two_recordings_are_told_apart(visit: Visit, printed: Printed, examined: ExaminedRecording) -> None:
    other = dataclasses.replace(examined, recording=dataclasses.replace(examined.recording, name="second.edf"))
    text = flat(printed(examination_as_text(visit({}, examined, other))))
    assert "calf of second.edf" in text


def test_of_a_grid_the_channels_that_twitch_most_are_shown(
    visit: Visit, printed: Printed, grid: ExaminedRecording
) -> None:
    shown = ["c37", "c38", "c39", "c40", "c41", "c42"]
    text = flat(printed(examination_as_text(visit({}, grid))))
    assert re.findall(r"potentials\), (c\d+)", text) == shown
    measured = flat(printed(recording_as_text(grid)))
    assert re.findall(r"What was measured: (c\d+)", measured) == shown
    assert "the JSON has the other 58" in text
    assert "the JSON has the other 58" in measured


def test_names_cannot_steer_the_terminal_or_pass_as_markup(
    visit: Visit, printed: Printed, examined: ExaminedRecording
) -> None:
    for shown in (examination_as_text(visit({}, examined)), recording_as_text(examined)):
        text = printed(shown)
        assert "\x1b" not in text
        assert "[red]$x_1$" in text


def test_who_it_is_about_and_what_was_answered_stand_under_what_to_tell_a_doctor(
    visit: Visit, printed: Printed
) -> None:
    examination = visit(
        {"fasciculation": "present", "twitch_duration": "20", "muscle_weakness": "absent"}, age_years=52.0
    )
    case = dataclasses.replace(examination.case, sex=Sex.FEMALE)
    text = flat(printed(examination_as_text(dataclasses.replace(examination, case=case))))
    told = text[text.index(HEADINGS.tell) :]
    assert "20 days" in told
    assert "Age 52, female. Compared with" in told
    assert told.index("answered yes") < told.index("answered no") < told.index("Age 52")


def test_ids_of_findings_in_warnings_become_plain_words(visit: Visit, printed: Printed) -> None:
    examination = dataclasses.replace(visit({}), warnings=("saddle_numbness and no_such_thing are odd.",))
    text = flat(printed(examination_as_text(examination)))
    assert "numbness between the legs and no_such_thing are odd." in text


def test_the_text_is_no_wider_than_reads_well(visit: Visit, printed: Printed) -> None:
    assert max(map(len, map(str.rstrip, printed(examination_as_text(visit({})), width=200).splitlines()))) <= 88


def test_color_carries_nothing(visit: Visit, printed: Printed) -> None:
    for level, answers in ((Urgency.EMERGENCY, {"saddle_numbness": "present"}), (Urgency.SELF_CARE, {})):
        examination = visit(answers)
        assert examination.assessment.urgency.level is level
        label = CARE_CARDS[level].label if answers else TOO_LITTLE.label
        assert label in printed(examination_as_text(examination))


@pytest.fixture(params=sorted(library().conditions))
def explained(request: pytest.FixtureRequest) -> RenderableType:
    return condition_as_text(library().conditions[request.param], library())


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
def test_every_condition_can_be_explained(explained: RenderableType, printed: Printed) -> None:
    text = printed(explained)
    assert max(map(len, text.splitlines())) <= 80
    for heading in ("What happens to the twitch", "What is seen", "How often it is the cause", "Review"):
        assert heading in text
    assert FORBIDDEN.search(flat(text)) is None
    assert "…" not in text


def test_an_explanation_gives_numbers_with_source_or_as_assumed(known: Library, printed: Printed) -> None:
    condition = known.conditions["low_calcium"]
    text = flat(printed(condition_as_text(condition, known)))
    counted = [link for link in condition.findings if link.in_condition.counts is not None]
    assert counted
    for link in counted:
        assert link.in_condition.counts is not None
        assert f"{link.in_condition.counts.present} of {link.in_condition.counts.examined} with it" in text
        assert all(cite(evidence.source, known).short in text for evidence in link.evidence)
    assert "(assumed:" in text
    assert "no clinician has reviewed" in text


def test_a_simulation_shows_both_twitches_and_the_true_events(printed: Printed) -> None:
    simulation = simulate_condition("low_calcium", duration_s=60.0, seed=1)
    text = flat(printed(simulation_as_text(simulation)))
    assert "Low calcium" in text
    assert "Healthy" in text
    assert f"EMG: {len(simulation.events[0])} fasciculation potentials" in text
    assert "not a recording of a person" in text
    assert "Ionized calcium" in text
    assert "(healthy:" in text


def test_a_change_too_small_to_show_is_not_listed(printed: Printed) -> None:
    text = flat(printed(simulation_as_text(simulate_condition("parkinson_disease", duration_s=1.0))))
    assert "Peak drive of a descending rhythm: 0.12 (healthy: 0)" in text
    assert re.search(r": (\S+( \w+)?) \(healthy: \1\)", text) is None


def test_a_healthy_simulation_changes_nothing(printed: Printed) -> None:
    text = printed(simulation_as_text(simulate_condition("healthy", duration_s=10.0, seed=1)))
    assert "What the condition changes" not in text


def test_a_recording_says_what_it_can_support(printed: Printed, examined: ExaminedRecording) -> None:
    text = flat(printed(recording_as_text(examined)))
    assert "Shape: duration to within 1.0 ms" in text
    assert "off was not used: The channel is constant." in text
    assert "calf: 20 fasciculation potentials, at 5, 15, 25, 35, 45, 55, 65, 75, ... s" in text
    assert text.count("The clock was not set.") == 1


def test_what_holds_for_all_channels_is_said_once_and_the_rest_with_its_channels(
    printed: Printed, examined: ExaminedRecording
) -> None:
    text = flat(printed(recording_as_text(examined)))
    assert text.count("Shape: duration to within 1.0 ms") == 1
    assert "where the potential is largest. (calf)" in text
    assert "the file does not give volts. (<script>" in text


def test_sizes_of_unknown_scale_are_said_to_be_in_counts_and_counts_of_events_are_not(
    printed: Printed, examined: ExaminedRecording
) -> None:
    size = dataclasses.replace(
        examined.result.measurements[1], unit=Unit.COUNT, value=17.0, low=14.0, high=21.0, doubts=()
    )
    count = dataclasses.replace(size, id="fasciculation_count")
    result = dataclasses.replace(examined.result, measurements=(size, count))
    text = flat(printed(recording_as_text(dataclasses.replace(examined, result=result))))
    assert "Amplitude, peak to peak, median 17 (14 to 21), in counts of the converter" in text
    assert re.search(r"Fasciculations at rest\s+17 \(14 to 21\) (?!, in)", text)


def test_a_review_counts_only_for_the_text_that_was_reviewed(known: Library, printed: Printed) -> None:
    condition = known.conditions["caffeine"]
    review = Review(
        state="reviewed",
        by="A. Clinician",
        on=dt.date(2026, 1, 2),
        of_digest=digest_of(condition),
        expires_on=dt.date(2028, 1, 2),
    )
    reviewed = msgspec.structs.replace(condition, review=review)
    changed = msgspec.structs.replace(reviewed, summary="Another text that nobody has looked at.")
    lasting = msgspec.structs.replace(reviewed, review=msgspec.structs.replace(review, expires_on=None))
    assert "Reviewed by A. Clinician on 2026-01-02, valid until 2028-01-02." in flat(
        printed(condition_as_text(reviewed, known))
    )
    assert "Reviewed by A. Clinician on 2026-01-02." in flat(printed(condition_as_text(lasting, known)))
    assert "Reviewed by" not in printed(condition_as_text(changed, known))


def test_a_condition_of_the_small_library_shows_counts_intervals_and_absent_states(
    small_library: Library, printed: Printed
) -> None:
    text = flat(printed(condition_as_text(small_library.conditions["tired_muscle"], small_library)))
    assert "Twitches in a muscle: 36 of 40 with it, 12 of 60 of healthy adults. [Example A 2020]" in text
    assert "Twitches a minute above 10 per minute: 60% (40% to 80%) with it, 30% of healthy adults." in text
    assert "Stiff muscles: not there: 90% (assumed: made up for tests) with it" in text
    assert "nerve specialist about it: 5 of 100. [Example A 2020]" in text


def test_when_all_was_asked_nothing_is_listed_as_not_asked(small_library: Library, printed: Printed) -> None:
    names = [name for name, finding in small_library.findings.items() if finding.asked is not None and name != "stiff"]
    answers = {name: "5" if name == "days" else "present" for name in names if name != "choking"}
    case = case_from_answers({**answers, "choking": "absent", "stiff": "absent"}, small_library.findings)
    text = printed(examination_as_text(examine_case(case, [], small_library)))
    assert HEADINGS.not_asked not in text
    assert HEADINGS.signs not in text
    assert "further causes" not in text


def test_the_short_form_says_how_soon_what_was_measured_and_the_leading_causes(
    visit: Visit, printed: Printed, examined: ExaminedRecording
) -> None:
    examination = visit({"fasciculation": "present", "calf_twitch": "present", "twitch_duration": "30"}, examined)
    text = printed(summary_as_text(examination))
    assert CARE_CARDS[Urgency.ROUTINE].heading in text
    assert examination.assessment.causes[0].label in text
    assert "at rest" in flat(text)
    assert "not a medical device" in flat(text)
    assert text.count("\n") < printed(examination_as_text(examination)).count("\n") / 3
