"""What follows from a case: implied findings, details, what would change the advice, what to tell, what is new."""

from pathlib import Path

import pytest

from twitchwise.assess import Case, Observation, assess_case, learned_since, open_red_flags
from twitchwise.assess.causes import rank_causes
from twitchwise.assess.implied import completed
from twitchwise.assess.separation import separation_of
from twitchwise.assess.what_if import what_would_change
from twitchwise.knowledge import Library
from twitchwise.vocabulary import Course, FindingState, Setting, Sex, Side, Urgency

PRESENT, ABSENT = FindingState.PRESENT, FindingState.ABSENT


def case_of(setting: Setting = Setting.COMMUNITY, **states: FindingState) -> Case:
    seen = {name: Observation(finding=name, state=state) for name, state in states.items()}
    return Case(observations=seen, setting=setting)


@pytest.fixture
def detailed(small_folder: Path) -> Library:
    """The small set with a finding that implies another, one that a side settles, and the person's age and sex."""
    findings = small_folder / "findings"
    drops = (findings / "drops.yaml").read_text(encoding="utf-8")
    (findings / "drops.yaml").write_text(drops + "implies: [weak]\n", encoding="utf-8")
    (findings / "left_twitch.yaml").write_text(
        "id: left_twitch\nlabel: a left twitch\nplain: a twitch on the left\nkind: symptom\n"
        "asked: {question: 'Is it left?'}\n"
        "detail_of: {findings: [twitch], detail: side, values: [left], also: [{detail: course, values: [sudden]}]}\n",
        encoding="utf-8",
    )
    days = (findings / "days.yaml").read_text(encoding="utf-8")
    (findings / "days.yaml").write_text(days + "detail_of: {findings: [twitch], detail: duration}\n", encoding="utf-8")
    (findings / "age.yaml").write_text(
        "id: age\nlabel: an age\nplain: age\nkind: history\nunit: year\nanswer: number\n"
        "asked: {question: 'How old are you?'}\n",
        encoding="utf-8",
    )
    (findings / "female_sex.yaml").write_text(
        "id: female_sex\nlabel: female sex\nplain: female\nkind: history\nasked: {question: 'Are you female?'}\n",
        encoding="utf-8",
    )
    return Library(small_folder)


def test_a_finding_implies_a_more_general_one(detailed: Library) -> None:
    assert completed(case_of(drops=PRESENT), detailed.findings).state("weak") is PRESENT
    assert completed(case_of(drops=ABSENT), detailed.findings).state("weak") is FindingState.NOT_ASSESSED


def test_what_was_stated_is_not_overruled(detailed: Library) -> None:
    assert completed(case_of(drops=PRESENT, weak=ABSENT), detailed.findings).state("weak") is ABSENT


def test_details_settle_another_finding_only_when_all_hold(detailed: Library) -> None:
    def settled(side: Side, course: Course | None) -> FindingState:
        twitch = Observation(finding="twitch", state=PRESENT, side=side, course=course)
        return completed(Case(observations={"twitch": twitch}), detailed.findings).state("left_twitch")

    assert settled(Side.LEFT, Course.SUDDEN) is PRESENT
    assert settled(Side.LEFT, None) is FindingState.NOT_ASSESSED
    assert settled(Side.RIGHT, Course.SUDDEN) is FindingState.NOT_ASSESSED


def test_a_duration_becomes_the_number_of_its_finding(detailed: Library) -> None:
    twitch = Observation(finding="twitch", state=PRESENT, duration_days=21.0)
    seen = completed(Case(observations={"twitch": twitch}), detailed.findings).observations["days"]
    assert seen.value == 21.0


def test_age_and_sex_are_findings(detailed: Library) -> None:
    full = completed(Case(age_years=40, sex=Sex.MALE), detailed.findings)
    assert full.observations["age"].value == 40
    assert full.state("female_sex") is ABSENT


def test_an_age_that_was_answered_is_not_overruled(detailed: Library) -> None:
    told = Observation(finding="age", state=PRESENT, value=50, low=50, high=50)
    full = completed(Case(observations={"age": told}, age_years=40), detailed.findings)
    assert full.observations["age"].value == 50


