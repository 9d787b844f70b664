"""One assessment and a batch of them, beside exact inference of the same model in pyAgrum, in one run."""

import random
import statistics
import time
from collections.abc import Callable, Iterable

from twitchwise.assess import Case, Observation, assess_case
from twitchwise.assess.case import contradictions
from twitchwise.assess.questions import yes_share
from twitchwise.assess.weights import table_of
from twitchwise.examine.many import Ranker
from twitchwise.knowledge import Library, library
from twitchwise.knowledge.likelihood import central_value
from twitchwise.knowledge.schema import Answer
from twitchwise.vocabulary import FindingState, Setting

CASES = 200
FINDINGS_IN_A_CASE = 15
COPIES = 50  # a batch of 10,000
PEER_CASES = 200  # as many as ours


def cases(known: Library, how_many: int) -> list[Case]:
    """Return cases of random findings with a fixed seed."""
    draw = random.Random(0)  # noqa: S311 - no secret
    names = [name for name, finding in known.findings.items() if finding.answer is Answer.YES_NO]
    drawn: list[Case] = []
    while len(drawn) < how_many:
        states = {
            name: draw.choice([FindingState.PRESENT, FindingState.ABSENT])
            for name in draw.sample(names, FINDINGS_IN_A_CASE)
        }
        seen = {name: Observation(finding=name, state=state) for name, state in states.items()}
        case = Case(observations=seen, setting=Setting.NEUROLOGY_CLINIC)
        if not any(contradictions(case, known.findings)):
            drawn.append(case)
    return drawn


def median_s(run: Callable[[Case], object], given: Iterable[Case]) -> float:
    """Return the median time of a call."""
    times = []
    for case in given:
        start = time.perf_counter()
        run(case)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def peer(known: Library) -> Callable[[Case], object] | None:
    """Return exact inference over the same causes and findings in pyAgrum, or ``None`` when it is not installed."""
    try:
        import pyagrum as gum  # noqa: PLC0415
    except ImportError:
        return None
    net, causes = gum.BayesNet("causes"), table_of(known).main
    labels = [*(cause.id for cause in causes), "not_covered"]
    net.add(gum.LabelizedVariable("cause", "cause", labels))
    shares = [central_value(cause.share_in(Setting.NEUROLOGY_CLINIC)) for cause in causes]
    net.cpt("cause").fillWith([*shares, 1 - sum(shares)])
    for name, statements in table_of(known).statements.items():
        finding = known.findings[name]
        if finding.answer is Answer.YES_NO and finding.background is not None:
            net.add(gum.LabelizedVariable(name, name, ["no", "yes"]))
            net.addArc("cause", name)
            yes = {one.condition: min(max(yes_share(one), 1e-6), 1 - 1e-6) for one in statements}
            column = [yes.get(label, central_value(finding.background)) for label in labels]
            net.cpt(name).fillWith([part for share in column for part in (1 - share, share)])
    engine = gum.LazyPropagation(net)
    engine.setTargets({"cause"})  # no more than is asked for

    def infer(case: Case) -> object:
        engine.setEvidence(
            {name: int(seen.state == "present") for name, seen in case.observations.items() if name in net.names()}
        )
        engine.makeInference()
        return engine.posterior("cause").tolist()

    return infer


def main() -> None:
    """Print the table."""
    known = library()
    given = cases(known, CASES)
    assess_case(given[0], known)  # the table of weights is made once
    whole = median_s(lambda case: assess_case(case, known), given)
    ranker, batch = Ranker(known, Setting.NEUROLOGY_CLINIC), given * COPIES
    ranker.rank(batch)  # rows are made when they are first met
    start = time.perf_counter()
    ranker.rank(batch)
    batch_s = (time.perf_counter() - start) / len(batch)
    print("\nAssessment (one case of 15 findings; all causes)")
    print(f"  one assessment with reasons, urgency and what would change: {whole * 1e3:.2f} ms (target 10 ms)")
    print(f"  batch, probabilities alone: {1 / batch_s:,.0f} a second")
    infer = peer(known)
    if infer is None:
        print("  pyAgrum is not installed, so there is no peer in this run")
        return
    peer_s = median_s(infer, given[:PEER_CASES])
    print(f"  pyAgrum {1 / peer_s:,.0f} a second; it takes {peer_s / batch_s:.0f} times as long (target 50)")


if __name__ == "__main__":
    main()
