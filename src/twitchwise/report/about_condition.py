"""What is known of a condition, sentence by sentence, each with its sources; terminal and web page show the same."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from twitchwise.assess.weights import comparison_of
from twitchwise.knowledge import Library
from twitchwise.knowledge.digest import digest_of, review_state
from twitchwise.knowledge.schema import (
    Assumed,
    Band,
    Claim,
    Condition,
    ConditionKind,
    Evidence,
    FindingLink,
    Mechanism,
    Quantity,
    Rule,
    Share,
)
from twitchwise.report.citations import Citation, cite_all
from twitchwise.report.display import chance, number, quantity
from twitchwise.report.wording import CARE_CARDS, SETTINGS
from twitchwise.vocabulary import Urgency

NAMES_SHOWN = 6

KINDS = {
    ConditionKind.TRIGGER: "something that sets twitches off",
    ConditionKind.MODULATOR: "something that makes twitches more or less likely",
    ConditionKind.BENIGN_SYNDROME: "a harmless condition",
    ConditionKind.DISEASE: "a disease",
    ConditionKind.NORMAL_PHENOMENON: "something that healthy people have",
}
USUAL_LEVEL = "Rules decide how soon, from the answers given; this is the usual level."


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A sentence, and the sources that it rests on."""

    sentence: str
    citations: tuple[Citation, ...] = ()


def usual_urgency(condition: Condition, library: Library) -> Said:
    """Return how soon to seek help when this is the cause."""
    card = CARE_CARDS[Urgency[condition.urgency.level.upper()]]
    return said(f"{card.label}: {card.heading}.", condition.urgency.evidence, library)


def changes_of(condition: Condition, library: Library) -> Iterator[Said]:
    """Give what a condition changes in the model of nerve and muscle."""
    return (_change(one, library) for one in condition.mechanism)


def seen_with(condition: Condition, library: Library) -> Iterator[Said]:
    """Give how often each finding is seen with a condition, and how often without."""
    return (_finding(link, library) for link in condition.findings)


def priors_of(condition: Condition, library: Library) -> Iterator[Said]:
    """Give how often a condition is the cause, where people ask."""
    for pre_test in condition.pre_test:
        sentence = f"Among {SETTINGS[pre_test.setting]}: {_share(pre_test.share)}."
        yield said(sentence, pre_test.evidence, library)


def advice_for(condition: Condition, library: Library) -> Iterator[Said]:
    """Give what a person can do."""
    for piece in condition.advice:
        advice = library.advice[piece]
        yield said(advice.text, advice.evidence, library)


def outlook_of(condition: Condition, library: Library) -> Said:
    """Return what to expect over time."""
    return said(condition.care.outlook, condition.care.evidence, library)


def medicines_of(condition: Condition, library: Library) -> Iterator[Said]:
    """Give the classes of medicines that can cause a condition."""
    for medicine in library.medicines.values():
        if medicine.condition == condition.id:
            yield Said(sentence=f"{medicine.label}: {', '.join(medicine.names[:NAMES_SHOWN])}")


def claims_about(name: str, library: Library) -> Iterator[tuple[Claim, Said]]:
    """Give the popular claims about a condition or finding, each with its answer."""
    for claim in library.claims.values():
        if name in claim.about:
            evidence = [one for one in claim.evidence if one.source in library.sources]
            yield claim, said(f"\u201c{claim.claim}\u201d {claim.answer}", evidence, library)


def evidence_of(condition: Condition) -> Iterator[Evidence]:
    """Give every piece of evidence that the text of a condition rests on."""
    for change in condition.mechanism:
        yield from change.evidence
    for link in condition.findings:
        yield from link.evidence
    for pre_test in condition.pre_test:
        yield from pre_test.evidence
    yield from condition.urgency.evidence
    yield from condition.care.evidence


def state_of_review(entry: Condition | Claim | Rule) -> str:
    """Return whether a clinician has reviewed a text as it stands."""
    review = entry.review
    if review_state(review, digest_of(entry)) == "draft":
        return "Draft: no clinician has reviewed this text as it stands."
    until = "" if review.expires_on is None else f", valid until {review.expires_on.isoformat()}"
    return f"Reviewed by {review.by} on {review.on}{until}."


def said(sentence: str, evidence: Iterable[Evidence], library: Library) -> Said:
    """Return a sentence with the citations of its evidence."""
    return Said(sentence=sentence, citations=cite_all((one.source for one in evidence), library))


def _change(mechanism: Mechanism, library: Library) -> Said:
    parameter, change = library.parameters[mechanism.parameter], mechanism.change
    changed = cast("Quantity", change.set or change.scale)
    if change.set is not None:
        done = f"set to {quantity(changed.value, parameter.unit)}"
    else:
        done = f"multiplied by {number(changed.value)}"
    return said(f"{parameter.label}: {done}{_because(changed.assumed)}.", mechanism.evidence, library)


def _because(assumed: Assumed | None) -> str:
    return "" if assumed is None else f" (assumed: {assumed.because.rstrip('.')})"


def _finding(link: FindingLink, library: Library) -> Said:
    comparison = comparison_of(link, library.findings[link.finding])
    population = (comparison.population or "others").replace("_", " ")
    sentence = f"{_state(link, library)}: {_share(link.in_condition)} with it, {_share(comparison)} of {population}."
    return said(sentence, link.evidence, library)


def _share(share: Share) -> str:
    if share.counts is not None:
        return f"{share.counts.present} of {share.counts.examined}"
    if share.reported is None or share.reported.interval is None:
        return f"{chance(share.number.value)}{_because(share.assumed)}"
    low, high = share.reported.interval
    return f"{chance(share.reported.value)} ({chance(low)} to {chance(high)})"


def _state(link: FindingLink, library: Library) -> str:
    finding = library.findings[link.finding]
    name = finding.plain[:1].upper() + finding.plain[1:]
    if not isinstance(link.state, Band):
        return name if link.state == "present" else f"{name}: not there"
    edges = (("above", link.state.above), ("below", link.state.below))
    return (
        f"{name} {' and '.join(f'{word} {quantity(edge, finding.unit)}' for word, edge in edges if edge is not None)}"
    )
