"""Of which findings it is asked where they are."""

from collections.abc import Iterator, Mapping

from twitchwise.knowledge.schema import Finding
from twitchwise.vocabulary import Detail, FindingState
from twitchwise.web.order import checklist_of, is_question
from twitchwise.web.visit import Visit


def has_place(finding: Finding) -> bool:
    """Tell whether it is asked where a finding is: one with a page of its own and a site that is worth knowing."""
    return Detail.SITE in finding.details and is_question(finding) and checklist_of(finding) is None


def open_places(visit: Visit, findings: Mapping[str, Finding]) -> Iterator[str]:
    """Give the ids of the findings that are there, and whose place was neither asked nor told in own words."""
    case = visit.case(findings)
    for name in visit.pages:
        finding = findings.get(name)
        if finding is None or not has_place(finding) or name in visit.places:
            continue
        if case.state(name) is FindingState.PRESENT and not case.observations[name].sites:
            yield name
