"""Phenopackets and HPO lists: read with the closure over the ontology, written, and read back the same."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.assess import Case, Observation
from twitchwise.examine import case_as_phenopacket, findings_without_term, read_phenopacket, read_terms
from twitchwise.examine.ontology import observations_of_terms, ontology
from twitchwise.knowledge import library
from twitchwise.vocabulary import FindingState, Sex, UnreadableCaseError

KNOWN = library()
PRESENT, ABSENT = FindingState.PRESENT, FindingState.ABSENT
TREMOR, RESTING_TREMOR, WEAKNESS, PROXIMAL = "HP:0001337", "HP:0002322", "HP:0001324", "HP:0003701"


def test_a_term_means_the_findings_above_it() -> None:
    found = observations_of_terms([RESTING_TREMOR], [], KNOWN)
    assert found["rest_tremor"].state is PRESENT
    assert found["tremor"].state is PRESENT


def test_an_excluded_term_denies_the_findings_below_it_and_no_more() -> None:
    found = observations_of_terms([], [WEAKNESS], KNOWN)
    assert found["muscle_weakness"].state is ABSENT
    assert found["proximal_weakness"].state is ABSENT
    narrow = observations_of_terms([], [PROXIMAL], KNOWN)
    assert narrow["proximal_weakness"].state is ABSENT
    assert "muscle_weakness" not in narrow


def test_what_is_there_wins_over_an_exclusion_above_it() -> None:
    found = observations_of_terms([PROXIMAL], [WEAKNESS], KNOWN)
    assert found["proximal_weakness"].state is PRESENT
    assert found["muscle_weakness"].state is PRESENT


def test_every_hpo_id_of_ours_is_a_current_term() -> None:
    tree = ontology()
    terms = {term for one in KNOWN.findings.values() for term in (one.hpo, *one.hpo_also) if term is not None}
    assert {term for term in terms if term not in tree.names or term in tree.current} == set()


def test_a_list_of_terms_is_read_with_its_exclusions() -> None:
    case = read_terms("HP:0002322 Resting tremor\n!HP:0003701\n", KNOWN)
    assert case.state("rest_tremor") is PRESENT
    assert case.state("proximal_weakness") is ABSENT


def test_a_phenopacket_is_read() -> None:
    packet = {
        "id": "one",
        "subject": {"id": "p", "sex": "FEMALE", "timeAtLastEncounter": {"age": {"iso8601duration": "P33Y6M"}}},
        "phenotypicFeatures": [
            {"type": {"id": RESTING_TREMOR, "label": "Resting tremor"}},
            {"type": {"id": WEAKNESS}, "excluded": True},
        ],
    }
    case = read_phenopacket(json.dumps(packet), KNOWN)
    assert case.age_years == pytest.approx(33.5)
    assert case.sex is Sex.FEMALE
    assert case.state("rest_tremor") is PRESENT
    assert case.state("muscle_weakness") is ABSENT


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"phenotypicFeatures": 3}', '{"phenotypicFeatures": [{"type": {}}]}', "[" * 5000]
)
def test_what_is_no_phenopacket_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(UnreadableCaseError, match="phenopacket"):
        read_phenopacket(text, KNOWN)


def test_a_list_without_terms_is_refused() -> None:
    with pytest.raises(UnreadableCaseError, match="HP:0001337"):
        read_terms("nothing here", KNOWN)


WITH_TERM = sorted(name for name, finding in KNOWN.findings.items() if finding.hpo is not None)


@given(st.lists(st.sampled_from(WITH_TERM), unique=True, max_size=8), st.integers(0, 99))
def test_a_case_written_as_a_phenopacket_keeps_what_is_there(names: list[str], age: int) -> None:
    seen = {name: Observation(finding=name, state=PRESENT) for name in names}
    case = Case(observations=seen, age_years=age, sex=Sex.MALE)
    again = read_phenopacket(json.dumps(case_as_phenopacket(case, KNOWN)), KNOWN)
    assert set(names) <= set(again.observations)
    assert (again.age_years, again.sex) == (age, Sex.MALE)


def test_a_phenopacket_names_its_ontology_and_leaves_out_what_has_no_term() -> None:
    case = Case(observations={name: Observation(finding=name, state=ABSENT) for name in ("tremor", "stress")})
    packet = case_as_phenopacket(case, KNOWN, identifier="one")
    assert packet["phenotypicFeatures"] == [{"type": {"id": TREMOR, "label": "Tremor"}, "excluded": True}]
    assert packet["metaData"]["resources"][0]["version"].startswith("hp/releases/")
    assert findings_without_term(case, KNOWN) == ("stress",)
