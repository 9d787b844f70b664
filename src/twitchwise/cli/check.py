"""``twitchwise check``: a case, with or without recordings, to what may cause it and how soon to seek help."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from twitchwise.assess import Case, assess_case, learned_since
from twitchwise.assess.intake import read_in_its_language
from twitchwise.cli.interview import interview, show_intake
from twitchwise.cli.output import print_json, print_text, progress, require_writable
from twitchwise.cli.reports import (
    LANGUAGE_HELP,
    REPORT_HELP,
    WITH_BIDS_HELP,
    WITH_RECORDINGS_HELP,
    Along,
    LanguageChoice,
    require_places,
    write_reports,
)
from twitchwise.examine import (
    Examination,
    MeasuringOrder,
    case_as_phenopacket,
    case_as_terms,
    examine_as_ordered,
    examine_case,
    read_case,
    read_recordings_of,
)
from twitchwise.knowledge import library
from twitchwise.vocabulary import OutOfRangeError


def check(  # noqa: PLR0913, PLR0917 - one parameter an option
    case: Annotated[
        Path | None,
        typer.Argument(help="A case file (YAML), a phenopacket (.json), HPO terms or a description (.txt)."),
    ] = None,
    recording: Annotated[
        list[Path] | None, typer.Option(help="A recording to measure and weigh; may be given several times.")
    ] = None,
    text: Annotated[str | None, typer.Option(help="A description in your own words, instead of a case file.")] = None,
    since: Annotated[Path | None, typer.Option(help="An earlier case: says whether anything is new.")] = None,
    phenopacket: Annotated[
        Path | None, typer.Option(help="Write the case as a GA4GH phenopacket, or as HPO terms where it ends in .txt.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    report: Annotated[list[Path] | None, typer.Option(help=REPORT_HELP)] = None,
    with_recordings: Annotated[bool, typer.Option("--with-recordings", help=WITH_RECORDINGS_HELP)] = False,
    with_bids: Annotated[bool, typer.Option("--with-bids", help=WITH_BIDS_HELP)] = False,
    language: Annotated[LanguageChoice, typer.Option(help=LANGUAGE_HELP)] = LanguageChoice.EN,
) -> None:
    """Say what may cause a twitch and how soon to seek help, and why."""
    if phenopacket is not None:
        require_writable(phenopacket)
    along = Along(recordings=with_recordings, bids=with_bids, language=language)
    require_places(report, along)
    answered = _answered(case, text, quiet=json)
    if since is not None:
        _tell_what_is_new(read_case(since, library()), answered)
    of_case = () if case is None else read_recordings_of(case)
    examination = examine_files(answered, [*of_case, *((file, MeasuringOrder()) for file in recording or ())])
    show(examination, as_json=json)
    if phenopacket is not None:
        write_phenopacket(examination.case, phenopacket)
    write_reports(examination, report, along)


def _answered(case: Path | None, text: str | None, *, quiet: bool) -> Case:
    if case is not None and text is not None:
        raise OutOfRangeError("a check must have a case file or --text, not both.")
    if text is not None:
        intake = read_in_its_language(text, library())
        if not quiet:
            show_intake(intake, library())
        return intake.case()
    return read_case(case, library()) if case is not None else interview(library())


def _tell_what_is_new(earlier: Case, now: Case) -> None:
    known = library()
    learned = learned_since((earlier, assess_case(earlier, known)), (now, assess_case(now, known)))
    typer.echo(learned.sentence, err=True)
    for name in learned.findings:
        typer.echo(f"  {known.findings[name].plain}", err=True)


def write_phenopacket(case: Case, file: Path) -> None:
    """Write a case as a phenopacket or a list of HPO terms, and say which findings it cannot hold."""
    from json import dumps  # noqa: PLC0415 - the option of this command has the name of the module

    from twitchwise.examine import findings_without_term  # noqa: PLC0415

    if file.suffix == ".txt":
        text, what = case_as_terms(case, library()), "list of HPO terms"
    else:
        packet = case_as_phenopacket(case, library(), identifier=file.stem)
        text, what = dumps(packet, indent=2, ensure_ascii=False) + "\n", "phenopacket"
    file.write_text(text, encoding="utf-8")
    typer.echo(f"The {what} is in {file}", err=True)
    left = findings_without_term(case, library())
    if left:
        typer.echo(f"Left out, because HPO has no term for them: {', '.join(left)}", err=True)


def examine_files(case: Case, files: Sequence[tuple[Path, MeasuringOrder]]) -> Examination:
    """Measure recordings one by one, each as ordered, and examine the case with them."""
    examined = []
    for file, order in files:
        with progress(f"Measuring {file.name}"):
            examined.append(examine_as_ordered(file, order))
    return examine_case(case, examined, library())


def show(examination: Examination, *, as_json: bool) -> None:
    """Print an examination."""
    from twitchwise.report import examination_as_json, examination_as_text  # noqa: PLC0415 - loads when there is a result

    if as_json:
        print_json(examination_as_json(examination))
    else:
        print_text(examination_as_text(examination))


def save(examination: Examination, file: Path) -> None:
    """Write an examination to an HTML file."""
    from twitchwise.report import write_html  # noqa: PLC0415 - figures load only when they are drawn

    with progress(f"Drawing {file.name}"):
        write_html(examination, file)
