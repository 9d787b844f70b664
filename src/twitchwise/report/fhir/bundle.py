"""Puts the parts into one bundle: ids that follow from the content, references between the parts, and what it is."""

import datetime as dt
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import cast

from twitchwise.assess import Case
from twitchwise.examine import Examination, ExaminedRecording
from twitchwise.knowledge import Library, library
from twitchwise.report.fhir.codes import OURS, Json, filled
from twitchwise.report.fhir.observations import device_of, observations_of
from twitchwise.report.fhir.questions import questionnaire, questionnaire_response
from twitchwise.report.fhir.risk import risk_assessment

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:twitchwise")
_TAG = {
    "system": f"{OURS}:notice",
    "code": "research-and-education",
    "display": "Research and education software. Not a medical device.",
}


def examination_as_fhir(examination: Examination, *, made_on: dt.date | None = None) -> Json:
    """Return an examination as a FHIR R4 bundle of type ``collection``, strictly JSON and in a fixed order.

    It holds a Patient without name or date, the Questionnaire and what was answered, an Observation a measurement with
    a Device a recording, and a RiskAssessment that rests on them.

    Parameters
    ----------
    examination
        The visit as a whole.
    made_on
        The day it was made, if it is to be told; without one the same examination always gives the same bundle.
    """
    known, case = examination.library, examination.case
    parts = _Parts(_seed(case, examination.recordings, known), made_on)
    patient = parts.add("patient", _patient(case))
    parts.add("questionnaire", questionnaire(known))
    response = parts.add(
        "response", {**questionnaire_response(case, known), "subject": patient, **parts.day("authored")}
    )
    observed = _add_recordings(parts, examination.recordings, known, patient)
    risk = {**risk_assessment(examination), "subject": patient, **parts.day("occurrenceDateTime")}
    parts.add("risk", {**risk, "basis": [response, *observed]})
    return parts.bundle()


def recording_as_fhir(examined: ExaminedRecording, *, made_on: dt.date | None = None) -> Json:
    """Return a measured recording as a FHIR R4 bundle of type ``collection``: its Device and its Observations.

    Parameters
    ----------
    examined
        The recording and what was measured on it.
    made_on
        The day it was made, if it is to be told.
    """
    known = library()
    parts = _Parts(_seed(None, [examined], known), made_on)
    patient = parts.add("patient", {"resourceType": "Patient"})
    _add_recordings(parts, [examined], known, patient)
    return parts.bundle()


class _Parts:
    """The parts of a bundle, each under an id that follows from the seed and its own name.

    Parameters
    ----------
    seed
        What the bundle is made of, as text.
    made_on
        The day it was made, if it is to be told.
    """

    def __init__(self, seed: str, made_on: dt.date | None) -> None:
        self._seed = seed
        self._made_on = made_on
        self._entries: list[Json] = []

    def id_of(self, name: str) -> str:
        """Return the id of a part."""
        return str(uuid.uuid5(_NAMESPACE, f"{self._seed}/{name}"))

    def add(self, name: str, resource: Mapping[str, object]) -> Json:
        """Add a part and return a reference to it."""
        identifier = self.id_of(name)
        kind = {"resourceType": resource["resourceType"], "id": identifier, "meta": {"tag": [_TAG]}}
        self._entries.append({"fullUrl": f"urn:uuid:{identifier}", "resource": {**kind, **resource}})
        return {"reference": f"urn:uuid:{identifier}"}

    def day(self, name: str) -> Json:
        """Return the day that it was made under a name, or nothing."""
        return filled({name: None if self._made_on is None else self._made_on.isoformat()})

    def bundle(self) -> Json:
        """Return the bundle."""
        release = {"system": f"{OURS}:version", "code": version("twitchwise")}
        return {
            "resourceType": "Bundle",
            "id": self.id_of("bundle"),
            "meta": {"tag": [_TAG, release]},
            "type": "collection",
            "entry": self._entries,
        }


def _patient(case: Case) -> Json:
    """Return the person without anything that names one; the age is among the answers."""
    return filled({"resourceType": "Patient", "gender": None if case.sex is None else case.sex.value})


def _add_recordings(
    parts: _Parts, recordings: Sequence[ExaminedRecording], known: Library, patient: Json
) -> list[Json]:
    observed = []
    for number, examined in enumerate(recordings, start=1):
        device = parts.add(f"device{number}", {**device_of(examined), "patient": patient})
        for place, observation in enumerate(observations_of(examined, known), start=1):
            whole = {**observation, "subject": patient, "device": device}
            observed.append(parts.add(f"observation{number}.{place}", whole))
    return observed


def _seed(case: Case | None, recordings: Sequence[ExaminedRecording], known: Library) -> str:
    """Return all that decides the content, as text; ids are made of it by a hash, so nothing can be read from them."""
    return json.dumps([known.digest, version("twitchwise"), *_told(case), *map(_measured, recordings)], default=str)


def _told(case: Case | None) -> Iterator[object]:
    if case is not None:
        yield [case.setting, case.age_years, case.sex]
        for name, seen in sorted(case.observations.items()):
            yield [name, seen.state, seen.value, seen.side, seen.sites, seen.duration_days, seen.course]


def _measured(examined: ExaminedRecording) -> list[object]:
    values = [
        [one.id, one.channel, one.value, one.low, one.high, one.unit, one.method, one.doubts]
        for one in examined.result.measurements
    ]
    return [cast("object", examined.recording.name), values]
