"""What the result page shows beyond the report: a careful card while questions are open, and what would change it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from twitchwise.assess.urgency import applies
from twitchwise.examine import Examination
from twitchwise.knowledge.schema import Finding
from twitchwise.report.measured import Fact
from twitchwise.report.story import Story, in_plain_words, story_of
from twitchwise.report.wording import CARE_CARDS, CareCard
from twitchwise.vocabulary import Urgency
from twitchwise.web.order import emergency_signs, questions
from twitchwise.web.reasons import Reason, is_disputed, reasons_of
from twitchwise.web.visit import Visit


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What would raise the advice to a level: the level's heading, and what a person would notice."""

    heading: str
    signs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """The report's story with what the page adds.

    ``reasons`` are the rules that apply; they are disputed where two of them disagree. ``open`` holds the questions
    that still make sense and were not answered; without their answers nobody is told that all is well, and the result
    is unfinished. ``main_facts`` are those that a finding is about. ``warnings`` are about the answers, ``notes`` about
    the recordings.
    """

    story: Story
    card: CareCard
    reasons: tuple[Reason, ...]
    is_disputed: bool
    open: tuple[Finding, ...]
    is_unfinished: bool
    main_facts: tuple[Fact, ...]
    more_facts: tuple[Fact, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    changes: tuple[Change, ...]
    is_draft: bool


def result_of(examination: Examination, visit: Visit) -> Result:
    """Return what the result page of a visit shows.

    Parameters
    ----------
    examination
        The examination of the visit.
    visit
        Knows which questions were asked.
    """
    story, applied = story_of(examination), examination.assessment.urgency.reasons
    fitting = questions(visit.case(examination.library.findings), examination.library.findings)
    left = tuple(question for question in fitting if question.id not in visit.answers)
    is_unfinished = bool(left) and story.level is Urgency.SELF_CARE
    main = tuple(fact for fact in story.facts if fact.measurement.id in examination.library.findings)
    warnings = tuple(in_plain_words(text, examination.library) for text in examination.assessment.warnings)
    return Result(
        story=story,
        card=unfinished(story.card, len(left)) if is_unfinished else story.card,
        reasons=reasons_of(applied, examination.library),
        is_disputed=is_disputed(applied),
        open=left,
        is_unfinished=is_unfinished,
        main_facts=main,
        more_facts=tuple(fact for fact in story.facts if fact not in main),
        notes=tuple(doubt for doubt in story.doubts if doubt not in warnings),
        warnings=warnings,
        changes=tuple(_changes(examination)),
        is_draft=story.is_draft,
    )


def unfinished(card: CareCard, open_count: int) -> CareCard:
    """Return the card for self-care while questions are open: what is not known is not said to be well."""
    return replace(
        card,
        label="Not finished",
        heading="No sign of an emergency so far",
        lead=(
            f"{open_count} {'question is' if open_count == 1 else 'questions are'} still open. "
            "Only with your answers can we say whether a doctor should look at this."
        ),
        steps=("Go on with the questions if you can.", *card.steps[1:]),
    )


def _changes(examination: Examination) -> Iterator[Change]:
    level = examination.assessment.urgency.level
    for higher in sorted(Urgency, reverse=True):
        signs = tuple(dict.fromkeys(_signs_of(higher, examination)))
        if higher > level and signs:
            yield Change(heading=CARE_CARDS[higher].heading, signs=signs)


def _signs_of(level: Urgency, examination: Examination) -> Iterator[str]:
    signs = {sign.id: sign.plain for sign in emergency_signs(examination.library.findings)}
    if level is Urgency.EMERGENCY:
        yield from signs.values()
    for rule in examination.library.rules.values():
        # a rule that needs an emergency sign says no more than the sign itself
        said = level is Urgency.EMERGENCY and any(when.finding in signs for when in (*rule.all_of, *rule.any_of))
        if rule.urgency is level and not said and not applies(rule, examination.case):
            yield rule.label
