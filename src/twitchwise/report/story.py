"""One examination as a story for a reader: every sentence ready, in order, the same for terminal and page."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from twitchwise.assess import (
    Assessment,
    Cause,
    Observation,
    Probability,
    RuleReason,
    UrgencyResult,
    Weight,
    open_red_flags,
)
from twitchwise.examine import Examination, ExaminedRecording
from twitchwise.knowledge import Library
from twitchwise.knowledge.schema import Answer, Finding
from twitchwise.report.citations import Citation, cite_all
from twitchwise.report.display import chance, chance_range, clean, quantity
from twitchwise.report.measured import Fact, facts_of
from twitchwise.report.places import left_out
from twitchwise.report.review import review_of
from twitchwise.report.wording import (
    CARE_CARDS,
    CAUSES_LEAD,
    COMPARED,
    HELP_FIRST,
    LEVEL_WORDS,
    MOSTLY_UNKNOWN,
    TELL_ALWAYS,
    WHY_HARMLESS,
    WHY_HARMLESS_SOURCES,
    CareCard,
    care_card,
    likely_word,
)
from twitchwise.vocabulary import FindingState, Urgency
from twitchwise.vocabulary.text import capital, filled_anew, say, together
from twitchwise.vocabulary.words import SEX_WORDS

CAUSES_SHOWN = 5
CHANGES_SHOWN = 8
MAIN_REASONS = 3
LEADING = 0.1  # a cause at least this probable lends its advice and pages; the first one always does


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleStory:
    """A rule that applies, with the level it asks for and where it comes from."""

    label: str
    level: str
    because: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReasonStory:
    """What one finding does to one cause; one that is not counted stands behind a stronger one of its group.

    ``mark`` is ``+`` where it speaks for the cause, ``-`` against it and ``=`` neither.
    """

    mark: str
    sentence: str
    counted: bool
    citations: tuple[Citation, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CauseStory:
    """A possible cause: how likely in a word and in figures, what it is, and why it is thought of."""

    id: str
    label: str
    word: str
    chance: str
    range: str
    summary: str
    probability: Probability
    reasons: tuple[ReasonStory, ...]

    @property
    def main_reasons(self) -> tuple[ReasonStory, ...]:
        """The strongest reasons that count, for where there is little room."""
        return tuple(reason for reason in self.reasons if reason.counted)[:MAIN_REASONS]


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """A report from top to bottom; an empty tuple means that the part is left out.

    ``enough`` tells whether enough was answered to stand behind ``level``. ``rules`` apply undisputed; each of
    ``differences`` holds rules that apply and disagree, most urgent first.
    """

    level: Urgency
    card: CareCard
    enough: bool
    rules: tuple[RuleStory, ...]
    differences: tuple[tuple[RuleStory, ...], ...]
    harmless: tuple[str, ...]
    harmless_sources: tuple[Citation, ...]
    signs_not_asked: tuple[str, ...]
    summaries: tuple[str, ...]
    facts: tuple[Fact, ...]
    causes_lead: str
    causes: tuple[CauseStory, ...]
    more_causes: int
    separation: str
    together: tuple[str, ...]
    contributors: tuple[CauseStory, ...]
    would_change: tuple[str, ...]
    not_covered: str
    not_covered_chance: str
    not_covered_probability: Probability
    not_asked: tuple[str, ...]
    said_yes: tuple[str, ...]
    said_no: tuple[str, ...]
    who: str
    tell: tuple[str, ...]
    advice: tuple[str, ...]
    read_more: tuple[Citation, ...]
    doubts: tuple[str, ...]
    knowledge_digest: str
    is_draft: bool

    @property
    def methods(self) -> tuple[tuple[str, str], ...]:
        """How each quantity was measured, each way once, behind the name of the quantity."""
        return tuple(dict.fromkeys((fact.label, fact.method) for fact in self.facts))

    @property
    def cited(self) -> tuple[Citation, ...]:
        """Every source that the rules and the causes shown rest on, each once."""
        return self._cited([reason for cause in (*self.causes, *self.contributors) for reason in cause.reasons])

    @property
    def cited_in_short(self) -> tuple[Citation, ...]:
        """The sources of the rules and of the main reasons alone, each once."""
        return self._cited([reason for cause in (*self.causes, *self.contributors) for reason in cause.main_reasons])

    def _cited(self, reasons: Sequence[ReasonStory]) -> tuple[Citation, ...]:
        rules = (*self.rules, *(rule for group in self.differences for rule in group))
        of_rules = [citation for rule in rules for citation in rule.citations]
        return tuple(
            dict.fromkeys(
                [*of_rules, *self.harmless_sources, *(citation for reason in reasons for citation in reason.citations)]
            )
        )


def story_of(examination: Examination) -> Story:
    """Return the story of an examination.

    Parameters
    ----------
    examination
        The visit as a whole.
    """
    assessment, library = examination.assessment, examination.library
    level = assessment.urgency.level
    # in an emergency nobody should read a list of signs before calling, so they stand among what was not asked
    signs = () if level is Urgency.EMERGENCY else assessment.emergency_signs_not_asked
    reasons = assessment.urgency.reasons
    groups = _differing(reasons)
    enough = _enough_answered(examination)
    calm = enough and _is_calm(assessment.urgency)
    leading = _leading(assessment.causes)
    rest = assessment.not_covered.probability
    return Story(
        level=level,
        card=care_card(level, enough=enough, signs_to_check=bool(signs)),
        enough=enough or level is not Urgency.SELF_CARE,
        rules=tuple(_rule_story(one, library) for one in reasons if not any(one.rule in group for group in groups)),
        differences=tuple(tuple(_rule_story(one, library) for one in reasons if one.rule in group) for group in groups),
        harmless=WHY_HARMLESS if calm else (),
        harmless_sources=_harmless_sources(library) if calm else (),
        signs_not_asked=_plain_names(signs, library),
        summaries=tuple(map(_summary, examination.recordings)),
        facts=facts_of(examination),
        causes_lead=_causes_lead(assessment),
        causes=tuple(_cause_story(cause, library) for cause in assessment.causes[:CAUSES_SHOWN]),
        more_causes=len(assessment.causes[CAUSES_SHOWN:]),
        separation=assessment.separation.because,
        together=tuple(condition_label(name, library) for name in assessment.separation.together),
        contributors=tuple(_cause_story(cause, library) for cause in _contributing(assessment)),
        would_change=tuple(_would_change(assessment, library)),
        not_covered=say(
            "This program knows only some causes. The chance that it is something else is {chance} ({range}).",
            chance=chance(rest.value),
            range=_range(rest),
        ),
        not_covered_chance=chance(rest.value),
        not_covered_probability=rest,
        not_asked=_plain_names(
            [one.finding for one in open_red_flags(examination.case, library) if one.finding not in signs], library
        ),
        said_yes=tuple(_said(examination, FindingState.PRESENT)),
        said_no=tuple(_said(examination, FindingState.ABSENT)),
        who=_who(examination),
        tell=TELL_ALWAYS,
        advice=_advice([*leading, *_contributing(assessment)], library) if enough and level < Urgency.SAME_DAY else (),
        read_more=_read_more(leading, library),
        doubts=tuple(_doubts(examination)),
        knowledge_digest=library.digest,
        is_draft=review_of(examination) == "draft",
    )


def condition_label(name: str, library: Library) -> str:
    """Return the name of a condition for a reader; one that is not described, such as ``healthy``, keeps its id."""
    condition = library.conditions.get(name)
    return say(name.replace("_", " ")) if condition is None else condition.label


def in_plain_words(text: str, library: Library) -> str:
    """Return text with the ids of findings replaced by their plain words, and made safe to show."""
    return filled_anew(text, lambda plain: _with_names(clean(plain), library))


def _with_names(text: str, library: Library) -> str:
    """Return a plain string with ids of findings replaced; one that is an id alone becomes a text."""
    if text in library.findings:
        return library.findings[text].plain
    return re.sub(r"\b[a-z]+(?:_[a-z0-9]+)+\b", lambda found: _plain_name(found[0], library), text)


def _plain_name(name: str, library: Library) -> str:
    finding = library.findings.get(name)
    return name if finding is None else finding.plain


def _plain_names(names: Iterable[str], library: Library) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_plain_name(name, library) for name in names))


def _range(probability: Probability) -> str:
    return chance_range(probability.value, probability.low, probability.high)


def _rule_story(rule: RuleReason, library: Library) -> RuleStory:
    return RuleStory(
        label=rule.label,
        level=CARE_CARDS[rule.level].label,
        because=rule.because,
        citations=cite_all(rule.sources, library),
    )


def _harmless_sources(library: Library) -> tuple[Citation, ...]:
    return cite_all((source for source in WHY_HARMLESS_SOURCES if source in library.sources), library)


def _enough_answered(examination: Examination) -> bool:
    """Tell whether the lowest level may be stood behind: a rule for it applies, or every emergency sign was asked."""
    assessment = examination.assessment
    answered = any(not seen.measured for seen in examination.case.observations.values())
    return answered and (bool(assessment.urgency.reasons) or not assessment.emergency_signs_not_asked)


def _is_calm(urgency: UrgencyResult) -> bool:
    """Tell whether to say that most twitches are harmless: at self-care, or where a rule says so at a routine visit."""
    reassured = any(reason.level is Urgency.SELF_CARE for reason in urgency.reasons)
    return urgency.level is Urgency.SELF_CARE or (urgency.level is Urgency.ROUTINE and reassured)


def _differing(reasons: Sequence[RuleReason]) -> list[set[str]]:
    """Return groups of the rules that apply and disagree, each group all that are linked by disagreement."""
    applying = {reason.rule for reason in reasons}
    groups: list[set[str]] = []
    for reason in reasons:
        linked = {reason.rule, *(other for other in reason.differs_from if other in applying)}
        if len(linked) > 1:
            touching = [group for group in groups if group & linked]
            groups = [group for group in groups if group not in touching] + [linked.union(*touching)]
    return groups


def _cause_story(cause: Cause, library: Library) -> CauseStory:
    return CauseStory(
        id=cause.id,
        label=cause.label,
        word=likely_word(cause.probability.value),
        chance=chance(cause.probability.value),
        range=_range(cause.probability),
        summary=library.conditions[cause.id].summary,
        probability=cause.probability,
        reasons=tuple(_reason_story(weight, library) for weight in cause.reasons),
    )


def _reason_story(weight: Weight, library: Library) -> ReasonStory:
    return ReasonStory(
        mark="+" if weight.ratio > 1 else "-" if weight.ratio < 1 else "=",
        sentence=weight.sentence,
        counted=weight.counted,
        citations=cite_all(weight.sources, library),
    )


def _causes_lead(assessment: Assessment) -> str:
    first = HELP_FIRST if assessment.urgency.level >= Urgency.SAME_DAY else ""
    known = max((cause.probability.value for cause in assessment.causes), default=0)
    last = MOSTLY_UNKNOWN if assessment.not_covered.probability.value > known else ""
    return together(part for part in (first, CAUSES_LEAD, last) if part)


def _contributing(assessment: Assessment) -> list[Cause]:
    """Return the triggers that something was said for, most probable first."""
    return [
        cause
        for cause in assessment.contributors
        if any(weight.counted and weight.ratio > 1 for weight in cause.reasons)
    ][:CAUSES_SHOWN]


def _would_change(assessment: Assessment, library: Library) -> Iterator[str]:
    """Give what would call for help sooner, the most urgent first, as far as a person can tell it."""
    for one in assessment.would_change[:CHANGES_SHOWN]:
        yield say("{sign} ({level})", sign=library.findings[one.finding].plain, level=LEVEL_WORDS[one.level])


def _leading(causes: Sequence[Cause]) -> list[Cause]:
    return [cause for place, cause in enumerate(causes) if place == 0 or cause.probability.value >= LEADING]


def _advice(causes: Iterable[Cause], library: Library) -> tuple[str, ...]:
    pieces = (piece for cause in causes for piece in library.conditions[cause.id].advice)
    return tuple(dict.fromkeys(library.advice[piece].text for piece in pieces))


def _read_more(causes: Iterable[Cause], library: Library) -> tuple[Citation, ...]:
    return cite_all((page for cause in causes for page in library.conditions[cause.id].read_more), library)


def _said(examination: Examination, state: FindingState) -> Iterator[str]:
    findings = examination.library.findings
    for name, seen in examination.case.observations.items():
        if seen.state is state and not seen.measured:
            yield _observation(findings[name], seen)


def _observation(finding: Finding, seen: Observation) -> str:
    if finding.answer is Answer.NUMBER and seen.value is not None:
        return say("{finding}: {value}", finding=finding.plain, value=quantity(seen.value, finding.unit))
    return finding.plain


def _who(examination: Examination) -> str:
    case = examination.case
    age = [] if case.age_years is None else [say("age {years:g}", years=case.age_years)]
    sex = [] if case.sex is None else [SEX_WORDS[case.sex]]
    compared = COMPARED[case.setting]
    if not age and not sex:
        return compared
    return say("{person}. {compared}", person=capital(together([*age, *sex], ", ")), compared=compared)


def _summary(examined: ExaminedRecording) -> str:
    said = together(part for part in (examined.result.summary, left_out(examined)) if part)
    return say("{recording}: {summary}", recording=clean(examined.recording.name), summary=filled_anew(said, clean))


def _doubts(examination: Examination) -> Iterator[str]:
    signs = examination.assessment.emergency_signs_not_asked
    for warning in examination.warnings:
        # the report gives the emergency signs that were not asked a place of their own
        if not signs or not all(sign in warning for sign in signs):
            yield in_plain_words(warning, examination.library)
