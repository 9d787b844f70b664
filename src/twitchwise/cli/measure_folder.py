"""``twitchwise measure FOLDER``: every recording in turn, kept as it goes, and a table at the end."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from twitchwise.cli.output import print_json, print_text
from twitchwise.cli.time_left import TimeLeft
from twitchwise.examine import FolderPlan, MeasuringOrder, plan_folder
from twitchwise.vocabulary import OutOfRangeError, UnreadableRecordingError

if TYPE_CHECKING:
    from twitchwise.report import MeasuredRecordingOut

_INTERRUPTED = 130  # 128 + SIGINT, as shells report it


def measure_folder(folder: Path, order: MeasuringOrder, *, output: Path | None, force: bool, as_json: bool) -> None:
    """Measure every recording of a folder, then print what became of each.

    Ctrl-C ends after what is done: the table is printed, results stay, and the exit code is 130.

    Raises
    ------
    OutOfRangeError
        If the output is named like a table.
    UnreadableRecordingError
        If the folder holds no recordings, or not one that can be measured.
    UnwritableFileError
        If the output holds something else, or cannot be written.
    """
    if output is not None and output.suffix.lower() == ".tsv":
        raise OutOfRangeError(f"output must be a folder for the results of a folder, got {str(output)!r}.")
    plan = plan_folder(folder, order, output=output, force=force)
    rows: list[MeasuredRecordingOut] = []
    try:
        _measure_all(plan, rows, whole=as_json)
    except KeyboardInterrupt:
        _print(rows, plan, as_json=as_json)
        typer.echo(_interrupted(len(rows), plan), err=True)
        raise typer.Exit(_INTERRUPTED) from None
    _print(rows, plan, as_json=as_json)
    if all(row.refusal for row in rows):
        raise UnreadableRecordingError(
            f"a recording of {str(folder)!r} must be fit to be measured, but none of its {len(rows)} is."
        )


def _measure_all(plan: FolderPlan, rows: "list[MeasuredRecordingOut]", *, whole: bool) -> None:
    """Measure one recording after the other, say a line for each, and add its row."""
    from twitchwise.report import measured_in_a_line, measured_row, recording_as_json  # noqa: PLC0415 - rich loads here
    from twitchwise.report.display import clean  # noqa: PLC0415

    left, total = TimeLeft(sum(one.n_bytes for one in plan.recordings if not one.is_kept)), len(plan.recordings)
    for number, planned in enumerate(plan.recordings, start=1):
        with _watched(f"[{number} of {total}] {clean(planned.name)}", left, planned.n_bytes) as progress:
            done = plan.measure(planned, recording_as_json, progress)
        if not planned.is_kept:
            left.count(planned.n_bytes)
        rows.append(measured_row(done, whole=whole))
        typer.echo(f"[{number} of {total}] {measured_in_a_line(rows[-1])}{left.in_words()}", err=True)


@contextmanager
def _watched(doing: str, left: TimeLeft, n_bytes: int) -> Iterator[Callable[[float], None]]:
    """Show how much of one recording is done, and how long all will take, when a person watches."""
    if not sys.stderr.isatty():
        yield lambda _share: None
        return
    from rich.console import Console  # noqa: PLC0415 - rich loads only when there is something to show
    from rich.text import Text  # noqa: PLC0415

    with Console(stderr=True).status(Text(doing)) as status:
        yield lambda share: status.update(Text(f"{doing}: {share:.0%}{left.in_words(share * n_bytes)}"))


def _print(rows: "Sequence[MeasuredRecordingOut]", plan: FolderPlan, *, as_json: bool) -> None:
    from twitchwise.report import measured_set_as_json, measured_set_as_text  # noqa: PLC0415 - rich loads here

    complete = len(rows) == len(plan.recordings)
    if as_json:
        print_json(measured_set_as_json(rows, plan.folder, plan.output, complete=complete))
    else:
        print_text(measured_set_as_text(rows, plan.folder, plan.output, complete=complete))


def _interrupted(done: int, plan: FolderPlan) -> str:
    said = f"Interrupted: {done} of {len(plan.recordings)} recordings are done"
    if plan.output is None:
        return f"{said}; with --output they would be kept."
    return f"{said} and kept in {plan.output}; the same command goes on."
