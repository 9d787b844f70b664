"""What is known, to read: a page for each condition, finding and popular claim, made from the knowledge files."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse

from twitchwise.knowledge import Library
from twitchwise.knowledge.schema import Condition, ConditionKind, Finding, FindingKind
from twitchwise.report import about_condition, about_finding
from twitchwise.report.citations import cite_all
from twitchwise.report.languages import tell
from twitchwise.report.text_of_claim import VERDICTS
from twitchwise.simulate.condition import known_conditions
from twitchwise.vocabulary.text import capital, say
from twitchwise.web.rendering import page
from twitchwise.web.visiting import Known

router = APIRouter(prefix="/learn")

Kept = TypeVar("Kept")
LONGEST_SEARCH = 100
SHELVES = (
    (ConditionKind.TRIGGER, say("What can set off a twitch")),
    (ConditionKind.NORMAL_PHENOMENON, say("What healthy people have")),
    (ConditionKind.BENIGN_SYNDROME, say("Harmless conditions")),
    (ConditionKind.MODULATOR, say("What makes twitches more or less likely")),
    (ConditionKind.DISEASE, say("Diseases")),
)
"""The shelves of conditions in the order in which they are shown, and what each is called."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A line of the index: where it leads, what it is called, and what it is in a sentence."""

    path: str
    label: str
    summary: str


@router.get("")
def index(library: Known, q: Annotated[str, Query(max_length=LONGEST_SEARCH)] = "") -> HTMLResponse:
    """Show all that there is to read, or what fits some words."""
    words = q.lower().split()
    shelves = [(label, _fitting(_conditions(library, kind), words)) for kind, label in SHELVES]
    shelves.append((say("What people say"), _fitting(_claims(library), words)))
    shelves.append((say("What you may feel or see"), _fitting(_findings(library), words)))
    return page("learn", q=q, shelves=[one for one in shelves if one[1]])


@router.get("/condition/{name}")
def condition(name: str, library: Known) -> HTMLResponse:
    """Show what is known of a condition."""
    found = _known(library.conditions, name)
    return page(
        "learn_condition",
        condition=found,
        kind=about_condition.KINDS[found.kind],
        about=about_condition,
        library=library,
        has_model=found.id in known_conditions(library),
        cited=cite_all((one.source for one in about_condition.evidence_of(found)), library),
        read_more=cite_all(found.read_more, library),
    )


@router.get("/finding/{name}")
def finding(name: str, library: Known) -> HTMLResponse:
    """Show what is known of a finding."""
    found = _known(library.findings, name)
    return page(
        "learn_finding",
        finding=found,
        alarms=about_finding.alarms_of(found, library),
        causes=about_finding.causes_with(found, library),
        claims=[claim for claim, _ in about_condition.claims_about(found.id, library)],
    )


@router.get("/claim/{name}")
def claim(name: str, library: Known) -> HTMLResponse:
    """Show what the evidence says of a popular claim."""
    found = _known(library.claims, name)
    about = [*_pages(found.about, library)]
    cited = cite_all((one.source for one in found.evidence), library)
    review = about_condition.state_of_review(found)
    return page("learn_claim", claim=found, verdict=VERDICTS[found.verdict], cited=cited, about=about, review=review)


def _known(shelf: Mapping[str, Kept], name: str) -> Kept:
    if name not in shelf:
        raise HTTPException(404)
    return shelf[name]


def _conditions(library: Library, kind: ConditionKind) -> Iterator[Entry]:
    for one in library.conditions.values():
        if one.kind is kind:
            yield _of_condition(one)


def _of_condition(one: Condition) -> Entry:
    return Entry(path=f"/learn/condition/{one.id}", label=one.label, summary=one.summary)


def _of_finding(one: Finding) -> Entry:
    return Entry(path=f"/learn/finding/{one.id}", label=capital(one.plain), summary=one.label)


def _findings(library: Library) -> Iterator[Entry]:
    for one in library.findings.values():
        if one.kind is FindingKind.SYMPTOM:
            yield _of_finding(one)


def _claims(library: Library) -> Iterator[Entry]:
    for one in library.claims.values():
        yield Entry(
            path=f"/learn/claim/{one.id}", label=say("“{claim}”", claim=one.claim), summary=VERDICTS[one.verdict]
        )


def _pages(names: Iterable[str], library: Library) -> Iterator[Entry]:
    for name in names:
        if name in library.conditions:
            yield _of_condition(library.conditions[name])
        elif name in library.findings:
            yield _of_finding(library.findings[name])


def _fitting(entries: Iterable[Entry], words: list[str]) -> list[Entry]:
    """Return those in which every word is found, by name."""
    found = [one for one in entries if all(word in _searched(one) for word in words)]
    return sorted(found, key=lambda one: tell(one.label).lower())


def _searched(entry: Entry) -> str:
    """Return the words of an entry, in the language of the reader and in English."""
    return f"{tell(entry.label)} {tell(entry.summary)} {entry.label} {entry.summary}".lower()
