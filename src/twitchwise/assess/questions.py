"""What to ask next: emergency signs first, then what is expected to change the advice or the leading causes most.

The worth of a question is the expected gain of information about the causes (the mutual information of answer and main
cause, in nats) plus the expected rise of urgency in levels. Asking stops when no question is worth its while.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from twitchwise.assess.case import Case, Observation
from twitchwise.assess.causes import main_shares
from twitchwise.assess.implied import completed
from twitchwise.assess.urgency import applies, urgency_of
from twitchwise.assess.weights import Statement, table_of
from twitchwise.knowledge import Library
from twitchwise.knowledge.likelihood import central_value
from twitchwise.knowledge.schema import Answer, Checklist, Finding, Rule
from twitchwise.knowledge.schema.rule import When
from twitchwise.vocabulary import FindingState, Setting
from twitchwise.vocabulary.text import say

STOP_SENTENCE = say(
    "That is enough: no further question is expected to change how soon to seek help, or the leading causes, by much."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One page to answer: a single finding, or a checklist of several with "none of these".

    Parameters
    ----------
    id
        Of the finding or the checklist.
    text, help
        How it is asked.
    findings
        What is asked for.
    worth
        Expected gain, in nats and levels of urgency; infinite for emergency signs.
    """

    id: str
    text: str
    help: str | None
    findings: tuple[Finding, ...]
    worth: float

    @property
    def is_checklist(self) -> bool:
        """Whether several findings are ticked together."""
        return len(self.findings) > 1 or self.id != self.findings[0].id


def open_questions(case: Case, findings: Mapping[str, Finding]) -> tuple[Finding, ...]:
    """Return the findings that can be asked, make sense for the case and were not assessed, in the order of asking."""
    return tuple(finding for finding in in_order(findings) if _is_open(finding, case))


def in_order(findings: Mapping[str, Finding]) -> tuple[Finding, ...]:
    """Return all findings that can be asked: emergency signs first, then by ``ask_order`` and name."""
    asked = (finding for finding in findings.values() if finding.asked is not None)
    return tuple(sorted(asked, key=lambda finding: (not finding.emergency_sign, finding.ask_order, finding.id)))


def makes_sense(finding: Finding, case: Case) -> bool:
    """Tell whether a question makes sense: not when the finding that it requires is known to be absent."""
    return finding.requires is None or case.state(finding.requires) is not FindingState.ABSENT


def _is_open(finding: Finding, case: Case) -> bool:
    excluded = any(case.state(other) is FindingState.PRESENT for other in finding.excludes)
    return finding.id not in case.observations and makes_sense(finding, case) and not excluded


def next_question(case: Case, library: Library, *, asked: frozenset[str] = frozenset()) -> Question | None:
    """Return the question that is worth most, or ``None`` when none is worth asking.

    Parameters
    ----------
    case
        What is known.
    library
        Findings, checklists, rules and causes.
    asked
        Ids of findings that were asked already, also those that stayed open.
    """
    case = completed(case, library.findings)
    candidates = [
        finding
        for finding in open_questions(case, library.findings)
        if finding.asked_of_anyone and finding.id not in asked
    ]
    signs = [finding for finding in candidates if finding.emergency_sign]
    if signs:
        return _pages(signs, dict.fromkeys((sign.id for sign in signs), math.inf), library)[0]
    worth = _Worth(case, library)
    pages = _pages(candidates, {finding.id: worth.of(finding) for finding in candidates}, library)
    best = max(pages, key=lambda page: page.worth, default=None)
    return best if best is not None and best.worth >= library.value("question_least_worth") else None


def _pages(findings: list[Finding], worth: Mapping[str, float], library: Library) -> list[Question]:
    pages: dict[str, list[Finding]] = {}
    for finding in findings:
        checklist = finding.asked.checklist if finding.asked is not None else None
        pages.setdefault(checklist or finding.id, []).append(finding)
    return [
        _page(name, tuple(members), math.fsum(worth[one.id] for one in members), library)
        for name, members in pages.items()
    ]


def _page(name: str, members: tuple[Finding, ...], worth: float, library: Library) -> Question:
    if name in library.checklists and (len(members) > 1 or name not in library.findings):
        checklist: Checklist = library.checklists[name]
        return Question(id=name, text=checklist.question, help=checklist.help, findings=members, worth=worth)
    (finding,) = members
    asked = finding.asked
    text, helping = (asked.question, asked.help) if asked is not None else (finding.plain, None)
    return Question(id=finding.id, text=text, help=helping, findings=members, worth=worth)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Answers:
    """How probable a yes is: in each main cause that says so, with the entropy of the answer there, and in others."""

    likely: tuple[tuple[str, float, float], ...]
    background: float


