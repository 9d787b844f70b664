"""What to ask next: emergency signs first, then what is expected to change the advice or the leading causes most.

The worth of a question is the expected gain of information about the causes (the mutual information of answer and main
cause, in nats) plus the expected rise of urgency in levels. Asking stops when no question is worth its while.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from twitchwise.assess.case import Case, Observation
from twitchwise.assess.causes import Ranking, rank_causes
from twitchwise.assess.implied import completed
from twitchwise.assess.urgency import applies, urgency_of
from twitchwise.assess.weights import Statement, table_of
from twitchwise.knowledge import Library
from twitchwise.knowledge.likelihood import central_value
from twitchwise.knowledge.schema import Answer, Checklist, Finding, Rule
from twitchwise.knowledge.schema.rule import When
from twitchwise.vocabulary import FindingState

STOP_SENTENCE = (
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


class _Worth:
    """What each question is worth for a case."""

    def __init__(self, case: Case, library: Library) -> None:
        self.case = case
        self.library = library
        self.level = urgency_of(case, library.rules).level
        self.weight_of_urgency = library.value("question_urgency_weight")

    @cached_property
    def ranking(self) -> Ranking:
        return rank_causes(self.case, self.library)

    @cached_property
    def shares(self) -> dict[str, float]:
        return {cause.id: cause.probability.value for cause in self.ranking.causes}

    @cached_property
    def rules_of(self) -> dict[str, list[Rule]]:
        table: dict[str, list[Rule]] = {}
        for rule in self.library.rules.values():
            for when in _parts(rule):
                table.setdefault(when.finding, []).append(rule)
        return table

    def of(self, finding: Finding) -> float:
        """Return the information about causes plus the expected rise of urgency."""
        information, likely = self._information(finding)
        return information + self.weight_of_urgency * likely * self._rise(finding)

    def _rise(self, finding: Finding) -> int:
        seen = Observation(finding=finding.id, state=FindingState.PRESENT)
        more = self.case.with_observations({finding.id: seen})
        raised = [
            rule.urgency
            for rule in self.rules_of.get(finding.id, ())
            if rule.urgency > self.level and _would_apply(rule, more, finding)
        ]
        return max(raised, default=self.level) - self.level

    def _information(self, finding: Finding) -> tuple[float, float]:
        """Return the mutual information of answer and main cause, and the chance that the answer is yes."""
        statements = table_of(self.library, self.case.setting).statements.get(finding.id, ())
        likely = {
            one.condition: yes_share(one) for one in statements if one.condition in self.shares and _is_first(one)
        }
        background = background_of(finding, statements)
        rest = 1 - math.fsum(self.shares[name] for name in likely)
        yes = math.fsum(self.shares[name] * share for name, share in likely.items()) + rest * background
        own = math.fsum(self.shares[name] * _entropy(share) for name, share in likely.items())
        return max(_entropy(yes) - own - rest * _entropy(background), 0.0), yes


def _parts(rule: Rule) -> Iterator[When]:
    yield from rule.all_of
    yield from rule.any_of


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
