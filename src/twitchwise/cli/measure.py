"""``twitchwise measure``: what a recording or a folder of them holds, with intervals and with what it cannot show."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from twitchwise.cli.measure_folder import measure_folder
from twitchwise.cli.output import counted_progress, print_json, print_text, require_writable
from twitchwise.examine import MeasuringOrder, examine_as_ordered
from twitchwise.vocabulary import Electrode, OutOfRangeError

_STEPS = 1000  # finer than a bar shows


class ElectrodeChoice(StrEnum):
    """How an EMG can have been taken."""

    SURFACE = "surface"
    NEEDLE = "needle"


def measure(  # noqa: PLR0913, PLR0917 - one parameter an option
    file: Annotated[
        Path,
        typer.Argument(
            help="A recording (EDF, BDF, WFDB, CSV, OTBioLab+ and others), an EMG-BIDS data set, or a folder."
        ),
    ],
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    sampling_rate: Annotated[
        float | None, typer.Option(help="Samples per second, for a file that does not say.")
    ] = None,
    unit: Annotated[
        str | None, typer.Option(help="Unit of the samples, such as uV, for a file that does not say.")
    ] = None,
    electrode: Annotated[
        ElectrodeChoice | None, typer.Option(help="How the EMG was taken, for a file that does not say.")
    ] = None,
    muscle: Annotated[
        str | None,
        typer.Option(help="Muscle, for published ranges; 'twitchwise knowledge list muscles' names them."),
    ] = None,
    discharges: Annotated[
        bool, typer.Option("--discharges", help="List every discharge of every motor unit, during activity too.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Of a recording: a .tsv file for its events. Of a folder: one for results."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Measure again what has results already.")] = False,
) -> None:
    """Measure a recording, or every recording of a folder."""
    order = MeasuringOrder(
        sampling_rate_hz=sampling_rate,
        unit=unit,
        electrode=None if electrode is None else Electrode(electrode.value),
        muscle=muscle,
        discharges=discharges,
    )
    if file.is_dir():
        measure_folder(file, order, output=output, force=force, as_json=json)
    else:
        _measure_file(file, order, output=output, as_json=json)


def _measure_file(file: Path, order: MeasuringOrder, *, output: Path | None, as_json: bool) -> None:
    if output is not None:
        _require_table(output)
    with counted_progress(f"Measuring {file.name}") as show:
        examined = examine_as_ordered(file, order, lambda share: show(round(_STEPS * share), _STEPS))
    from twitchwise.report import recording_as_json, recording_as_text  # noqa: PLC0415 - loads when there is a result

    if output is not None:
        from twitchwise.formats import write_events  # noqa: PLC0415 - array libraries load here, not at start-up

        write_events(output, (*examined.result.events, *examined.result.discharges), examined.recording)
    if as_json:
        print_json(recording_as_json(examined))
    else:
        print_text(recording_as_text(examined))
    if output is not None:
        typer.echo(f"The events are in {output}", err=True)


def _require_table(output: Path) -> None:
    """Raise OutOfRangeError where the events of one recording cannot go, before any work is done for them."""
    if output.suffix.lower() != ".tsv":
        raise OutOfRangeError(f"output must be a .tsv file for the events of one recording, got {str(output)!r}.")
    require_writable(output)