class _Fixed:
    """What all cases in a setting share, worked out when a question first needs it."""

    def __init__(self, library: Library, setting: Setting) -> None:
        self._library = library
        self._table = table_of(library, setting)
        self._main = {condition.id for condition in self._table.main}
        self._answers: dict[str, _Answers] = {}

    def answers_to(self, finding: Finding) -> _Answers:
        if finding.id not in self._answers:
            statements = self._table.statements.get(finding.id, ())
            shares = {
                one.condition: yes_share(one) for one in statements if one.condition in self._main and _is_first(one)
            }
            self._answers[finding.id] = _Answers(
                likely=tuple((name, share, _entropy(share)) for name, share in shares.items()),
                background=background_of(finding, statements),
            )
        return self._answers[finding.id]

    @cached_property
    def rules_of(self) -> dict[str, list[Rule]]:
        table: dict[str, list[Rule]] = {}
        for rule in self._library.rules.values():
            for when in _parts(rule):
                table.setdefault(when.finding, []).append(rule)
        return table


def _fixed_of(library: Library, setting: Setting) -> _Fixed:
    known: dict[Setting, _Fixed] = library.__dict__.setdefault("fixed_of_questions", {})
    if setting not in known:
        known[setting] = _Fixed(library, setting)
    return known[setting]


class _Worth:
    """What each question is worth for a case."""

    def __init__(self, case: Case, library: Library) -> None:
        self.case = case
        self.level = urgency_of(case, library.rules).level
        self.weight_of_urgency = library.value("question_urgency_weight")
        self.shares = main_shares(case, library)
        self.fixed = _fixed_of(library, case.setting)

    def of(self, finding: Finding) -> float:
        """Return the information about causes plus the expected rise of urgency."""
        information, likely = self._information(finding)
        return information + self.weight_of_urgency * likely * self._rise(finding)

    def _rise(self, finding: Finding) -> int:
        higher = [
            rule
            for rule in self.fixed.rules_of.get(finding.id, ())
            if rule.urgency > self.level and _lacks_at_most(finding, rule, self.case)
        ]
        if not higher:
            return 0
        seen = Observation(finding=finding.id, state=FindingState.PRESENT)
        more = self.case.with_observations({finding.id: seen})
        raised = (rule.urgency for rule in higher if _would_apply(rule, more, finding))
        return max(raised, default=self.level) - self.level

    def _information(self, finding: Finding) -> tuple[float, float]:
        """Return the mutual information of answer and main cause, and the chance that the answer is yes."""
        answers = self.fixed.answers_to(finding)
        likely = [(self.shares[name], share, entropy) for name, share, entropy in answers.likely]
        rest = 1 - math.fsum(own for own, _, _ in likely)
        yes = math.fsum(own * share for own, share, _ in likely) + rest * answers.background
        known = math.fsum(own * entropy for own, _, entropy in likely)
        return max(_entropy(yes) - known - rest * _entropy(answers.background), 0.0), yes


def _parts(rule: Rule) -> Iterator[When]:
    yield from rule.all_of
    yield from rule.any_of


def _lacks_at_most(finding: Finding, rule: Rule, case: Case) -> bool:
    """Tell whether everything else that a rule needs is there."""
    others = (when.finding for when in rule.all_of if when.finding != finding.id)
    return all(case.state(name) is FindingState.PRESENT for name in others)


def _would_apply(rule: Rule, case: Case, finding: Finding) -> bool:
    if finding.answer is Answer.YES_NO:
        return applies(rule, case)
    return all(case.state(when.finding) is FindingState.PRESENT for when in rule.all_of)


def _is_first(statement: Statement) -> bool:
    """Tell whether a statement is about presence or about a band, of which the answer yes speaks."""
    return statement.link.state != "absent"


def yes_share(statement: Statement) -> float:
    """Return the chance of a yes in a condition as the engine weighs it: the comparison's share times the ratio."""
    share = central_value(statement.comparison) * math.exp(statement.holds.mean)
    return min(share, central_value(statement.link.in_condition), 1.0) if share > 1 else share


def background_of(finding: Finding, statements: tuple[Statement, ...]) -> float:
    """Return the share that has a finding among people who ask, else among those whom a link compares with."""
    share = finding.background or next((one.comparison for one in statements), None)
    return 0.0 if share is None else central_value(share)


def _entropy(share: float) -> float:
    if not 0 < share < 1:
        return 0.0
    return -share * math.log(share) - (1 - share) * math.log1p(-share)
