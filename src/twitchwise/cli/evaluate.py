"""``twitchwise evaluate``: how good the assessment is on published cases, with abstention and what it misses."""

from pathlib import Path
from typing import Annotated

import typer

from twitchwise.cli.output import counted_progress, print_json, print_text, require_writable
from twitchwise.knowledge import library


def evaluate(
    cases: Annotated[list[Path], typer.Argument(help="Files of cases, one JSON object a line, or folders of them.")],
    json: Annotated[bool, typer.Option("--json", help="Print the scores as JSON.")] = False,
    page: Annotated[Path | None, typer.Option(help="Write a Markdown page, with a plot beside it.")] = None,
    constructed: Annotated[bool, typer.Option(help="Add 500 constructed benign twitch cases, marked as such.")] = True,
) -> None:
    """Score the assessment on cases whose answer is known."""
    from twitchwise.examine.evaluation import evaluate as score  # noqa: PLC0415 - loads when it is asked for
    from twitchwise.examine.evaluation import read_case_sets  # noqa: PLC0415
    from twitchwise.report import evaluation_as_json, evaluation_as_text, write_evaluation_page  # noqa: PLC0415

    if page is not None:
        require_writable(page)
    sets = read_case_sets(cases)
    with counted_progress("Assessing cases") as tell:
        result = score(sets, library(), constructed=constructed, progress=tell)
    if json:
        print_json(evaluation_as_json(result))
    else:
        print_text(evaluation_as_text(result))
    if page is not None:
        write_evaluation_page(result, page)
        typer.echo(f"The page is in {page}", err=True)
