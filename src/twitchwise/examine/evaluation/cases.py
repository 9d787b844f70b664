"""Reads published cases: one JSON object a line, as text or as HPO terms, without what would give the answer away."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from twitchwise.vocabulary import Family, UnreadableCaseError, Urgency

FAMILIES: Mapping[str, Family] = {
    "ataxia": Family.ATAXIA,
    "myopathy/dystrophy": Family.MUSCLE,
    "neuropathy": Family.NEUROPATHY,
    "spastic paraplegia": Family.SPASTIC_PARAPLEGIA,
    "parkinson": Family.PARKINSONISM,
    "ALS/MND-SMA-dHMN": Family.MOTOR_NEURON,
    "dystonia/myoclonus/chorea": Family.DYSTONIA_CHOREA_MYOCLONUS,
    "hypocalcaemia/PTH": Family.CALCIUM,
    "myasthenic": Family.NEUROMUSCULAR_JUNCTION,
}
"""The families of the HPO case sets, in our words."""

YOUNGEST_YEARS = 12  # the program is about adults and adolescents


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedCase:
    """One case with its answer.

    Parameters
    ----------
    id, kind
        Name, and ``text`` or ``terms``.
    text
        The description without the diagnosis.
    present, excluded
        HPO ids.
    diagnosis, target
        The true diagnosis in the source's words, and in ours.
    options
        Answers to choose from, where the source gives some.
    in_field
        Whether it is to be scored by its diagnosis.
    """

    id: str
    kind: str
    text: str = ""
    present: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    age_years: float | None = None
    sex: str | None = None
    diagnosis: str = ""
    target: str | None = None
    options: tuple[str, ...] = ()
    in_field: bool = False
    family: Family | None = None
    triage: Urgency | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseSet:
    """The cases of one file, with how many were left out as repeats."""

    name: str
    cases: tuple[PublishedCase, ...]
    repeats: int = 0


def read_case_sets(files: Sequence[Path]) -> tuple[CaseSet, ...]:
    """Read case files; a case whose text or terms stood in an earlier one is left out and counted.

    Parameters
    ----------
    files
        JSON-lines files, or folders of them.

    Raises
    ------
    UnreadableCaseError
        If a file cannot be read or a line is not a case.
    """
    seen: set[str] = set()
    sets = []
    for file in _expanded(files):
        cases = list(_cases(file))
        fresh = []
        for case in cases:
            key = _key(case)
            if key not in seen:
                seen.add(key)
                fresh.append(case)
        sets.append(CaseSet(name=file.stem, cases=tuple(fresh), repeats=len(cases) - len(fresh)))
    return tuple(sets)


def _expanded(files: Sequence[Path]) -> Iterator[Path]:
    for file in files:
        if file.is_dir():
            inside = sorted(file.glob("*.jsonl"))
            if not inside:
                raise UnreadableCaseError(f"a folder of cases must hold .jsonl files, got {str(file)!r}.")
            yield from inside
        else:
            yield file


def _key(case: PublishedCase) -> str:
    if case.kind == "text":
        return re.sub(r"\W+", " ", case.text.lower()).strip()
    return " ".join((case.id, *sorted(case.present), "|", *sorted(case.excluded)))


def _cases(file: Path) -> Iterator[PublishedCase]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableCaseError(f"the cases {str(file)!r} must be readable UTF-8 text, but {error}.") from None
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _case(line, f"{file}, line {number}")


def _case(line: str, place: str) -> PublishedCase:
    try:
        fields = json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        raise UnreadableCaseError(f"{place}: a case must be one JSON object a line.") from None
    if not isinstance(fields, dict) or not isinstance(fields.get("id"), str):
        raise UnreadableCaseError(f"{place}: a case must have an id.")
    if not (fields.get("text") or fields.get("present_ids") or fields.get("excluded_ids")):
        raise UnreadableCaseError(f"{place}: a case must have a text, or present_ids of HPO terms.")
    return _built(fields, place)


def _built(fields: Mapping[str, Any], place: str) -> PublishedCase:
    has_text = bool(fields.get("text"))
    diagnosis = fields.get("true_diagnosis")
    return PublishedCase(
        id=fields["id"],
        kind="text" if has_text else "terms",
        text=told_text(fields) if has_text else "",
        present=tuple(fields.get("present_ids") or ()),
        excluded=tuple(fields.get("excluded_ids") or ()),
        age_years=fields.get("age_years"),
        sex=fields.get("sex"),
        diagnosis=diagnosis if isinstance(diagnosis, str) else "",
        target=fields.get("target"),
        options=_options(fields.get("options")),
        in_field=bool(fields.get("in_field")),
        family=FAMILIES.get(str(fields.get("family"))) if not has_text else None,
        triage=_triage(fields.get("triage_level"), place),
    )


def _options(options: object) -> tuple[str, ...]:
    if isinstance(options, dict):
        return tuple(map(str, options.values()))
    return tuple(str(one) for one in options if str(one) != "nan") if isinstance(options, list) else ()


def _triage(level: object, place: str) -> Urgency | None:
    if level is None:
        return None
    try:
        return Urgency[str(level).strip().upper().replace(" ", "_").replace("-", "_")]
    except KeyError:
        levels = ", ".join(one.word for one in Urgency)
        raise UnreadableCaseError(f"{place}: triage_level must be one of {levels}, got {level!r}.") from None


HIDDEN = frozenset({"correct_diagnosis"})
"""Fields of a description that name the answer."""

_LEADS = {
    "absent_findings": "",
    "physical_history": "Past medical history: ",
    "Past_Medical_History": "Past medical history: ",
    "family_history": "Family history: ",
}


def told_text(fields: Mapping[str, Any]) -> str:
    """Return a case's description and examination as text; tests that name the diagnosis are left out."""
    text = fields["text"]
    if isinstance(text, str):
        return text
    return " ".join((*_told(text), *_told(fields.get("exam") or {}))).strip()


def _told(part: object, name: str = "") -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key not in HIDDEN:
                yield from _told(value, key)
    elif isinstance(part, list):
        for value in part:
            yield from _told(value, name)
    elif isinstance(part, str) and part.strip(" -"):
        lead = _LEADS.get(name, "")
        label = f"{name.replace('_', ' ')}: " if name[:1].isupper() and not lead and len(part.split()) <= 2 + 2 else ""
        yield f"{lead}{label}{part.strip().rstrip('.')}."
