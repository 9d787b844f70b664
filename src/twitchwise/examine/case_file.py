"""Reads a case: a YAML file, or answers from a form, with every refusal in one sentence."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from twitchwise.assess import Case, Observation
from twitchwise.assess.case import contradictions, known_finding, observe
from twitchwise.assess.intake import read_in_its_language
from twitchwise.examine.order import MeasuringOrder
from twitchwise.examine.phenopacket import TERM, read_phenopacket, read_terms
from twitchwise.knowledge import Library
from twitchwise.knowledge.schema import Finding
from twitchwise.knowledge.yaml_reader import Document, parse_document
from twitchwise.vocabulary import Electrode, KnowledgeError, Setting, Sex, Side, Task, UnreadableCaseError, View


class RecordingInCase(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A recording that belongs to a case: its file, from the folder of the case, and what it does not say itself."""

    file: str
    task: Task | None = None
    site: str | None = None
    side: Literal["left", "right"] | None = None
    view: View | None = None
    fps: float | None = None
    unit: str | None = None
    sampling_rate: float | None = None
    electrode: Electrode | None = None
    muscle: str | None = None

    def order(self) -> MeasuringOrder:
        """Return the order to measure it."""
        return MeasuringOrder(
            sampling_rate_hz=self.sampling_rate,
            unit=self.unit,
            electrode=self.electrode,
            muscle=self.muscle,
            task=self.task,
            site=self.site,
            side=None if self.side is None else Side(self.side),
            view=self.view,
            frame_rate_hz=self.fps,
        )


class CaseFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The fields of a case file; ``findings`` maps a finding's id to present, absent, not_assessed or a number."""

    findings: dict[str, str]
    recordings: tuple[RecordingInCase, ...] = ()
    setting: Setting = Setting.COMMUNITY
    age_years: Annotated[float, msgspec.Meta(ge=0, le=130)] | None = None
    sex: Sex | None = None
    title: str | None = None


def read_case(file: Path, library: Library) -> Case:
    """Read a case file.

    Parameters
    ----------
    file
        A YAML file with ``findings`` and, if known, ``setting``, ``age_years``, ``sex`` and ``title``; a phenopacket
        (``.json``); or a text (``.txt``) of HPO terms, or in somebody's own words.
    library
        The findings that may be named.

    Raises
    ------
    UnreadableCaseError
        If the file is missing, is not such a file, names an unknown finding or contradicts itself; the sentence names
        the file and line.
    """
    text = _text(file)
    if file.suffix == ".json":
        return read_phenopacket(text, library)
    if file.suffix == ".txt":
        return read_terms(text, library) if TERM.search(text) else read_in_its_language(text, library).case()
    return _case_of_yaml(text, file, library)


def read_recordings_of(file: Path) -> tuple[tuple[Path, MeasuringOrder], ...]:
    """Return the recordings that a case file names, each with what the file says of it; other files name none.

    Parameters
    ----------
    file
        A case file as `read_case` takes it.

    Raises
    ------
    UnreadableCaseError
        If the file is missing or is not such a file.
    OutOfRangeError
        If what it says of a recording cannot be.
    """
    if file.suffix in {".json", ".txt"}:
        return ()
    content = _content(parse_case(_text(file), file))
    return tuple((file.parent / one.file, one.order()) for one in content.recordings)


def parse_case(text: str, file: Path) -> Document:
    """Return the YAML of a case file, or raise UnreadableCaseError."""
    try:
        return parse_document(text, file)
    except KnowledgeError as error:
        raise UnreadableCaseError(str(error)) from None


def _content(document: Document) -> CaseFile:
    try:
        return document.as_type(CaseFile)
    except KnowledgeError as error:
        raise UnreadableCaseError(str(error)) from None


def _case_of_yaml(text: str, file: Path, library: Library) -> Case:
    document = parse_case(text, file)
    content = _content(document)
    observations: dict[str, Observation] = {}
    for name, answer in content.findings.items():
        try:
            observations[name] = observe(known_finding(library.findings, name), answer)
        except UnreadableCaseError as error:
            raise _located(document, name, str(error)) from None
    case = Case(observations=observations, setting=content.setting, age_years=content.age_years, sex=content.sex)
    for name, sentence in contradictions(case, library.findings):
        raise _located(document, name, sentence)
    return case


def case_from_plain(content: Mapping[str, object], findings: Mapping[str, Finding]) -> Case:
    """Return a case from the fields of a case file that was already parsed, as vignettes hold them.

    Raises
    ------
    UnreadableCaseError
        If a field or a finding is unknown, or an answer is not one that its finding allows.
    """
    try:
        fields = msgspec.convert(content, CaseFile, strict=False)
    except msgspec.ValidationError as error:
        raise UnreadableCaseError(f"a case must have the fields of a case file, but {error}.") from None
    return case_from_answers(
        fields.findings, findings, setting=fields.setting, age_years=fields.age_years, sex=fields.sex
    )


def case_from_answers(
    answers: Mapping[str, str],
    findings: Mapping[str, Finding],
    *,
    setting: Setting = Setting.COMMUNITY,
    age_years: float | None = None,
    sex: Sex | None = None,
) -> Case:
    """Return a case from answers by finding id, as a form gives them.

    Parameters
    ----------
    answers
        Finding id to present, absent, not_assessed or a number in digits.
    findings
        The findings that may be named.
    setting, age_years, sex
        As `Case` takes them.

    Raises
    ------
    UnreadableCaseError
        If a finding is unknown or an answer is not one that it allows.
    """
    observations = {name: observe(known_finding(findings, name), answer) for name, answer in answers.items()}
    return Case(observations=observations, setting=setting, age_years=age_years, sex=sex)


def _text(file: Path) -> str:
    if file.is_dir():
        raise UnreadableCaseError(f"a case must be a YAML file, got the folder {str(file)!r}.")
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise UnreadableCaseError(f"the case {str(file)!r} must be readable, got {error.strerror!r}.") from None
    except UnicodeDecodeError:
        raise UnreadableCaseError(f"the case {str(file)!r} must be UTF-8 text.") from None


def _located(document: Document, finding: str, sentence: str) -> UnreadableCaseError:
    path = f"findings.{finding}"
    return UnreadableCaseError(f"{document.file}, line {document.line_of(path)}, {path}: {sentence}")
