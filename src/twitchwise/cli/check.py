"""``twitchwise check``: a case, with or without recordings, to what may cause it and how soon to seek help."""

from pathlib import Path
from typing import Annotated

import typer

from twitchwise.assess import Case
from twitchwise.cli.interview import interview
from twitchwise.cli.output import print_json, print_text, progress, require_writable
from twitchwise.examine import Examination, examine_case, examine_recording, read_case
from twitchwise.knowledge import library


def check(
    case: Annotated[
        Path | None, typer.Argument(help="A case file in YAML; without one, questions are asked here.")
    ] = None,
    recording: Annotated[
        list[Path] | None, typer.Option(help="A recording to measure and weigh; may be given several times.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    report: Annotated[Path | None, typer.Option(help="Write the result to one HTML file.")] = None,
) -> None:
    """Say what may cause a twitch and how soon to seek help, and why."""
    if report is not None:
        require_writable(report)
    known = library()
    answered = read_case(case, known) if case is not None else interview(known.findings, known.rules)
    examination = examine_files(answered, recording or [])
    show(examination, as_json=json)
    if report is not None:
        save(examination, report)
        typer.echo(f"The report is in {report}", err=True)


def examine_files(case: Case, files: list[Path]) -> Examination:
    """Measure recordings one by one and examine the case with them."""
    examined = []
    for file in files:
        with progress(f"Measuring {file.name}"):
            examined.append(examine_recording(file))
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
