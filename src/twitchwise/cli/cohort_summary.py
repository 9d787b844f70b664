"""``twitchwise cohort summary``: a study that was measured as one page."""

from pathlib import Path
from typing import Annotated

import typer

from twitchwise.cli.output import print_json, progress, require_writable

PAGE = "summary.html"


def summary(
    study: Annotated[Path, typer.Argument(help="The folder of a study that 'twitchwise cohort' wrote.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The page; summary.html in the folder of the study.", show_default=False),
    ] = None,
    quantity: Annotated[
        list[str] | None,
        typer.Option(
            help="Draw this quantity instead of the main ones; may be given several times.", show_default=False
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the numbers as JSON; a page only with --output.")] = False,
) -> None:
    """Write one HTML page on a study: who, how long, how good, what was found, how well it repeats, what failed."""
    from twitchwise.cohort.folder import tables_in  # noqa: PLC0415 - loads when there is a study to read
    from twitchwise.report import study_as_html, study_as_json  # noqa: PLC0415
    from twitchwise.report.pages import write_page  # noqa: PLC0415

    tables_in(study)
    page = None if json and output is None else output or study / PAGE
    if page is not None:
        require_writable(page)
        with progress(f"Writing {page.name}"):
            write_page(study_as_html(study, tuple(quantity or ())), page)
        typer.echo(f"The page is in {page}", err=True)
    if json:
        print_json(study_as_json(study, tuple(quantity or ())))
