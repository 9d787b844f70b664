"""What follows from what is known: a finding implies more general ones, and its details settle others."""

from collections.abc import Iterator, Mapping

from twitchwise.assess.case import Case, Observation
from twitchwise.knowledge.schema import Answer, DetailOf, Finding
from twitchwise.knowledge.schema.finding import DetailIs
from twitchwise.vocabulary import Detail, FindingState, Sex

AGE, FEMALE_SEX = "age", "female_sex"  # findings that a case states about the person rather than as an answer


def completed(case: Case, findings: Mapping[str, Finding]) -> Case:
    """Return the case with everything that follows from it; what was stated is never overruled.

    Parameters
    ----------
    case
        What is known.
    findings
        The findings with what they imply.
    """
    more: dict[str, Observation] = {}
    for seen in (*_of_the_person(case, findings), *_from_details(case, findings)):
        if seen.finding not in case.observations:
            more.setdefault(seen.finding, seen)
    for name in _implied({**case.observations, **more}, findings):
        if name not in case.observations:
            more.setdefault(name, Observation(finding=name, state=FindingState.PRESENT))
    return case.with_observations(more) if more else case


def _of_the_person(case: Case, findings: Mapping[str, Finding]) -> Iterator[Observation]:
    if case.age_years is not None and AGE in findings:
        age = case.age_years
        yield Observation(finding=AGE, state=FindingState.PRESENT, value=age, low=age, high=age)
    if case.sex is not None and FEMALE_SEX in findings:
        state = FindingState.PRESENT if case.sex is Sex.FEMALE else FindingState.ABSENT
        yield Observation(finding=FEMALE_SEX, state=state)


def _from_details(case: Case, findings: Mapping[str, Finding]) -> Iterator[Observation]:
    for finding in findings.values():
        rule = finding.detail_of
        if rule is None or finding.id in case.observations:
            continue
        for name in rule.findings:
            seen = case.observations.get(name)
            if seen is not None and seen.state is FindingState.PRESENT and _settles(rule, finding, seen):
                yield _settled(finding, seen)


def _settles(rule: DetailOf, finding: Finding, seen: Observation) -> bool:
    if finding.answer is Answer.NUMBER:
        return rule.detail is Detail.DURATION and seen.duration_days is not None
    return all(_is(one, seen) for one in (rule, *rule.also))


def _is(wanted: DetailIs, seen: Observation) -> bool:
    if wanted.below_days is not None:
        return seen.duration_days is not None and seen.duration_days <= wanted.below_days
    return any(value in wanted.values for value in seen.details(wanted.detail))


def _settled(finding: Finding, seen: Observation) -> Observation:
    days = seen.duration_days if finding.answer is Answer.NUMBER else None
    return Observation(finding=finding.id, state=FindingState.PRESENT, value=days, low=days, high=days)


def _implied(seen: Mapping[str, Observation], findings: Mapping[str, Finding]) -> Iterator[str]:
    waiting = [name for name, one in seen.items() if one.state is FindingState.PRESENT]
    found = set(waiting)
    while waiting:
        for name in findings[waiting.pop()].implies:
            if name not in found:
                found.add(name)
                waiting.append(name)
                yield name
