"""Asks a person in the terminal: emergency signs first, then what is worth most, and any question may be left open."""

from collections.abc import Mapping

import typer

from twitchwise.assess import Case, Intake, Question, next_question
from twitchwise.assess.case import contradictions, observe
from twitchwise.assess.implied import completed
from twitchwise.assess.intake import read_in_its_language
from twitchwise.assess.questions import STOP_SENTENCE
from twitchwise.assess.urgency import urgency_of
from twitchwise.knowledge import Library
from twitchwise.knowledge.schema import Answer, Finding
from twitchwise.vocabulary import FindingState, UnreadableCaseError, Urgency

INTRODUCTION = (
    "A few questions about what you noticed. Answer y (yes), n (no) or ? (I don't know); q shows the result so far.\n"
    "Nothing is stored. This is research and education software, not a medical device; it cannot examine you.\n"
)
SHORT = {"y": "yes", "n": "no", "?": "unknown", "": "unknown"}
IN_OWN_WORDS = "You may also say it in your own words (or press Enter for questions only):"
END = "q"


def interview(library: Library, case: Case | None = None) -> Case:
    """Ask until no question is worth asking, the person has enough, or an emergency sign is there.

    Parameters
    ----------
    library
        Findings, checklists, rules and causes.
    case
        What is known already.

    Returns
    -------
    Case
        What was answered.
    """
    typer.echo(INTRODUCTION)
    case, asked, told = case or Case(), frozenset[str](), case is not None
    while (question := next_question(case, library, asked=asked)) is not None:
        if _is_emergency(case, library):
            return case
        if not told and not any(finding.emergency_sign for finding in question.findings):
            told, case = True, _told(case, library)
            continue
        answers = _answers(question)
        if answers is None:
            return case
        case, asked = _with(case, question, answers), asked | {finding.id for finding in question.findings}
    typer.echo(STOP_SENTENCE)
    return case


def _is_emergency(case: Case, library: Library) -> bool:
    """Tell whether help must not wait for more questions, by what was answered or told and what follows from it."""
    return urgency_of(completed(case, library.findings), library.rules).level is Urgency.EMERGENCY


def _told(case: Case, library: Library) -> Case:
    """Ask for a description, show what was understood, and take it where the person agrees."""
    text = _input(f"{IN_OWN_WORDS}\n> ")
    if text in {"", END}:
        return case
    intake = read_in_its_language(text, library)
    show_intake(intake, library)
    if not intake.observations or _input("Is that right? [y / n] ").lower() != "y":
        return case
    return with_intake(case, intake, library)


def with_intake(case: Case, intake: Intake, library: Library) -> Case:
    """Return a case with what was understood of a description.

    What was answered before is kept, but for a finding that was denied and is now told to be there: a sign is believed.
    """
    more = {
        name: seen
        for name, seen in intake.observations.items()
        if name not in case.observations
        or (seen.state is FindingState.PRESENT and case.state(name) is FindingState.ABSENT)
    }
    joined = case.with_observations(more)
    for name, _ in contradictions(joined, library.findings):
        more.pop(name, None)
    return case.with_observations(more)


def show_intake(intake: Intake, library: Library) -> None:
    """Print what was understood, so that it can be corrected."""
    if not intake.observations:
        typer.echo("Nothing was recognized in that; the questions follow.")
        return
    typer.echo("Understood:")
    for name, seen in intake.observations.items():
        details = [*seen.sites, *(one.value.replace("_", " ") for one in (seen.side, seen.course) if one is not None)]
        details += [f"{seen.duration_days:g} days"] if seen.duration_days is not None else []
        word = "yes" if seen.state is FindingState.PRESENT else "no"
        more = f" [{', '.join(details)}]" if details else ""
        said = f' ("{seen.said}")' if seen.said else ""
        typer.echo(f"  {word:<3} {library.findings[name].plain}{more}{said}")


def _with(case: Case, question: Question, answers: Mapping[str, str]) -> Case:
    findings = {finding.id: finding for finding in question.findings}
    return case.with_observations({name: observe(findings[name], answer) for name, answer in answers.items()})


def _answers(question: Question) -> dict[str, str] | None:
    """Return an answer for each finding, or ``None`` when the person has enough."""
    if question.help:
        typer.echo(f"  {question.help}")
    return _ticked(question) if question.is_checklist else _single(question)


def _ticked(question: Question) -> dict[str, str] | None:
    typer.echo(question.text)
    for number, finding in enumerate(question.findings, 1):
        typer.echo(f"  {number}. {finding.plain}")
    while True:
        answer = _input("Numbers of those that fit, 0 for none of these, ? if you don't know: ").lower()
        if answer == END:
            return None
        ticked = _numbers(answer, len(question.findings))
        if ticked is not None or answer in {"?", ""}:
            break
        typer.echo(f"  An answer must be numbers from 0 to {len(question.findings)}, got {answer!r}.")
    if ticked is None:
        return {finding.id: "unknown" for finding in question.findings}
    return {finding.id: "yes" if place in ticked else "no" for place, finding in enumerate(question.findings, 1)}


def _numbers(answer: str, most: int) -> set[int] | None:
    parts = answer.replace(",", " ").split()
    if not parts or not all(part.isascii() and part.isdigit() and int(part) <= most for part in parts):
        return None
    return {int(part) for part in parts} - {0}


def _single(question: Question) -> dict[str, str] | None:
    (finding,) = question.findings
    choices = f"number ({finding.unit}) / ?" if finding.answer is Answer.NUMBER else "y / n / ?"
    while True:
        answer = _input(f"{question.text} [{choices}] ").lower()
        if answer == END:
            return None
        said = SHORT.get(answer, answer)
        if _is_answer(finding, said):
            return {finding.id: said}


def _is_answer(finding: Finding, said: str) -> bool:
    try:
        observe(finding, said)
    except UnreadableCaseError as error:
        typer.echo(f"  {error}")
        return False
    return True


def _input(prompt: str) -> str:
    try:
        return input(prompt).strip()
    except EOFError:
        return END
