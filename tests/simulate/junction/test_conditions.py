"""The condition files change junctions the way these tests assume."""

from collections.abc import Mapping

import pytest

from twitchwise.knowledge import library

FILES = {
    "myasthenia_gravis": "myasthenia gravis",
    "congenital_myasthenic_syndrome": "receptor deficiency",
    "lambert_eaton_syndrome": "Lambert-Eaton syndrome",
    "botulism": "botulism",
    "organophosphate_poisoning": "poisoned cholinesterase",
}


@pytest.mark.parametrize("condition", FILES)
def test_a_condition_changes_the_junction_as_its_test_does(
    condition: str, diseases: Mapping[str, Mapping[str, float]], parameters: dict[str, float]
) -> None:
    tested = diseases[FILES[condition]]
    for item in library().conditions[condition].mechanism:
        if item.parameter in tested:
            changed = item.change.applied_to(parameters[item.parameter])
            assert changed == pytest.approx(parameters[item.parameter] * tested[item.parameter])
