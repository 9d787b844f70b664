"""``twitchwise knowledge``: the files that everything rests on - checked, listed, and how well they are founded."""

import dataclasses
from enum import StrEnum
from typing import Annotated

import typer

from twitchwise.cli.output import print_json
from twitchwise.knowledge import library
from twitchwise.knowledge.coverage import SHELVES, coverage_of
from twitchwise.knowledge.laws import broken_laws
from twitchwise.knowledge.schema.entry import Entry

application = typer.Typer(help="The knowledge files: validate, list, coverage.", no_args_is_help=True)


class Shelf(StrEnum):
    """The folders of knowledge files, as words of the command line."""

    CONDITIONS = "conditions"
    FINDINGS = "findings"
    CHECKLISTS = "checklists"
    CLAIMS = "claims"
    MEDICINES = "medicines"
    RULES = "rules"
    ADVICE = "advice"
    PARAMETERS = "parameters"
    MUSCLES = "muscles"
    RANGES = "ranges"
    SCENES = "scenes"
    STORIES = "stories"
    SOURCES = "sources"
    VIGNETTES = "vignettes"


@application.command()
def validate() -> None:
    """Check every file and every law between files."""
    known = library()
    breaches = broken_laws(known)
    for breach in breaches:
        typer.echo(str(breach), err=True)
    if breaches:
        raise typer.Exit(2)
    typer.echo(f"{sum(len(getattr(known, shelf)) for shelf in SHELVES)} files are sound; digest {known.digest[:16]}.")


@application.command("list")
def list_entries(
    shelf: Annotated[Shelf, typer.Argument(help="Which files to list.")] = Shelf.CONDITIONS,
) -> None:
    """List ids and labels."""
    entries = getattr(library(), shelf)
    width = max(map(len, entries), default=0)
    for name, entry in entries.items():
        typer.echo(f"{name:<{width}}  {_said(entry)}")


def _said(entry: Entry) -> str:
    """Return the words that an entry is known by, whichever field holds them."""
    fields = ("label", "title", "claim", "question", "text")
    return str(next(getattr(entry, field) for field in fields if hasattr(entry, field)))


@application.command()
def coverage(json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False) -> None:
    """Say how many numbers are counted, reported or assumed, and how much of each source was read."""
    tables = dataclasses.asdict(coverage_of(library()))
    if json:
        print_json(tables)
        return
    for title, counts in tables.items():
        total = sum(counts.values())
        typer.echo(f"{title.replace('_', ' ')} ({total})")
        for name, count in counts.items():
            typer.echo(f"  {name:<12} {count:>5}  {count / total if total else 0:.0%}")
