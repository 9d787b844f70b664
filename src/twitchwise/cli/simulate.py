"""``twitchwise simulate``: a recording of a condition with known event times."""

from pathlib import Path
from typing import Annotated

import typer

from twitchwise.cli.output import print_json, print_text, progress, require_writable


def simulate(
    condition: Annotated[str, typer.Argument(help="A condition's id; 'twitchwise knowledge list' names them.")],
    duration: Annotated[float, typer.Option(help="Length in seconds.")] = 120.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same recording.")] = 0,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the recording to this EDF file.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the events and parameters as JSON.")] = False,
) -> None:
    """Simulate a recording of a condition, with the true times of its events."""
    if output is not None:
        require_writable(output)
    # array libraries load here, not at start-up
    from twitchwise.formats import write_edf  # noqa: PLC0415
    from twitchwise.report import simulation_as_json, simulation_as_text  # noqa: PLC0415
    from twitchwise.simulate import simulate_condition  # noqa: PLC0415

    with progress(f"Simulating {condition}"):
        simulation = simulate_condition(condition, duration_s=duration, seed=seed)
        if output is not None:
            write_edf(simulation.recording, output, event_trains=simulation.events)
    if json:
        print_json(simulation_as_json(simulation))
    else:
        print_text(simulation_as_text(simulation))
    if output is not None:
        typer.echo(f"The recording is in {output}", err=True)
