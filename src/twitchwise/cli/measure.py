"""``twitchwise measure``: what a recording holds, with intervals and with what it cannot show."""

from pathlib import Path
from typing import Annotated

import typer

from twitchwise.cli.output import print_json, print_text, progress
from twitchwise.examine import examine_recording


def measure(
    file: Annotated[Path, typer.Argument(help="A recording: EDF, BDF, WFDB, CSV or the openhdemg .mat.")],
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    sampling_rate: Annotated[
        float | None, typer.Option(help="Samples per second, for a file that does not say.")
    ] = None,
    unit: Annotated[
        str | None, typer.Option(help="Unit of the samples, such as uV, for a file that does not say.")
    ] = None,
) -> None:
    """Measure a recording."""
    with progress(f"Measuring {file.name}"):
        examined = examine_recording(file, sampling_rate_hz=sampling_rate, unit=unit)
    from twitchwise.report import recording_as_json, recording_as_text  # noqa: PLC0415 - loads when there is a result

    if json:
        print_json(recording_as_json(examined))
    else:
        print_text(recording_as_text(examined))
