"""Rules set the urgency: the greatest level wins, and each reason carries its source."""

import pytest

from twitchwise.assess import Case, Observation
from twitchwise.assess.urgency import urgency_of
from twitchwise.knowledge import Library
from twitchwise.vocabulary import FindingState, Urgency


def case_of(*present: str, **values: float) -> Case:
    seen = {name: Observation(finding=name, state=FindingState.PRESENT) for name in present}
    for name, value in values.items():
        seen[name] = Observation(finding=name, state=FindingState.PRESENT, value=value, low=value, high=value)
    return Case(observations=seen)


@pytest.mark.parametrize(
    ("case", "level", "rules"),
    [
        (case_of(), Urgency.SELF_CARE, ()),
        (case_of("twitch"), Urgency.SELF_CARE, ("only_a_twitch",)),
        (case_of("twitch", "weak"), Urgency.SELF_CARE, ()),
        (case_of("twitch", days=15), Urgency.ROUTINE, ("long_twitch", "only_a_twitch")),
        (case_of("twitch", days=14), Urgency.SELF_CARE, ("only_a_twitch",)),
        (case_of("twitch", "days"), Urgency.SELF_CARE, ("only_a_twitch",)),
        (case_of("weak", "drops"), Urgency.SOON, ("weak_and_drops",)),
        (case_of("weak", "drops", "choking"), Urgency.EMERGENCY, ("choking_now", "weak_and_drops")),
    ],
)
def test_the_greatest_level_wins(small_library: Library, case: Case, level: Urgency, rules: tuple[str, ...]) -> None:
    found = urgency_of(case, small_library.rules)
    assert found.level is level
    assert tuple(reason.rule for reason in found.reasons) == rules


def test_a_reason_names_its_findings_its_sources_and_who_disagrees(small_library: Library) -> None:
    reason = urgency_of(case_of("twitch", days=30), small_library.rules).reasons[0]
    assert reason.findings == ("twitch", "days")
    assert reason.sources == ("example_2020",)
    assert reason.differs_from == ("only_a_twitch",)
    assert "worth a visit" in reason.because


def test_an_absent_sign_does_not_fire_its_rule(small_library: Library) -> None:
    absent = Case(observations={"choking": Observation(finding="choking", state=FindingState.ABSENT)})
    assert urgency_of(absent, small_library.rules).reasons == ()


def test_levels_have_their_words() -> None:
    assert [level.word for level in Urgency] == ["self_care", "routine", "soon", "same_day", "emergency"]
