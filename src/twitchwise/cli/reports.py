"""The option ``--report``: results as files, each form by the ending of its file, all in a folder or an archive."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import typer

from twitchwise.cli.output import progress
from twitchwise.examine import Examination, ExaminedRecording
from twitchwise.vocabulary import OutOfRangeError

REPORT_HELP = (
    "Write the result to a .pdf, .html, .json, .fhir.json or .phenopacket.json file, or all of these to a .zip file or "
    "a folder; may be given several times."
)
WITH_RECORDINGS_HELP = "Put the recordings, as EDF+, into the folder or .zip file of --report too."
LANGUAGE_HELP = "Language of the PDF and HTML files of --report; data for other programs stay English."
WITH_BIDS_HELP = "Put the recordings, as a BIDS data set, into the folder or .zip file of --report too."


class LanguageChoice(StrEnum):
    """The languages of reports; a test holds them to those of the catalogs."""

    EN = "en"
    DE = "de"


@dataclass(frozen=True, kw_only=True, slots=True)
class Along:
    """What goes along into a folder or an archive (the recordings as EDF+, as BIDS, or both), and in which language."""

    recordings: bool = False
    bids: bool = False
    language: LanguageChoice = LanguageChoice.EN

    def options(self) -> Iterator[str]:
        """Give the options that were set."""
        yield from ("--with-recordings",) if self.recordings else ()
        yield from ("--with-bids",) if self.bids else ()


def require_places(reports: Sequence[Path] | None, along: Along) -> None:
    """Raise OutOfRangeError where a result cannot go, before any work is done for it."""
    options = tuple(along.options())
    if not reports and not options:
        return
    from twitchwise.report import holds_recordings, require_form  # noqa: PLC0415 - loads when it is asked for

    for target in reports or ():
        require_form(target)
    if options and not any(map(holds_recordings, reports or ())):
        raise OutOfRangeError(f"{options[0]} must come with a --report that is a folder or a .zip file.")


def write_reports(examination: Examination, reports: Sequence[Path] | None, along: Along) -> None:
    """Write an examination, and say where it is."""
    for said in written_reports(examination, reports or (), along):
        typer.echo(said, err=True)


def written_reports(thing: Examination | ExaminedRecording, reports: Sequence[Path], along: Along) -> Iterator[str]:
    """Write an examination or a recording to each place, and give a sentence on each."""
    for target in reports:
        from twitchwise.report import today, write_exports  # noqa: PLC0415 - figures load only when they are drawn

        with progress(f"Writing {target.name}"), _spoken(along.language):
            said = write_exports(thing, target, made_on=today(), with_recordings=along.recordings, with_bids=along.bids)
        yield from said


@contextmanager
def _spoken(language: LanguageChoice) -> Iterator[None]:
    from twitchwise.report.languages import LANGUAGE  # noqa: PLC0415 - catalogs load only when a report is written

    before = LANGUAGE.set(language.value)
    try:
        yield
    finally:
        LANGUAGE.reset(before)
