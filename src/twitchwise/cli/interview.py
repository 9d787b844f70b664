"""Asks a person in the terminal: emergency signs first, one question at a time, any of them may be left open."""

from collections.abc import Mapping

import typer

from twitchwise.assess import Case, next_question
from twitchwise.assess.case import observe
from twitchwise.assess.urgency import urgency_of
from twitchwise.knowledge.schema import Answer, Finding, Rule
from twitchwise.vocabulary import UnreadableCaseError, Urgency

INTRODUCTION = (
    "A few questions about what you noticed. Answer y (yes), n (no) or ? (I don't know); q shows the result so far.\n"
    "Nothing is stored. This is research and education software, not a medical device; it cannot examine you.\n"
)
SHORT = {"y": "yes", "n": "no", "?": "unknown", "": "unknown"}


def interview(findings: Mapping[str, Finding], rules: Mapping[str, Rule]) -> Case:
    """Ask until everything was asked, the person has enough, or an emergency sign is there.

    Parameters
    ----------
    findings
        What can be asked.
    rules
        Tell when an answer calls for help at once; then asking stops.

    Returns
    -------
    Case
        What was answered.
    """
    typer.echo(INTRODUCTION)
    case, skipped = Case(), set[str]()
    while (finding := _next(case, findings, skipped)) is not None:
        answer = _ask(finding)
        if answer == "q":
            break
        case = _with_answer(case, finding, answer, skipped)
        if urgency_of(case, rules).level is Urgency.EMERGENCY:
            break
    return case


def _next(case: Case, findings: Mapping[str, Finding], skipped: set[str]) -> Finding | None:
    return next_question(case, {name: finding for name, finding in findings.items() if name not in skipped})


def _with_answer(case: Case, finding: Finding, answer: str, skipped: set[str]) -> Case:
    try:
        seen = observe(finding, SHORT.get(answer, answer))
    except UnreadableCaseError as error:
        typer.echo(f"  {error}")
        return case
    skipped.add(finding.id)
    return case.with_observations({finding.id: seen})


def _ask(finding: Finding) -> str:
    asked = finding.asked
    text = asked.question if asked is not None else finding.plain
    choices = f"number ({finding.unit}) / ?" if finding.answer is Answer.NUMBER else "y / n / ?"
    if asked is not None and asked.help:
        typer.echo(f"  {asked.help}")
    try:
        return input(f"{text} [{choices}] ").strip().lower()
    except EOFError:
        return "q"
