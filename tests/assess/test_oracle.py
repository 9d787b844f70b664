"""Exact inference by pyAgrum agrees with the ranking, where both hold the same numbers."""

from pathlib import Path

import pytest

from twitchwise.assess import Case, Observation
from twitchwise.assess.causes import NOT_COVERED, rank_causes
from twitchwise.assess.weights import comparison_of, table_of
from twitchwise.examine.many import Ranker
from twitchwise.knowledge import Library
from twitchwise.knowledge.likelihood import central_value
from twitchwise.vocabulary import FindingState, Setting

gum = pytest.importorskip("pyagrum")

PRESENT = {
    "sick_nerve": {"weak": 0.9, "twitch": 0.3, "stiff": 0.25},
    "tired_muscle": {"twitch": 0.85, "stiff": 0.1},
}
BACKGROUND = {"weak": 0.12, "twitch": 0.4, "stiff": 0.2}


@pytest.fixture
def plain_library(small_folder: Path) -> Library:
    """The small set with assumed shares alone, no shrinkage and no groups, as a plain Bayesian network has it."""
    for condition, shares in PRESENT.items():
        file = small_folder / "conditions" / f"{condition}.yaml"
        before, _, after = file.read_text(encoding="utf-8").partition("findings:\n")
        rest = after[after.index("urgency:") :]
        links = "".join(
            f"  - finding: {name}\n    in_condition: {{assumed: {{value: {share}, because: made up for tests}}}}\n"
            f"    in_others: {{assumed: {{value: {BACKGROUND[name]}, because: made up for tests}}, population: all}}\n"
            for name, share in shares.items()
        )
        file.write_text(f"{before}findings:\n{links}{rest}", encoding="utf-8")
    file = small_folder / "parameters" / "assessment_shrinkage.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("0.65", "1"), encoding="utf-8")
    return Library(small_folder)


def exact(library: Library, case: Case) -> dict[str, float]:
    """Return the posterior of a network whose causes exclude each other; findings depend on the cause alone."""
    causes = table_of(library).main
    labels = [*(cause.id for cause in causes), NOT_COVERED]
    net = gum.BayesNet("causes")
    net.add(gum.LabelizedVariable("cause", "cause", labels))
    shares = [central_value(cause.share_in(case.setting)) for cause in causes]
    net.cpt("cause").fillWith([*shares, 1 - sum(shares)])
    for name, background in BACKGROUND.items():
        net.add(gum.LabelizedVariable(name, name, ["no", "yes"]))
        net.addArc("cause", name)
        column = [PRESENT.get(label, {}).get(name, background) for label in labels]
        net.cpt(name).fillWith([part for share in column for part in (1 - share, share)])
    engine = gum.LazyPropagation(net)
    engine.setEvidence({name: int(seen.state == "present") for name, seen in case.observations.items()})
    engine.makeInference()
    return dict(zip(labels, engine.posterior("cause").tolist(), strict=True))


def test_a_comparison_must_be_somewhere(plain_library: Library) -> None:
    link = plain_library.conditions["much_coffee"].findings[0]
    with pytest.raises(ValueError, match="background"):
        comparison_of(link, plain_library.findings["weak"])


@pytest.mark.parametrize("setting", [Setting.COMMUNITY, Setting.NEUROLOGY_CLINIC])
@pytest.mark.parametrize("weak", list(FindingState))
@pytest.mark.parametrize("twitch", list(FindingState))
def test_the_ranking_is_exact_bayes(
    plain_library: Library, setting: Setting, weak: FindingState, twitch: FindingState
) -> None:
    states = {"weak": weak, "twitch": twitch, "stiff": FindingState.ABSENT}
    seen = {name: Observation(finding=name, state=state) for name, state in states.items()}
    case = Case(observations=seen, setting=setting)
    expected = exact(plain_library, case)
    ranking = rank_causes(case, plain_library)
    found = {cause.id: cause.probability.value for cause in ranking.causes}
    found[NOT_COVERED] = ranking.not_covered.probability.value
    assert found == pytest.approx(expected, rel=1e-9)
    many = Ranker(plain_library, setting).rank([case])
    assert dict(zip(many.causes, many.values[0], strict=True)) == pytest.approx(expected, rel=1e-9)
