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
from twitchwise.vocabulary.text import capital, say

NAMES_SHOWN = 6

KINDS = {
    ConditionKind.TRIGGER: say("something that sets twitches off"),
    ConditionKind.MODULATOR: say("something that makes twitches more or less likely"),
    ConditionKind.BENIGN_SYNDROME: say("a harmless condition"),
    ConditionKind.DISEASE: say("a disease"),
    ConditionKind.NORMAL_PHENOMENON: say("something that healthy people have"),
}
USUAL_LEVEL = say("Rules decide how soon, from the answers given; this is the usual level.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A sentence, and the sources that it rests on."""

    sentence: str
    citations: tuple[Citation, ...] = ()


def usual_urgency(condition: Condition, library: Library) -> Said:
    """Return how soon to seek help when this is the cause."""
    card = CARE_CARDS[Urgency[condition.urgency.level.upper()]]
    return said(say("{level}: {advice}.", level=card.label, advice=card.heading), condition.urgency.evidence, library)


def changes_of(condition: Condition, library: Library) -> Iterator[Said]:
    """Give what a condition changes in the model of nerve and muscle."""
    return (_change(one, library) for one in condition.mechanism)


def seen_with(condition: Condition, library: Library) -> Iterator[Said]:
    """Give how often each finding is seen with a condition, and how often without."""
    return (_finding(link, library) for link in condition.findings)


def priors_of(condition: Condition, library: Library) -> Iterator[Said]:
    """Give how often a condition is the cause, where people ask."""
    for pre_test in condition.pre_test:
        sentence = say("Among {people}: {share}.", people=SETTINGS[pre_test.setting], share=_share(pre_test.share))
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
            names = ", ".join(medicine.names[:NAMES_SHOWN])
            yield Said(sentence=say("{medicines}: {names}", medicines=medicine.label, names=names))


def claims_about(name: str, library: Library) -> Iterator[tuple[Claim, Said]]:
    """Give the popular claims about a condition or finding, each with its answer."""
    for claim in library.claims.values():
        if name in claim.about:
            evidence = [one for one in claim.evidence if one.source in library.sources]
            yield claim, said(say("“{claim}” {answer}", claim=claim.claim, answer=claim.answer), evidence, library)


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
        return say("Draft: no clinician has reviewed this text as it stands.")
    if review.expires_on is None:
        return say("Reviewed by {who} on {day}.", who=review.by, day=review.on)
    return say("Reviewed by {who} on {day}, valid until {last}.", who=review.by, day=review.on, last=review.expires_on)


def said(sentence: str, evidence: Iterable[Evidence], library: Library) -> Said:
    """Return a sentence with the citations of its evidence."""
    return Said(sentence=sentence, citations=cite_all((one.source for one in evidence), library))


def _change(mechanism: Mechanism, library: Library) -> Said:
    parameter, change = library.parameters[mechanism.parameter], mechanism.change
    changed = cast("Quantity", change.set or change.scale)
    if change.set is not None:
        done = say("{name}: set to {value}", name=parameter.label, value=quantity(changed.value, parameter.unit))
    else:
        done = say("{name}: multiplied by {factor}", name=parameter.label, factor=number(changed.value))
    return said(say("{change}.", change=_with_reason(done, changed.assumed)), mechanism.evidence, library)


def _with_reason(said: str, assumed: Assumed | None) -> str:
    return said if assumed is None else say("{number} (assumed: {reason})", number=said, reason=assumed.because)


def _finding(link: FindingLink, library: Library) -> Said:
    comparison = comparison_of(link, library.findings[link.finding])
    sentence = say(
        "{finding}: {share} with it, {share_of_others} of {others}.",
        finding=_state(link, library),
        share=_share(link.in_condition),
        share_of_others=_share(comparison),
        others=say("others") if comparison.population is None else say(comparison.population.replace("_", " ")),
    )
    return said(sentence, link.evidence, library)


def _share(share: Share) -> str:
    if share.counts is not None:
        return say("{some} of {all_of_them}", some=share.counts.present, all_of_them=share.counts.examined)
    if share.reported is None or share.reported.interval is None:
        return _with_reason(chance(share.number.value), share.assumed)
    low, high = share.reported.interval
    return say("{value} ({low} to {high})", value=chance(share.reported.value), low=chance(low), high=chance(high))


def _state(link: FindingLink, library: Library) -> str:
    finding = library.findings[link.finding]
    name = capital(finding.plain)
    if not isinstance(link.state, Band):
        return name if link.state == "present" else say("{finding}: not there", finding=name)
    low, high = (
        None if edge is None else quantity(edge, finding.unit) for edge in (link.state.above, link.state.below)
    )
    if high is None:
        return say("{finding} above {low}", finding=name, low=low)
    if low is None:
        return say("{finding} below {high}", finding=name, high=high)
    return say("{finding} above {low} and below {high}", finding=name, low=low, high=high)
