"""Codes that need no license: HPO for findings, UCUM for units, HL7's own lists, and names of this program as ``urn:``.

The address of HPO is the one that HL7 Terminology gives it; LOINC and SNOMED CT need licenses and are not used.
"""

from collections.abc import Mapping
from types import MappingProxyType

from twitchwise.knowledge.schema import Finding
from twitchwise.report.display import clean
from twitchwise.vocabulary import Unit

Json = dict[str, object]

HPO = "http://human-phenotype-ontology.org"
UCUM = "http://unitsofmeasure.org"
YES_NO = "http://terminology.hl7.org/CodeSystem/v2-0136"
ABSENT_REASON = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
OURS = "urn:twitchwise"

YES: Mapping[str, object] = MappingProxyType({"system": YES_NO, "code": "Y", "display": "Yes"})
NO: Mapping[str, object] = MappingProxyType({"system": YES_NO, "code": "N", "display": "No"})
DONT_KNOW: Mapping[str, object] = MappingProxyType(
    {"system": ABSENT_REASON, "code": "asked-unknown", "display": "Asked But Unknown"}
)

UCUM_CODES: Mapping[Unit, str] = MappingProxyType(
    {
        Unit.ONE: "1",
        Unit.PERCENT: "%",
        Unit.COUNT: "{count}",
        Unit.SECOND: "s",
        Unit.MINUTE: "min",
        Unit.HOUR: "h",
        Unit.DAY: "d",
        Unit.YEAR: "a",
        Unit.HERTZ: "Hz",
        Unit.PER_MINUTE: "/min",
        Unit.PER_HOUR: "/h",
        Unit.VOLT: "V",
        Unit.NEWTON: "N",
        Unit.METER: "m",
        Unit.PIXEL: "{pixel}",
        Unit.PIXEL_PER_SECOND: "{pixel}/s",
        Unit.METER_PER_SECOND: "m/s",
        Unit.METER_PER_SECOND_SQUARED: "m/s2",
        Unit.RADIAN_PER_SECOND: "rad/s",
        Unit.MOLE_PER_LITER: "mol/L",
        Unit.KILOGRAM_PER_KILOGRAM: "kg/kg",
        Unit.KILOGRAM: "kg",
        Unit.KILOGRAM_SQUARE_METER: "kg.m2",
        Unit.NEWTON_METER: "N.m",
        Unit.NEWTON_METER_PER_RADIAN: "N.m/rad",
        Unit.NEWTON_METER_SECOND_PER_RADIAN: "N.m.s/rad",
        Unit.RADIAN: "rad",
        Unit.PER_SECOND: "/s",
        Unit.PER_SQUARE_METER: "/m2",
        Unit.AMPERE: "A",
        Unit.SIEMENS_PER_METER: "S/m",
        Unit.SIEMENS_PER_SQUARE_METER: "S/m2",
        Unit.FARAD_PER_SQUARE_METER: "F/m2",
        Unit.OHM_METER: "Ohm.m",
        Unit.COULOMB_PER_SQUARE_METER: "C/m2",
        Unit.VOLT_PER_SECOND: "V/s",
        Unit.PASCAL: "Pa",
        Unit.DEGREE_CELSIUS: "Cel",
    }
)
"""The unit in UCUM; one that a file does not name has none."""


def coding(kind: str, code: str, display: str | None = None) -> Json:
    """Return a code of this program, for example ``coding("condition", "tremor")``."""
    return filled({"system": f"{OURS}:{kind}", "code": code, "display": display})


def concept(text: str, *codings: Mapping[str, object]) -> Json:
    """Return a concept in words, with codes where there are some."""
    return filled({"coding": [dict(one) for one in codings], "text": clean(text)})


def finding_codes(finding: Finding) -> list[Json]:
    """Return the code of a finding, and its HPO ids."""
    terms = [term for term in (finding.hpo, *finding.hpo_also) if term is not None]
    return [coding("finding", finding.id, finding.label), *(filled({"system": HPO, "code": term}) for term in terms)]


def amount(value: float, unit: Unit) -> Json:
    """Return a quantity with its unit in UCUM; of an unknown unit only the number."""
    code = UCUM_CODES.get(unit)
    known = {} if code is None else {"unit": unit.value, "system": UCUM, "code": code}
    return {"value": value, **known}


def span(low: float, high: float, unit: Unit) -> Json:
    """Return the two ends of an interval."""
    return {"low": amount(low, unit), "high": amount(high, unit)}


def notes(texts: "list[str] | tuple[str, ...]") -> list[Json]:
    """Return sentences as annotations, each once."""
    return [{"text": said} for said in dict.fromkeys(map(clean, texts)) if said]


def filled(values: Mapping[str, object]) -> Json:
    """Return values without those that are empty, which FHIR does not allow."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {}, ())}
