import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.assess import Case, Observation
from twitchwise.examine import Examination, ExaminedRecording, examine_case
from twitchwise.examine.case_file import case_from_plain
from twitchwise.knowledge import library
from twitchwise.knowledge.schema import Answer
from twitchwise.report import examination_as_fhir, recording_as_fhir
from twitchwise.report.fhir.codes import ABSENT_REASON, HPO, UCUM, UCUM_CODES, YES_NO
from twitchwise.report.story import story_of
from twitchwise.report.wording import NOTICE
from twitchwise.vocabulary import Course, FindingState, Setting, Sex, Side, Unit

Visit = Callable[..., Examination]
Json = dict[str, Any]
KNOWN = library()
FINDINGS = KNOWN.findings
FREE_TO_USE = {HPO, UCUM, YES_NO, ABSENT_REASON, "http://hl7.org/fhir/administrative-gender"}
ALONE = sorted(name for name, one in FINDINGS.items() if not one.excludes and one.requires is None and one.asked)
# what FHIR allows in a string: no control characters, and not nothing
STRING = re.compile(r"[ \r\n\t\S]+")


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw who it is about and what is known, with numbers and details."""
    observations = {}
    for name in draw(st.lists(st.sampled_from(ALONE), unique=True, max_size=10)):
        finding = FINDINGS[name]
        state = draw(st.sampled_from([FindingState.PRESENT, FindingState.ABSENT]))
        if finding.answer is Answer.NUMBER:
            value = draw(st.floats(0, 1000))
            seen = Observation(finding=name, state=FindingState.PRESENT, value=value, low=value, high=value)
        else:
            seen = Observation(
                finding=name,
                state=state,
                side=draw(st.none() | st.sampled_from(Side)),
                sites=draw(st.sampled_from([(), ("calf",), ("calf", "eyelid")])),
                duration_days=draw(st.none() | st.floats(0, 20000)),
                course=draw(st.none() | st.sampled_from(Course)),
            )
        observations[name] = seen
    return Case(
        observations=observations,
        setting=draw(st.sampled_from(Setting)),
        age_years=draw(st.none() | st.floats(0, 120)),
        sex=draw(st.none() | st.sampled_from(Sex)),
    )


def accepted(bundle: Mapping[str, Any]) -> Json:
    """Return what a program that reads the bundle gets, after the models of FHIR have accepted it."""
    text = json.dumps(bundle, allow_nan=False)
    Bundle.model_validate_json(text)
    read: Json = json.loads(text)
    return read


def resources(bundle: Mapping[str, Any], kind: str) -> list[Json]:
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def inside(part: object) -> Iterator[Json]:
    """Give every object in a bundle."""
    if isinstance(part, dict):
        yield part
    for one in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from inside(one)


def items(parts: list[Json], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Json]]:
    """Give every item below a form or an answer with the ids on the way to it."""
    for item in parts:
        way = (*above, item["linkId"])
        yield way, item
        yield from items(
            [*item.get("item", []), *(one for told in item.get("answer", []) for one in told.get("item", []))], way
        )


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@given(cases())
def test_every_case_gives_a_bundle_that_the_models_of_fhir_accept(case: Case) -> None:
    examination = examine_case(case, [], KNOWN)
    bundle = accepted(examination_as_fhir(examination))
    assert bundle == json.loads(json.dumps(examination_as_fhir(examination)))
    (response,), (form,) = resources(bundle, "QuestionnaireResponse"), resources(bundle, "Questionnaire")
    asked = {way: item["type"] for way, item in items(form["item"])}
    answered = dict(items(response["item"]))
    assert set(answered) <= set(asked)
    told = {way[1]: item for way, item in answered.items() if len(way) == 2}
    assert {name for name in told if not name.startswith("about.")} == set(case.observations)
    for name, seen in case.observations.items():
        (answer,) = told[name]["answer"]
        if seen.value is not None:
            assert answer["valueDecimal"] == seen.value
        else:
            assert answer["valueCoding"]["code"] == ("Y" if seen.state is FindingState.PRESENT else "N")


@pytest.mark.no_cover
@pytest.mark.parametrize("name", sorted(KNOWN.vignettes)[::6])
def test_every_vignette_gives_a_bundle_that_is_accepted_and_says_how_soon(name: str) -> None:
    examination = examine_case(case_from_plain(KNOWN.vignettes[name].case, FINDINGS), [], KNOWN)
    bundle = accepted(examination_as_fhir(examination))
    (risk,) = resources(bundle, "RiskAssessment")
    urgency = next(one for one in risk["extension"] if one["url"] == "urn:twitchwise:urgency")
    assert urgency["valueCodeableConcept"]["coding"][0]["code"] == examination.assessment.urgency.level.word
    assert story_of(examination).card.heading in risk["mitigation"]


def test_details_are_told_where_the_check_asks_for_them() -> None:
    seen = Observation(
        finding="fasciculation",
        state=FindingState.PRESENT,
        side=Side.LEFT,
        sites=("calf", "eyelid"),
        duration_days=20.0,
        course=Course.WORSENING,
    )
    case = Case(observations={"fasciculation": seen}, age_years=40.0, sex=Sex.FEMALE)
    (response,) = resources(accepted(examination_as_fhir(examine_case(case, [], KNOWN))), "QuestionnaireResponse")
    told = {item["linkId"]: item["answer"] for _, item in items(response["item"]) if "answer" in item}
    assert told["about.age"] == [{"valueDecimal": 40.0}]
    assert told["about.sex"][0]["valueCoding"]["code"] == "female"
    assert told["fasciculation.side"] == [{"valueString": "left"}]
    assert told["fasciculation.duration"] == [{"valueDecimal": 20.0}]
    assert told["fasciculation.course"] == [{"valueString": "worsening"}]
    assert told["fasciculation.site"] == [{"valueString": "calf"}, {"valueString": "eyelid"}]


class TestQuestions:
    @pytest.fixture
    def form(self, visit: Visit) -> Json:
        (form,) = resources(examination_as_fhir(visit({})), "Questionnaire")
        return form

    def test_every_question_is_there_under_the_id_of_its_finding(self, form: Json) -> None:
        asked = {item["linkId"]: item for _, item in items(form["item"])}
        for name, finding in FINDINGS.items():
            if finding.asked is not None:
                assert asked[name]["text"] == finding.asked.question
                assert asked[name]["type"] == ("decimal" if finding.answer is Answer.NUMBER else "choice")

    def test_ids_are_used_once(self, form: Json) -> None:
        names = [item["linkId"] for _, item in items(form["item"])]
        assert len(names) == len(set(names))

    def test_yes_no_and_dont_know_can_be_answered(self, form: Json) -> None:
        (weak,) = [item for _, item in items(form["item"]) if item["linkId"] == "muscle_weakness"]
        assert [one["valueCoding"]["code"] for one in weak["answerOption"]] == ["Y", "N", "asked-unknown"]

    def test_a_question_that_needs_another_waits_for_it(self, form: Json) -> None:
        asked = {item["linkId"]: item for _, item in items(form["item"])}
        needing = {name: one.requires for name, one in FINDINGS.items() if one.requires and one.asked}
        assert needing
        for name, other in needing.items():
            conditions = [
                (one["question"], one["operator"], one["answerCoding"]["code"]) for one in asked[name]["enableWhen"]
            ]
            assert (other, "!=", "N") in conditions

    def test_no_two_questions_wait_for_each_other(self, form: Json) -> None:
        waits = {
            item["linkId"]: {one["question"] for one in item.get("enableWhen", [])} for _, item in items(form["item"])
        }
        done: set[str] = set()
        while ready := {name for name, others in waits.items() if name not in done and others <= done}:
            done |= ready
        assert done == set(waits)

    def test_hpo_ids_are_given_where_the_knowledge_has_them(self, form: Json) -> None:
        asked = {item["linkId"]: item for _, item in items(form["item"])}
        codes = {(one["system"], one["code"]) for one in asked["fasciculation"]["code"]}
        assert (HPO, FINDINGS["fasciculation"].hpo) in codes


class TestMeasurements:
    @pytest.fixture
    def bundle(self, visit: Visit, examined: ExaminedRecording) -> Json:
        return accepted(examination_as_fhir(visit({"fasciculation": "present"}, examined)))

    def test_each_has_its_value_unit_interval_method_channel_and_device(self, bundle: Json) -> None:
        found = resources(bundle, "Observation")
        assert len(found) == 4
        size = next(one for one in found if one["code"]["coding"][0]["code"] == "fasciculation_amplitude")
        assert size["valueQuantity"] == {"value": 1.2e-4, "unit": "V", "system": UCUM, "code": "V"}
        interval, place = size["component"]
        assert (interval["valueRange"]["low"]["value"], interval["valueRange"]["high"]["value"]) == (9e-5, 1.5e-4)
        assert place["valueString"] == "calf"
        assert size["method"]["text"] == "Median peak-to-peak size."
        (device,) = resources(bundle, "Device")
        assert size["device"]["reference"] == f"urn:uuid:{device['id']}"
        assert "referenceRange" not in json.dumps(bundle)

    def test_doubts_are_notes_and_make_it_preliminary(self, bundle: Json) -> None:
        states = {one["code"]["coding"][0]["code"]: one for one in resources(bundle, "Observation")}
        assert states["fasciculation_amplitude"]["status"] == "preliminary"
        told = [note["text"] for note in states["fasciculation_amplitude"]["note"]]
        assert "Not to be leaned on: samples are clipped" in told
        assert states["odd_one"]["status"] == "final"

    def test_what_was_not_seen_has_no_value_but_an_upper_bound(self, bundle: Json) -> None:
        (unseen,) = [one for one in resources(bundle, "Observation") if "dataAbsentReason" in one]
        assert "valueQuantity" not in unseen
        assert "up to 1.8 per minute cannot be excluded" in unseen["note"][0]["text"]
        assert unseen["component"][0]["valueRange"]["high"]["value"] == 1.8
        assert unseen["component"][0]["valueRange"]["high"]["code"] == "/min"

    def test_the_risk_rests_on_the_answers_and_every_observation(self, bundle: Json) -> None:
        (risk,) = resources(bundle, "RiskAssessment")
        rests_on = {one["reference"] for one in risk["basis"]}
        parts = resources(bundle, "Observation") + resources(bundle, "QuestionnaireResponse")
        assert rests_on == {f"urn:uuid:{one['id']}" for one in parts}

    def test_a_recording_alone_is_accepted_too(self, examined: ExaminedRecording, grid: ExaminedRecording) -> None:
        for one in (examined, grid):
            bundle = accepted(recording_as_fhir(one))
            assert len(resources(bundle, "Observation")) == len(one.result.measurements)
            assert not resources(bundle, "RiskAssessment")

    def test_every_text_can_stand_in_fhir(self, bundle: Json) -> None:
        texts = [value for one in inside(bundle) for value in one.values() if isinstance(value, str)]
        assert all(STRING.fullmatch(text) for text in texts)


class TestRisk:
    @pytest.fixture
    def examination(self, visit: Visit) -> Examination:
        return visit({"fasciculation": "present", "muscle_wasting": "present"})

    def test_main_causes_and_the_unknown_add_up_and_have_ranges(self, examination: Examination) -> None:
        (risk,) = resources(examination_as_fhir(examination), "RiskAssessment")
        roles = [(one["extension"][0]["valueCode"], one) for one in risk["prediction"]]
        assert sum(one["probabilityDecimal"] for role, one in roles if role != "contributor") == pytest.approx(100)
        for _, one in roles:
            span = one["extension"][1]["valueRange"]
            assert span["low"]["value"] <= one["probabilityDecimal"] <= span["high"]["value"]

    def test_it_says_that_rules_set_the_urgency_and_what_it_is(self, examination: Examination) -> None:
        (risk,) = resources(examination_as_fhir(examination), "RiskAssessment")
        assert "Rules with a cited source set how soon" in risk["method"]["text"]
        told = [note["text"] for note in risk["note"]]
        assert NOTICE in told
        assert any(KNOWN.rules["wasted_muscle"].because in text for text in told)

    def test_no_text_says_that_a_disease_is_there_or_not(self, examination: Examination) -> None:
        text = json.dumps(examination_as_fhir(examination))
        assert re.search(r"you (do not|don't) have", text, re.IGNORECASE) is None


class TestBundle:
    def test_references_lead_to_parts_of_the_bundle(self, visit: Visit, examined: ExaminedRecording) -> None:
        bundle = examination_as_fhir(visit({}, examined))
        known = {entry["fullUrl"] for entry in resources_of(bundle)}
        told = {str(one["reference"]) for one in inside(bundle) if "reference" in one}
        assert told <= known
        assert len(known) == len(resources_of(bundle))

    def test_ids_follow_from_the_content(self, visit: Visit) -> None:
        one, same = examination_as_fhir(visit({"stress": "present"})), examination_as_fhir(visit({"stress": "present"}))
        other = examination_as_fhir(visit({"stress": "absent"}))
        assert one == same
        assert not {entry["fullUrl"] for entry in resources_of(one)} & {
            entry["fullUrl"] for entry in resources_of(other)
        }

    def test_nobody_is_named(self, visit: Visit) -> None:
        (patient,) = resources(examination_as_fhir(visit({}, age_years=40.0)), "Patient")
        assert set(patient) <= {"resourceType", "id", "meta", "gender"}

    def test_no_code_needs_a_license(self, visit: Visit, examined: ExaminedRecording) -> None:
        bundle = examination_as_fhir(visit({"fasciculation": "present"}, examined))
        systems = {str(one["system"]) for one in inside(bundle) if "system" in one}
        ours = {system for system in systems if system.startswith("urn:twitchwise:")}
        assert systems - ours <= FREE_TO_USE | {"http://hl7.org/fhir/questionnaire-item-control"}

    def test_every_part_says_that_it_is_no_medical_device(self, visit: Visit, examined: ExaminedRecording) -> None:
        for entry in resources_of(examination_as_fhir(visit({}, examined))):
            assert "Not a medical device" in entry["resource"]["meta"]["tag"][0]["display"]

    def test_a_day_is_told_only_when_it_is_given(self, visit: Visit) -> None:
        examination = visit({"stress": "present"})
        (dated,) = resources(
            accepted(examination_as_fhir(examination, made_on=dt.date(2026, 11, 29))), "QuestionnaireResponse"
        )
        (undated,) = resources(examination_as_fhir(examination), "QuestionnaireResponse")
        assert dated["authored"] == "2026-11-29"
        assert "authored" not in undated

    def test_every_unit_but_the_unknown_has_a_code(self) -> None:
        assert set(Unit) - set(UCUM_CODES) == {Unit.UNKNOWN}


def resources_of(bundle: Mapping[str, Any]) -> list[Json]:
    entries: list[Json] = bundle["entry"]
    return entries
