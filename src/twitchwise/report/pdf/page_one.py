"""The first page of a report for a doctor, which is enough alone: it is kept short, and says where there is more."""

from collections.abc import Iterator, Sequence

from twitchwise.examine import Examination
from twitchwise.knowledge.schema import Answer, Finding
from twitchwise.report.display import clean, quantity
from twitchwise.report.languages import tell
from twitchwise.report.measured import Fact
from twitchwise.report.pdf.blocks import Block, bullets, card, heading, in_short, paragraph, table
from twitchwise.report.recording.movements import movement_ranges
from twitchwise.report.recording.ranges import RangeBeside, all_ranges
from twitchwise.report.story import CauseStory, RuleStory, Story
from twitchwise.report.wording import (
    CARE_CARDS,
    DRAFT,
    HEADINGS,
    LEVEL_WORDS,
    NO_RECORDING,
    NO_RULE,
    NOTHING_NOTED,
    NOTICE,
)
from twitchwise.vocabulary.text import say, say_many, together

TITLE = say("Twitch check: report for a doctor")

# what there is more of stands on the pages behind
_RULES = 3
_FACTS = 4
_RANGES = 2
_CAUSES = 4
_REASONS = 2
_LETTERS = 110
_LINES = 280  # letters of a paragraph that names things
_NAME_LETTERS = 40

_LEVELS = {card.label: LEVEL_WORDS[level] for level, card in CARE_CARDS.items()}
"""The levels by the names that rules are shown with, as they stand within a sentence."""


def page_one(examination: Examination, story: Story) -> Iterator[Block]:
    """Give the blocks of the first page: how soon and why, what was said and measured, and what may cause it.

    Parameters
    ----------
    examination
        The visit as a whole.
    story
        Its story.
    """
    yield heading(TITLE, 1)
    yield card(story.level.word if story.enough else "unknown", story.card.label, story.card.heading, story.card.lead)
    yield from _why(story)
    yield from _said(examination, story)
    yield from _measured(examination, story)
    yield from _causes(story)
    yield from _changes(story)
    yield paragraph(together([NOTICE, DRAFT] if story.is_draft else [NOTICE]), is_small=True)


def shortened(text: str, most: int = _LETTERS) -> str:
    """Return a text in the language of the reader, which ends in dots where it would be longer.

    Examples
    --------
    >>> shortened("a long name", 7)
    'a long…'
    """
    said = tell(text)
    return said if len(said) <= most else f"{said[: most - 1].rstrip()}…"


def cited(rule: RuleStory) -> str:
    """Return why a rule applies, with its level and its sources in short."""
    said = say("({level}) {because}", level=_LEVELS.get(rule.level, rule.level), because=rule.because)
    sources = in_short(rule.citations)
    return together([said, sources]) if sources else said


def _why(story: Story) -> Iterator[Block]:
    rules = [*story.rules, *(rule for group in story.differences for rule in group)]
    yield heading(HEADINGS.why)
    if not rules:
        yield paragraph(NO_RULE)
        return
    yield bullets([(rule.label, cited(rule)) for rule in rules[:_RULES]])
    if len(rules) > _RULES:
        others = together((rule.label for rule in rules[_RULES:]), "; ")
        yield paragraph(say("{rules} (see behind).", rules=shortened(others)), lead=say("Also:"))


def _said(examination: Examination, story: Story) -> Iterator[Block]:
    case, findings = examination.case, examination.library.findings
    told = [name for name, seen in case.observations.items() if not seen.measured]
    doctor = examination.assessment.for_the_doctor
    present = [_label(findings[name], examination) for name in doctor.present if name in told]
    absent = [findings[name].label for name in doctor.absent if name in told]
    yield heading(say("What was said"))
    yield paragraph(story.who, lead=say("Person:"))
    yield paragraph(_in_a_line(present) if present else NOTHING_NOTED, lead=say("Present:"))
    if absent:
        yield paragraph(_in_a_line(absent), lead=say("Warning signs that were denied:"))
    unasked = len(story.signs_not_asked) + len(story.not_asked)
    if unasked:
        yield paragraph(
            say_many(
                "{count} warning sign was not asked about. It is listed behind.",
                "{count} warning signs were not asked about. They are listed behind.",
                count=unasked,
            ),
            lead=say("Not asked:"),
        )


