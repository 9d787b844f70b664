"""``twitchwise cohort``: a data set in, a study's tables out; and what a study is asked."""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from twitchwise.cli import cohort_power, cohort_questions, cohort_summary
from twitchwise.cli.measuring_options import (
    Discharges,
    ElectrodeOption,
    FramesPerSecond,
    MuscleOption,
    SampleUnit,
    SamplingRate,
    SideOption,
    SiteOption,
    TaskOption,
    ViewOption,
    order_of,
)
from twitchwise.cli.output import print_json
from twitchwise.cli.time_left import TimeLeft, duration_in_words
from twitchwise.vocabulary import OutOfRangeError, UnreadableRecordingError

if TYPE_CHECKING:
    from twitchwise.cohort.folder import KeptOutcome
    from twitchwise.cohort.study import Step, Study

_INTERRUPTED = 130  # 128 + SIGINT, as shells report it
_MEASURE = "measure"
_FAILURES_SHOWN = 20
_SIZES = {"": 1, "k": 1000, "m": 1000**2, "g": 1000**3, "ki": 1 << 10, "mi": 1 << 20, "gi": 1 << 30}
_LEAST_BYTES = 256 << 20  # a process that has loaded what it measures with takes half of that


class _Commands(TyperGroup):
    """Commands of which one, to measure, needs no name: ``twitchwise cohort visits -o study``."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:  # noqa: ANN401 - typer's
        """Return the command that is named first, or else that which measures."""
        if args and args[0] not in self.commands and not self._is_nearly_one(args[0]):
            args = [_MEASURE, *args]
        return super().resolve_command(ctx, args)

    def _is_nearly_one(self, word: str) -> bool:
        """Tell whether a word is no place that is there, but nearly the name of a command."""
        return bool(get_close_matches(word, self.commands)) and not Path(word).exists()

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer's
        """Let an option that stands before the data set be one of the command that measures."""
        if args and args[0].startswith("-") and args[0] not in {"--help", "-h"}:
            args = [_MEASURE, *args]
        return super().parse_args(ctx, args)


application = typer.Typer(no_args_is_help=True, cls=_Commands)


@application.callback()
def begin() -> None:
    """Many recordings: a data set in, a study's tables out, on this machine or on a Dask cluster."""
    from twitchwise.cohort.packages import require_packages  # noqa: PLC0415 - for this command alone

    require_packages()


