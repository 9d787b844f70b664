"""Which page comes next: the question that is worth most, on a page of its own or on a checklist with others."""

from twitchwise.assess import Question, next_question
from twitchwise.assess.implied import completed
from twitchwise.assess.questions import in_order
from twitchwise.knowledge import Library
from twitchwise.knowledge.schema import Finding
from twitchwise.web.order import checklist_of, fits, is_question, is_ticked
from twitchwise.web.visit import Visit

RARELY_MORE = 25
"""How many pages of questions are rarely exceeded: so the pages say, and a test holds the vignettes against it."""


def next_page(visit: Visit, library: Library) -> Question | None:
    """Return the page that is worth most now, or ``None`` when none is worth asking."""
    case = completed(visit.case(library.findings), library.findings)
    open_here = {
        finding.id
        for finding in library.findings.values()
        if finding.id not in visit.answers
        and (is_question(finding) if checklist_of(finding) is None else is_ticked(finding))
        and fits(finding, case, library.findings)
    }
    return next_question(case, library, asked=frozenset(library.findings) - open_here)


def is_page(name: str, library: Library) -> bool:
    """Tell whether there is a page of questions of that name."""
    return name in library.checklists or (name in library.findings and is_question(library.findings[name]))


def page_named(name: str, visit: Visit, library: Library) -> Question | None:
    """Return a page of questions as it now is for a visit, or ``None`` for a checklist with nothing left to ask."""
    if name in library.checklists:
        return _checklist(name, visit, library)
    finding = library.findings[name]
    text, helping = (finding.plain, None) if finding.asked is None else (finding.asked.question, finding.asked.help)
    return Question(id=name, text=text, help=helping, findings=(finding,), worth=0)


def number_of(page: str, visit: Visit) -> int:
    """Return the number of a page of questions, counted from 1 in the order of answering."""
    return [*visit.pages, page].index(page) + 1


def page_before(page: str, visit: Visit) -> str | None:
    """Return the id of the page of questions that was answered before this one, if any."""
    place = number_of(page, visit) - 1
    return [*visit.pages][place - 1] if place else None


def _checklist(name: str, visit: Visit, library: Library) -> Question | None:
    checklist = library.checklists[name]
    members = tuple(_members(name, visit, library))
    if not members:
        return None
    return Question(id=name, text=checklist.question, help=checklist.help, findings=members, worth=0)


def _members(name: str, visit: Visit, library: Library) -> list[Finding]:
    """Return the findings of a checklist that fit: those that it asked already, and those that are still open."""
    stated = visit.case(library.findings)
    known = {*completed(stated, library.findings).observations, *visit.answers} - {*visit.pages.get(name, ())}
    return [
        finding
        for finding in in_order(library.findings)
        if checklist_of(finding) == name
        and is_ticked(finding)
        and finding.id not in known
        and fits(finding, stated, library.findings)
    ]