def test_a_detail_may_be_a_duration_of_at_most_some_days(small_folder: Path) -> None:
    file = small_folder / "findings" / "drops.yaml"
    rule = "detail_of: {findings: [weak], detail: duration, below_days: 28}\n"
    file.write_text(file.read_text(encoding="utf-8") + rule, encoding="utf-8")
    findings = Library(small_folder).findings

    def settled(days: float | None) -> FindingState:
        weak = Observation(finding="weak", state=PRESENT, duration_days=days)
        return completed(Case(observations={"weak": weak}), findings).state("drops")

    assert settled(5) is PRESENT
    assert settled(90) is settled(None) is FindingState.NOT_ASSESSED


def test_what_would_change_names_the_finding_that_completes_a_rule(small_library: Library) -> None:
    changes = {one.finding: one for one in what_would_change(case_of(weak=PRESENT), small_library)}
    assert changes["choking"].level is Urgency.EMERGENCY
    assert changes["drops"].level is Urgency.SOON
    assert "drops" not in {one.finding for one in what_would_change(case_of(), small_library)}


def test_nothing_changes_an_emergency(small_library: Library) -> None:
    assert what_would_change(case_of(choking=PRESENT), small_library) == ()


def test_each_change_that_is_named_does_change_the_advice(small_library: Library) -> None:
    case = case_of(weak=PRESENT)
    before = assess_case(case, small_library).urgency.level
    for one in what_would_change(case, small_library):
        more = case.with_observations({one.finding: Observation(finding=one.finding, state=PRESENT)})
        assert assess_case(more, small_library).urgency.level == one.level > before


def test_a_flag_that_was_denied_is_not_open(small_library: Library) -> None:
    assert "choking" not in {one.finding for one in open_red_flags(case_of(choking=ABSENT), small_library)}


def test_the_doctor_is_told_what_is_there_and_which_signs_are_not(small_library: Library) -> None:
    told = assess_case(case_of(twitch=PRESENT, choking=ABSENT, strong=ABSENT), small_library).for_the_doctor
    assert told.present == ("twitch",)
    assert told.absent == ("choking",)


def test_a_trigger_stands_apart_and_takes_nothing_from_the_causes(small_library: Library) -> None:
    before, after = (
        rank_causes(case, small_library) for case in (case_of(weak=PRESENT), case_of(weak=PRESENT, coffee=PRESENT))
    )
    assert before.causes == after.causes
    assert before.not_covered == after.not_covered
    assert after.contributors[0].id == "much_coffee"
    assert after.contributors[0].probability.value > before.contributors[0].probability.value


def test_a_leading_cause_is_named_only_with_evidence_for_it(small_library: Library) -> None:
    alone = separation_of(rank_causes(case_of(), small_library), small_library)
    assert not alone.decided
    clinic = case_of(Setting.NEUROLOGY_CLINIC, weak=PRESENT, drops=PRESENT)
    clear = separation_of(rank_causes(clinic, small_library), small_library)
    assert clear.decided
    assert clear.leading == ("sick_nerve",)
    assert "Sick nerve" in clear.because


def test_a_second_cause_with_evidence_of_its_own_is_named_beside_the_first(small_library: Library) -> None:
    case = case_of(Setting.NEUROLOGY_CLINIC, weak=PRESENT, drops=PRESENT, twitch=PRESENT, stiff=ABSENT)
    ranking = rank_causes(case, small_library)
    second = next(cause for cause in ranking.causes if cause.id == "tired_muscle")
    together = separation_of(ranking, small_library).together
    assert ("tired_muscle" in together) is (second.on_its_own.value >= 0.5)


def test_asking_again_with_the_same_answers_says_that_nothing_is_new(small_library: Library) -> None:
    case = case_of(twitch=PRESENT)
    done = (case, assess_case(case, small_library))
    learned = learned_since(done, done)
    assert learned.nothing
    assert learned.sentence.startswith("Nothing new was learned")


def test_a_new_sign_is_new_and_changes_the_advice(small_library: Library) -> None:
    cases = [case_of(twitch=PRESENT), case_of(twitch=PRESENT, choking=PRESENT)]
    learned = learned_since(*((case, assess_case(case, small_library)) for case in cases))
    assert learned.findings == ("choking",)
    assert learned.urgency_changed
    assert "advice is another one" in learned.sentence
