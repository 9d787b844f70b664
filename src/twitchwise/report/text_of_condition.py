"""A condition as terminal text: what it is, what it does to the twitch, what is seen, and how urgent it is."""

from collections.abc import Iterable, Iterator
from typing import cast

from rich.console import RenderableType

from twitchwise.assess.weights import comparison_of
from twitchwise.knowledge import Library
from twitchwise.knowledge.digest import digest_of, review_state
from twitchwise.knowledge.schema import (
    Assumed,
    Band,
    Condition,
    ConditionKind,
    Evidence,
    FindingLink,
    Mechanism,
    Quantity,
    Share,
)
from twitchwise.report.citations import Citation, cite_all
from twitchwise.report.display import chance, number, quantity
from twitchwise.report.text_parts import (
    bullets,
    page,
    pages_to_read,
    paragraph,
    references,
    section,
    title,
    with_sources,
)
from twitchwise.report.wording import CARE_CARDS, HEADINGS, NOTICE, SETTINGS
from twitchwise.vocabulary import Urgency

NAMES_SHOWN = 6

KINDS = {
    ConditionKind.TRIGGER: "something that sets twitches off",
    ConditionKind.MODULATOR: "something that makes twitches more or less likely",
    ConditionKind.BENIGN_SYNDROME: "a harmless condition",
    ConditionKind.DISEASE: "a disease",
    ConditionKind.NORMAL_PHENOMENON: "something that healthy people have",
}


def condition_as_text(condition: Condition, library: Library) -> RenderableType:
    """Return what is known of a condition, for a terminal.

    Parameters
    ----------
    condition
        The condition.
    library
        Names its findings, parameters, advice and sources.
    """
    cited = cite_all((evidence.source for evidence in _evidence(condition)), library)
    card = CARE_CARDS[Urgency[condition.urgency.level.upper()]]
    urging = _sourced(f"{card.label}: {card.heading}.", condition.urgency.evidence, library)
    return page(
        title(f"{condition.label} ({KINDS[condition.kind]})"),
        paragraph(condition.summary),
        section(
            "What happens to the twitch",
            paragraph(condition.what_happens),
            bullets(_change(one, library) for one in condition.mechanism),
        ),
        section("What is seen, and how often", bullets(_finding(link, library) for link in condition.findings)),
        section("How often it is the cause", bullets(_priors(condition, library))),
        section(
            "How soon to seek help",
            paragraph(urging),
            paragraph("Rules decide how soon, from the answers given; this is the usual level.", style="dim"),
            paragraph("Get help sooner with any of these:") if condition.red_flags else None,
            bullets((library.findings[flag].plain for flag in condition.red_flags), indent=2),
        ),
        section(HEADINGS.advice, bullets(_advice(condition, library))),
        section(
            "What a professional may do (no prescription)",
            *_listed("Examine", condition.care.examine),
            *_listed("Test", condition.care.test),
            *_listed("Offer", condition.care.offer),
        ),
        section("What to expect", paragraph(_sourced(condition.care.outlook, condition.care.evidence, library))),
        section("Medicines that can cause it", bullets(_medicines(condition, library))),
        section("Popular claims", bullets(_claims(condition, library))),
        section("What can look like it", bullets(library.conditions[other].label for other in condition.mimics)),
        section(HEADINGS.read_more, pages_to_read(cite_all(condition.read_more, library))),
        section(HEADINGS.sources, references(cited)),
        section("Review", paragraph(_review(condition))),
        section(HEADINGS.about, paragraph(NOTICE)),
    )


def _evidence(condition: Condition) -> Iterator[Evidence]:
    for change in condition.mechanism:
        yield from change.evidence
    for link in condition.findings:
        yield from link.evidence
    for pre_test in condition.pre_test:
        yield from pre_test.evidence
    yield from condition.urgency.evidence
    yield from condition.care.evidence


def _listed(heading: str, sentences: Iterable[str]) -> Iterator[RenderableType]:
    listed = bullets(sentences, indent=2)
    if listed is not None:
        yield paragraph(f"{heading}:")
        yield listed


def _medicines(condition: Condition, library: Library) -> Iterator[str]:
    for medicine in library.medicines.values():
        if medicine.condition == condition.id:
            yield f"{medicine.label}: {', '.join(medicine.names[:NAMES_SHOWN])}"


def _claims(condition: Condition, library: Library) -> Iterator[str]:
    for claim in library.claims.values():
        if condition.id in claim.about:
            evidence = [one for one in claim.evidence if one.source in library.sources]
            yield _sourced(f"\u201c{claim.claim}\u201d {claim.answer}", evidence, library)


def _sourced(sentence: str, evidence: Iterable[Evidence], library: Library) -> str:
    return with_sources(sentence, _cited(evidence, library))


def _cited(evidence: Iterable[Evidence], library: Library) -> tuple[Citation, ...]:
    return cite_all((one.source for one in evidence), library)


def _change(mechanism: Mechanism, library: Library) -> str:
    parameter, change = library.parameters[mechanism.parameter], mechanism.change
    changed = cast("Quantity", change.set or change.scale)
    if change.set is not None:
        done = f"set to {quantity(changed.value, parameter.unit)}"
    else:
        done = f"multiplied by {number(changed.value)}"
    return _sourced(f"{parameter.label}: {done}{_because(changed.assumed)}.", mechanism.evidence, library)


def _because(assumed: Assumed | None) -> str:
    return "" if assumed is None else f" (assumed: {assumed.because.rstrip('.')})"


def _finding(link: FindingLink, library: Library) -> str:
    comparison = comparison_of(link, library.findings[link.finding])
    population = (comparison.population or "others").replace("_", " ")
    sentence = f"{_state(link, library)}: {_share(link.in_condition)} with it, {_share(comparison)} of {population}."
    return _sourced(sentence, link.evidence, library)


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


def _priors(condition: Condition, library: Library) -> Iterator[str]:
    for pre_test in condition.pre_test:
        sentence = f"Among {SETTINGS[pre_test.setting]}: {_share(pre_test.share)}."
        yield _sourced(sentence, pre_test.evidence, library)


def _advice(condition: Condition, library: Library) -> Iterator[str]:
    for piece in condition.advice:
        advice = library.advice[piece]
        yield _sourced(advice.text, advice.evidence, library)


def _review(condition: Condition) -> str:
    review = condition.review
    if review_state(review, digest_of(condition)) == "draft":
        return "Draft: no clinician has reviewed this text as it stands."
    until = "" if review.expires_on is None else f", valid until {review.expires_on.isoformat()}"
    return f"Reviewed by {review.by} on {review.on}{until}."