@application.command(_MEASURE)
def measure(  # noqa: PLR0913, PLR0917 - one parameter an option
    dataset: Annotated[
        list[str],
        typer.Argument(
            help="A BIDS data set, a folder, a glob in quotes, or an address such as s3://bucket/set; may be several."
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder of the study: new, or one to go on with.")],
    table: Annotated[
        Path | None, typer.Option(help="A table of who and when (CSV or TSV) with a column 'file'.")
    ] = None,
    group_column: Annotated[str, typer.Option(help="Column that says which group a person belongs to.")] = "group",
    cluster: Annotated[
        str | None,
        typer.Option(help="A Dask scheduler, tcp://HOST:PORT or its scheduler file, instead of this machine."),
    ] = None,
    processes: Annotated[
        int | None, typer.Option(help="Processes on this machine; as many as it has cores.", show_default=False)
    ] = None,
    memory: Annotated[
        str | None, typer.Option(help="What a process may take, such as 2GiB; its share of what there is.")
    ] = None,
    sampling_rate: SamplingRate = None,
    unit: SampleUnit = None,
    electrode: ElectrodeOption = None,
    muscle: MuscleOption = None,
    discharges: Discharges = False,
    task: TaskOption = None,
    site: SiteOption = None,
    side: SideOption = None,
    view: ViewOption = None,
    fps: FramesPerSecond = None,
    force: Annotated[bool, typer.Option("--force", help="Measure again what has results already.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print what became of the recordings as JSON.")] = False,
) -> None:
    """Measure every recording of a data set into the tables of a study; the same command goes on where one stopped."""
    from twitchwise.cohort.engine import Cluster  # noqa: PLC0415 - loads when there is something to measure
    from twitchwise.cohort.study import measure as measure_study  # noqa: PLC0415

    order = order_of(
        sampling_rate=sampling_rate,
        unit=unit,
        electrode=electrode,
        muscle=muscle,
        discharges=discharges,
        task=task,
        site=site,
        side=side,
        view=view,
        fps=fps,
    )
    if cluster is not None and (processes is not None or memory is not None):
        raise OutOfRangeError("cluster must be given without --processes and --memory, which are of this machine.")
    where = Cluster(address=cluster, n_processes=processes, memory_bytes=None if memory is None else _bytes(memory))
    study = measure_study(dataset, output, order=order, table=table, group=group_column, cluster=where, force=force)
    _run(study, as_json=json)


def _run(study: "Study", *, as_json: bool) -> None:
    for warning in study.dataset.warnings:
        typer.echo(warning, err=True)
    outcomes: list[KeptOutcome] = []
    try:
        with _watched(study) as (show, told):

            def step(one: "Step") -> None:
                outcomes.append(one.outcome)
                show(one)

            study.run(step, told)
    except KeyboardInterrupt:
        _print(study, outcomes, as_json=as_json)
        typer.echo(
            f"Interrupted: {len(outcomes)} of {len(study.dataset.recordings)} recordings are done and kept in "
            f"{study.folder}; the same command goes on.",
            err=True,
        )
        raise typer.Exit(_INTERRUPTED) from None
    _print(study, outcomes, as_json=as_json)
    if not any(_is_measured(one) for one in outcomes):
        raise UnreadableRecordingError(
            f"a recording of the study must be fit to be measured, but none of its {len(outcomes)} is."
        )


@contextmanager
def _watched(study: "Study") -> Iterator[tuple[Callable[["Step"], None], Callable[[str, float], None]]]:
    """Show how many recordings are done, and how long the rest will take: a moving line for people, else lines."""
    sizes = {one.name: one.n_bytes for one in study.dataset.recordings}
    left, shares = TimeLeft(sum(sizes.values())), dict[str, float]()
    if not sys.stderr.isatty():
        yield _lines(left), lambda _name, _share: None
        return
    from rich.console import Console  # noqa: PLC0415 - rich loads only when there is something to show
    from rich.text import Text  # noqa: PLC0415

    with Console(stderr=True).status(Text("Starting")) as status:
        n_done, total = 0, len(sizes)

        def show() -> None:
            under_way = sum(share * sizes.get(name, 0) for name, share in shares.items())
            status.update(Text(f"{n_done} of {total} recordings{left.in_words(under_way)}"))

        def step(one: "Step") -> None:
            nonlocal n_done
            name, n_done = one.outcome.recording.name, one.n_done
            shares.pop(name, None)
            _count(left, one)
            if not _is_measured(one.outcome):
                typer.echo(f"{name}: {one.outcome.sentence}", err=True)
            show()

        def told(name: str, share: float) -> None:
            shares[name] = share
            show()

        yield step, told


def _lines(left: TimeLeft) -> Callable[["Step"], None]:
    def step(one: "Step") -> None:
        outcome, at = one.outcome, f"[{one.n_done} of {one.n_recordings}]"
        _count(left, one)
        if not _is_measured(outcome):
            said = outcome.sentence
        elif one.is_new:
            said = f"measured in {duration_in_words(outcome.about().seconds)}"
        else:
            said = "kept"
        typer.echo(f"{at} {outcome.recording.name}: {said}{left.in_words()}", err=True)

    return step


def _count(left: TimeLeft, one: "Step") -> None:
    n_bytes = one.outcome.recording.n_bytes
    if one.is_new:
        left.count(n_bytes)
    else:
        left.leave_out(n_bytes)


def _is_measured(outcome: "KeptOutcome") -> bool:
    return outcome.state.value == "measured"


def _print(study: "Study", outcomes: Sequence["KeptOutcome"], *, as_json: bool) -> None:
    from twitchwise.cohort.study import states_of  # noqa: PLC0415 - loaded long ago

    states = {state.value: count for state, count in states_of(outcomes).items()}
    failures = [one for one in outcomes if not _is_measured(one)]
    if as_json:
        print_json(
            {
                "folder": str(study.folder),
                "n_recordings": len(study.dataset.recordings),
                "states": states,
                "complete": len(outcomes) == len(study.dataset.recordings),
                "failures": [
                    {"recording": one.recording.name, "kind": one.state.value, "sentence": one.sentence}
                    for one in failures
                ],
            }
        )
        return
    typer.echo(f"{states['measured']} of {len(study.dataset.recordings)} recordings are measured.")
    for one in failures[:_FAILURES_SHOWN]:
        typer.echo(f"  {one.recording.name}: {one.sentence}")
    if len(failures) > _FAILURES_SHOWN:
        typer.echo(f"  and {len(failures) - _FAILURES_SHOWN} more in the table of failures")
    typer.echo(f"Tables: {study.folder / 'tables'}")
    typer.echo("Research and education software, not a medical device.")


def _bytes(text: str) -> int:
    """Return a size in bytes."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kmg]?i?)b?\s*", text.lower())
    factor = None if found is None else _SIZES.get(found[2])
    if found is None or factor is None:
        raise OutOfRangeError(f"memory must be a size such as 2GiB or 1500MB, got {text!r}.")
    size = int(float(found[1]) * factor)
    if size < _LEAST_BYTES:
        raise OutOfRangeError(f"memory must be at least 256 MiB for a process, got {text!r}.")
    return size


application.command("power")(cohort_power.power)
application.command("summary")(cohort_summary.summary)


for _name, _question in (
    ("change", cohort_questions.change),
    ("compare", cohort_questions.compare),
    ("reliability", cohort_questions.reliability),
    ("agreement", cohort_questions.agreement),
):
    application.command(_name)(_question)
