"""The whole answer to a case: how soon to seek help, what may cause it, and what was not asked."""

from collections.abc import Iterator
from dataclasses import dataclass

from twitchwise.assess.case import Case, refuse_contradictions
from twitchwise.assess.causes import Cause, NotCovered, rank_causes
from twitchwise.assess.for_the_doctor import ForTheDoctor, for_the_doctor
from twitchwise.assess.implied import completed
from twitchwise.assess.questions import open_questions
from twitchwise.assess.separation import Separation, separation_of
from twitchwise.assess.urgency import UrgencyResult, urgency_of
from twitchwise.assess.what_if import WhatIf, what_would_change
from twitchwise.knowledge import Library
from twitchwise.vocabulary.text import say, together


@dataclass(frozen=True, kw_only=True, slots=True)
class Assessment:
    """What is made of a case.

    Parameters
    ----------
    urgency
        How soon to seek help, by rules alone.
    causes
        Every described main cause, most probable first.
    not_covered
        What is left for causes that are not described.
    contributors
        Triggers that may add to any cause, each with the probability that it plays a part; a trigger never excuses a
        disease.
    separation
        Whether the evidence separates the causes, and which may be there together.
    would_change
        The findings that would call for help sooner.
    for_the_doctor
        What to tell.
    not_assessed
        Ids of findings that could be asked of anyone and were not, emergency signs first.
    emergency_signs_not_asked
        Those of them that are emergency signs.
    warnings
        What a reader must know before leaning on this.
    """

    urgency: UrgencyResult
    causes: tuple[Cause, ...]
    not_covered: NotCovered
    contributors: tuple[Cause, ...]
    separation: Separation
    would_change: tuple[WhatIf, ...]
    for_the_doctor: ForTheDoctor
    not_assessed: tuple[str, ...]
    emergency_signs_not_asked: tuple[str, ...]
    warnings: tuple[str, ...]


def assess_case(case: Case, library: Library) -> Assessment:
    """Return the assessment of a case.

    Parameters
    ----------
    case
        What is known.
    library
        The knowledge to judge by.

    Raises
    ------
    UnreadableCaseError
        If answers contradict each other.
    """
    refuse_contradictions(case, library.findings)
    full = completed(case, library.findings)
    ranking = rank_causes(full, library)
    unasked = [finding for finding in open_questions(full, library.findings) if finding.asked_of_anyone]
    signs = tuple(finding.id for finding in unasked if finding.emergency_sign)
    return Assessment(
        urgency=urgency_of(full, library.rules),
        causes=ranking.causes,
        not_covered=ranking.not_covered,
        contributors=ranking.contributors,
        separation=separation_of(ranking, library),
        would_change=what_would_change(full, library),
        for_the_doctor=for_the_doctor(full, library),
        not_assessed=tuple(finding.id for finding in unasked),
        emergency_signs_not_asked=signs,
        warnings=tuple(_warnings(case, signs)),
    )


def _warnings(case: Case, signs: tuple[str, ...]) -> Iterator[str]:
    if signs:
        yield say(
            "{count} emergency signs were not asked about, so the urgency rests on the other answers alone: {signs}.",
            count=len(signs),
            signs=together(signs, ", "),
        )
    if not case.observations:
        yield say("Nothing was answered, so the causes are only how common each is in this setting.")
