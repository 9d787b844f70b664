"""What the result page shows beyond the report: a careful card while questions are open, and the main measurements."""

from dataclasses import dataclass, replace

from twitchwise.assess import Question
from twitchwise.examine import Examination
from twitchwise.report.measured import Fact
from twitchwise.report.story import Story, in_plain_words, story_of
from twitchwise.report.wording import CareCard
from twitchwise.vocabulary import Urgency
from twitchwise.vocabulary.text import say
from twitchwise.web.reasons import Reason, is_disputed, reasons_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """The report's story with what the page adds.

    ``reasons`` are the rules that apply; they are disputed where two of them disagree. ``next_page`` is the page of
    questions that is still worth answering; while there is one, nobody is told that all is well, and the result is
    unfinished. ``main_facts`` are those that a finding is about. ``warnings`` are about the answers, ``notes`` about
    the recordings.
    """

    story: Story
    card: CareCard
    reasons: tuple[Reason, ...]
    is_disputed: bool
    next_page: Question | None
    is_unfinished: bool
    main_facts: tuple[Fact, ...]
    more_facts: tuple[Fact, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    is_draft: bool

    @property
    def is_emergency(self) -> bool:
        """Whether nothing could call for help sooner."""
        return self.story.level is Urgency.EMERGENCY


def result_of(examination: Examination, next_page: Question | None) -> Result:
    """Return what the result page of a visit shows.

    Parameters
    ----------
    examination
        The examination of the visit.
    next_page
        What is still worth asking.
    """
    story, applied = story_of(examination), examination.assessment.urgency.reasons
    is_unfinished = next_page is not None and story.level is Urgency.SELF_CARE
    main = tuple(fact for fact in story.facts if fact.measurement.id in examination.library.findings)
    warnings = tuple(in_plain_words(text, examination.library) for text in examination.assessment.warnings)
    return Result(
        story=story,
        card=unfinished(story.card) if is_unfinished else story.card,
        reasons=reasons_of(applied, examination.library),
        is_disputed=is_disputed(applied),
        next_page=next_page,
        is_unfinished=is_unfinished,
        main_facts=main,
        more_facts=tuple(fact for fact in story.facts if fact not in main),
        notes=tuple(doubt for doubt in story.doubts if doubt not in warnings),
        warnings=warnings,
        is_draft=story.is_draft,
    )


def unfinished(card: CareCard) -> CareCard:
    """Return the card for self-care while questions are open: what is not known is not said to be well."""
    return replace(
        card,
        label=say("Not finished"),
        heading=say("No sign of an emergency so far"),
        lead=say(
            "Some questions are still open. Only with your answers can we say whether a doctor should look at this."
        ),
        steps=(say("Go on with the questions if you can."), *card.steps[1:]),
    )
