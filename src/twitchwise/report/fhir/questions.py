"""The questions of a check as a FHIR Questionnaire, and what was answered as a QuestionnaireResponse."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from twitchwise.assess import Case, Observation
from twitchwise.assess.questions import in_order
from twitchwise.knowledge import Library
from twitchwise.knowledge.schema import Answer, Finding
from twitchwise.report.fhir.codes import (
    DONT_KNOW,
    NO,
    UCUM,
    UCUM_CODES,
    YES,
    Json,
    coding,
    filled,
    finding_codes,
)
from twitchwise.report.wording import NOTICE, SETTINGS
from twitchwise.vocabulary import Detail, FindingState, Setting, Sex, Unit

_EXTENSION = "http://hl7.org/fhir/StructureDefinition/"
_HELP = {
    "url": f"{_EXTENSION}questionnaire-itemControl",
    "valueCodeableConcept": {
        "coding": [
            {"system": "http://hl7.org/fhir/questionnaire-item-control", "code": "help", "display": "Help-Button"}
        ]
    },
}
_SEX = "http://hl7.org/fhir/administrative-gender"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Group:
    """Questions that stand together on a page."""

    id: str
    text: str
    findings: tuple[Finding, ...]


def questionnaire(library: Library) -> Json:
    """Return every question that a check can ask, in its order.

    A question that the check asks only after another carries ``enableWhen``: it is left out once the finding that it
    requires is known to be absent, or one that it excludes to be present.
    """
    order = [finding.id for finding in in_order(library.findings)]
    items = [_about_item(), *(_group_item(group, order, library) for group in _groups(library))]
    return {
        "resourceType": "Questionnaire",
        "url": f"urn:twitchwise:questionnaire:{library.digest}",
        "version": library.digest,
        "name": "TwitchwiseCheck",
        "title": "Twitch check",
        "status": "draft",
        "experimental": True,
        "description": NOTICE,
        "item": items,
    }


def questionnaire_response(case: Case, library: Library) -> Json:
    """Return what was answered, under the same ids and in the same order; what a recording told is not in it."""
    items = [_about_answers(case)]
    for group in _groups(library):
        told = [_answered(one, case.observations[one.id]) for one in group.findings if _is_answered(one, case)]
        if told:
            items.append({"linkId": group.id, "text": group.text, "item": told})
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"urn:twitchwise:questionnaire:{library.digest}|{library.digest}",
        "status": "completed",
        "item": items,
    }


def _is_answered(finding: Finding, case: Case) -> bool:
    seen = case.observations.get(finding.id)
    is_told = seen is not None and not seen.measured
    return is_told and (finding.answer is Answer.YES_NO or seen is None or seen.value is not None)


def _groups(library: Library) -> Iterator[_Group]:
    """Give the questions by page: those of a checklist together, others alone, those for professionals at the end."""
    pages: dict[str, list[Finding]] = {}
    for finding in in_order(library.findings):
        pages.setdefault(_page_of(finding), []).append(finding)
    for name in sorted(pages, key=lambda name: name == _EXAMINED):  # the order of asking stays
        yield _Group(id=f"page-{name}", text=_heading(name, pages[name], library), findings=tuple(pages[name]))


_EXAMINED = "examined"


def _page_of(finding: Finding) -> str:
    if not finding.asked_of_anyone or finding.asked is None:
        return _EXAMINED
    return finding.asked.checklist or finding.id


def _heading(name: str, findings: list[Finding], library: Library) -> str:
    if name == _EXAMINED:
        return "For a professional who has examined or tested the person"
    checklist = library.checklists.get(name)
    return findings[0].plain if checklist is None else checklist.question


def _about_item() -> Json:
    sexes = [{"valueCoding": {"system": _SEX, "code": sex.value, "display": sex.value.capitalize()}} for sex in Sex]
    settings = [{"valueCoding": coding("setting", one.value, SETTINGS[one])} for one in Setting]
    return {
        "linkId": "about",
        "text": "About the person",
        "type": "group",
        "item": [
            {
                "linkId": "about.age",
                "text": "How old is the person, in years?",
                "type": "decimal",
                "extension": [_unit(Unit.YEAR)],
            },
            {
                "linkId": "about.sex",
                "text": "What is the sex, as recorded at birth?",
                "type": "choice",
                "answerOption": sexes,
            },
            {"linkId": "about.setting", "text": "Compared with whom?", "type": "choice", "answerOption": settings},
        ],
    }


def _about_answers(case: Case) -> Json:
    told = []
    if case.age_years is not None:
        told.append({"linkId": "about.age", "answer": [{"valueDecimal": case.age_years}]})
    if case.sex is not None:
        sex = {"system": _SEX, "code": case.sex.value, "display": case.sex.value.capitalize()}
        told.append({"linkId": "about.sex", "answer": [{"valueCoding": sex}]})
    setting = coding("setting", case.setting.value, SETTINGS[case.setting])
    told.append({"linkId": "about.setting", "answer": [{"valueCoding": setting}]})
    return {"linkId": "about", "text": "About the person", "item": told}


def _group_item(group: _Group, order: list[str], library: Library) -> Json:
    items = [_question(finding, order, library.findings) for finding in group.findings]
    return {"linkId": group.id, "text": group.text, "type": "group", "item": items}


def _question(finding: Finding, order: list[str], findings: Mapping[str, Finding]) -> Json:
    asked = finding.asked
    is_number = finding.answer is Answer.NUMBER
    conditions = list(_conditions(finding, order, findings))
    return filled(
        {
            "linkId": finding.id,
            "code": finding_codes(finding),
            "text": finding.plain if asked is None else asked.question,
            "type": "decimal" if is_number else "choice",
            "extension": list(_limits(finding)) if is_number else [],
            "enableWhen": conditions,
            "enableBehavior": "all" if len(conditions) > 1 else None,
            "answerOption": [] if is_number else [{"valueCoding": dict(one)} for one in (YES, NO, DONT_KNOW)],
            "item": list(_below(finding)),
        }
    )


def _conditions(finding: Finding, order: list[str], findings: Mapping[str, Finding]) -> Iterator[Json]:
    place = order.index(finding.id)
    if finding.requires in order and findings[str(finding.requires)].answer is Answer.YES_NO:
        yield {"question": finding.requires, "operator": "!=", "answerCoding": dict(NO)}
    for other in finding.excludes:
        # each of two that exclude each other would wait for the other; the one asked later waits
        if other in order[:place]:
            yield {"question": other, "operator": "!=", "answerCoding": dict(YES)}


def _limits(finding: Finding) -> Iterator[Json]:
    yield _unit(finding.unit)
    asked = finding.asked
    for name, limit in (("minValue", asked and asked.least), ("maxValue", asked and asked.most)):
        if limit is not None:
            yield {"url": f"{_EXTENSION}{name}", "valueDecimal": limit}


def _unit(unit: Unit) -> Json:
    code = {"system": UCUM, "code": UCUM_CODES[unit], "display": unit.words}
    return {"url": f"{_EXTENSION}questionnaire-unit", "valueCoding": code}


def _below(finding: Finding) -> Iterator[Json]:
    """Give the line of help and the details that are worth asking about a finding."""
    if finding.asked is not None and finding.asked.help:
        yield {"linkId": f"{finding.id}.help", "text": finding.asked.help, "type": "display", "extension": [_HELP]}
    if finding.answer is Answer.NUMBER:
        return
    for detail in finding.details:
        text, kind = _DETAILS[detail]
        item: Json = {"linkId": f"{finding.id}.{detail}", "text": text, "type": kind}
        yes = {"question": finding.id, "operator": "=", "answerCoding": dict(YES)}
        more: dict[Detail, Json] = {Detail.DURATION: {"extension": [_unit(Unit.DAY)]}, Detail.SITE: {"repeats": True}}
        yield {**item, "enableWhen": [yes], **more.get(detail, {})}


_DETAILS: Mapping[Detail, tuple[str, str]] = MappingProxyType(
    {
        Detail.SIDE: ("On which side?", "string"),
        Detail.SITE: ("Where in the body?", "string"),
        Detail.DURATION: ("For how long, in days?", "decimal"),
        Detail.COURSE: ("How does it go on?", "string"),
    }
)


def _answered(finding: Finding, seen: Observation) -> Json:
    text = finding.plain if finding.asked is None else finding.asked.question
    return {"linkId": finding.id, "text": text, "answer": [_answer(finding, seen)]}


def _answer(finding: Finding, seen: Observation) -> Json:
    if finding.answer is Answer.NUMBER:
        return {"valueDecimal": seen.value}
    code = YES if seen.state is FindingState.PRESENT else NO
    details = list(_details(finding, seen)) if seen.state is FindingState.PRESENT else []
    return filled({"valueCoding": dict(code), "item": details})


def _details(finding: Finding, seen: Observation) -> Iterator[Json]:
    for detail in finding.details:
        text, kind = _DETAILS[detail]
        told: tuple[object, ...] = seen.details(detail)
        if detail is Detail.DURATION and seen.duration_days is not None:
            told = (seen.duration_days,)
        answers = [{"valueDecimal" if kind == "decimal" else "valueString": one} for one in told]
        if answers:
            yield {"linkId": f"{finding.id}.{detail}", "text": text, "answer": answers}
