"""``twitchwise demo``: the whole job once, on a simulated recording of an example case."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from twitchwise.cli.check import examine_files, save
from twitchwise.cli.output import print_text, progress
from twitchwise.examine import MeasuringOrder, read_case
from twitchwise.knowledge import library
from twitchwise.vocabulary import OutOfRangeError

CONDITION = "benign_fasciculation_syndrome"
DURATION_S = 120.0  # two minutes: long enough to expect five fasciculations where there are any (Zhou 2012)


def demo(
    folder: Annotated[Path, typer.Option(help="Where to put the case, the recording and the report.")] = Path("demo"),
    seed: Annotated[int, typer.Option(help="Seed of the simulated recording.")] = 1,
) -> None:
    """Simulate two minutes of EMG for an example case, measure it, assess it, and write the report."""
    # array libraries load here, not at start-up
    from twitchwise.formats import write_edf  # noqa: PLC0415
    from twitchwise.report import summary_as_text  # noqa: PLC0415
    from twitchwise.simulate import simulate_condition  # noqa: PLC0415

    _make(folder)
    case, recording, report = folder / "case.yaml", folder / "recording.edf", folder / "report.html"
    case.write_bytes(files("twitchwise.cli").joinpath("demo_files", "case.yaml").read_bytes())
    with progress("Simulating two minutes of EMG"):
        simulation = simulate_condition(CONDITION, duration_s=DURATION_S, seed=seed)
        write_edf(simulation.recording, recording, event_trains=simulation.events)
    examination = examine_files(read_case(case, library()), [(recording, MeasuringOrder())])
    save(examination, report)
    print_text(summary_as_text(examination))
    typer.echo(f"The case, the recording (simulated) and the report are in {folder}/. Open {report} in a browser.")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutOfRangeError(f"folder must be one that can be made, got {str(folder)!r} ({error.strerror}).") from None