def _label(finding: Finding, examination: Examination) -> str:
    seen = examination.case.observations[finding.id]
    if finding.answer is Answer.NUMBER and seen.value is not None:
        return say("{finding}: {value}", finding=finding.label, value=quantity(seen.value, finding.unit))
    return finding.label


def _in_a_line(names: Sequence[str]) -> str:
    """Return names in one sentence, and how many did not fit."""
    told = list(map(shortened, names))
    length, shown = 0, 0
    for name in map(tell, names):
        length += len(name) + 2
        if shown and length > _LINES:
            break
        shown += 1
    left = len(names) - shown
    first = together(told[:shown], "; ")
    return say("{names}; and {count} more behind.", names=first, count=left) if left else say("{names}.", names=first)


def _measured(examination: Examination, story: Story) -> Iterator[Block]:
    yield heading(HEADINGS.measured)
    if not examination.recordings:
        yield paragraph(NO_RECORDING)
        return
    known = examination.library.findings
    facts = sorted(story.facts, key=lambda fact: (bool(fact.doubts), fact.measurement.id not in known))
    if not facts:
        yield paragraph(together(shortened(said) for said in story.summaries))
        return
    rows = [(shortened(fact.label), shortened(fact.where, _NAME_LETTERS), _found(fact)) for fact in facts[:_FACTS]]
    yield table("", (say("Quantity"), say("Where"), say("Value (95% interval)")), rows, (5, 3, 5))
    ranges = list(ranges_of(examination))
    if ranges:
        yield bullets([_published(one) for one in ranges[:_RANGES]])
    left = max(len(facts) - _FACTS, 0) + max(len(ranges) - _RANGES, 0)
    if left:
        more = say_many(
            "{count} more number or published range behind.",
            "{count} more numbers and published ranges behind.",
            count=left,
        )
        yield paragraph(more, is_small=True)


def ranges_of(examination: Examination) -> Iterator[RangeBeside]:
    """Give the published ranges of what was measured in every recording."""
    known = examination.library
    for examined in examination.recordings:
        yield from all_ranges(examined, known)
        yield from movement_ranges(examined, known)


def _found(fact: Fact) -> str:
    return say("{value} (doubtful, see behind)", value=fact.said) if fact.doubts else fact.said


def _published(one: RangeBeside) -> tuple[str, str]:
    where = shortened(clean(one.place), _NAME_LETTERS)
    told = {"figures": one.figures, "people": one.who, "caveat": one.published.caveat}
    return (
        say("Published, {quantity} ({place}):", quantity=one.quantity, place=where),
        say("{figures} ({people}). {caveat}", **told),
    )


def _causes(story: Story) -> Iterator[Block]:
    yield heading(HEADINGS.causes)
    rows = [
        *((cause.label, _chance(cause), _main_reason(cause)) for cause in story.causes[:_CAUSES]),
        (HEADINGS.not_covered, story.not_covered_chance, say("This program knows only some causes.")),
    ]
    heads = (say("Cause"), say("Chance"), say("Strongest reasons (+ for, - against)"))
    yield table("", heads, rows, (4, 3, 6))
    yield paragraph(together([story.causes_lead, story.separation]), is_small=True)


def _chance(cause: CauseStory) -> str:
    return say("{chance} ({range})", chance=cause.chance, range=cause.range)


def _main_reason(cause: CauseStory) -> str:
    """Return the strongest reasons by name; each sentence begins with what was answered."""
    told = [f"{reason.mark} {tell(reason.sentence).partition('. ')[0]}" for reason in cause.main_reasons[:_REASONS]]
    return shortened("; ".join(told)) if told else say("How common it is; no answer weighs on it.")


def _changes(story: Story) -> Iterator[Block]:
    if story.would_change:
        yield heading(HEADINGS.would_change)
        yield paragraph(_in_a_line(story.would_change))
