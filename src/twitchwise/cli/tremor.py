"""``twitchwise tremor``: several recordings of one tremor, compared by task, side, load, tapping and visit."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twitchwise.cli.measuring_options import SideChoice
from twitchwise.cli.output import print_json, print_text, progress
from twitchwise.vocabulary import Measurement, Side

if TYPE_CHECKING:
    from twitchwise.measure.motion.tremor.together import TremorComparison
    from twitchwise.measure.results import RecordingMeasurements

_File = Path | None


def tremor(  # noqa: PLR0913, PLR0917 - one parameter an option
    rest: Annotated[_File, typer.Option(help="The hand at rest.")] = None,
    posture: Annotated[_File, typer.Option(help="The hand held out.")] = None,
    action: Annotated[_File, typer.Option(help="The hand in movement.")] = None,
    standing: Annotated[_File, typer.Option(help="A leg or the trunk while standing.")] = None,
    loaded: Annotated[_File, typer.Option(help="The hand held out with a load; needs --posture.")] = None,
    load_kg: Annotated[float | None, typer.Option(help="Mass of the load in kg.")] = None,
    left: Annotated[_File, typer.Option(help="The left side, at the same time as --right.")] = None,
    right: Annotated[_File, typer.Option(help="The right side, at the same time as --left.")] = None,
    second_sensor: Annotated[
        _File, typer.Option(help="A second sensor, at the same time as --posture or --rest.")
    ] = None,
    before: Annotated[_File, typer.Option(help="An earlier visit; needs --after.")] = None,
    after: Annotated[_File, typer.Option(help="A later visit; needs --before.")] = None,
    tap_1: Annotated[_File, typer.Option("--tap-1", help="While the other hand taps at 1 Hz.")] = None,
    tap_3: Annotated[_File, typer.Option("--tap-3", help="While the other hand taps at 3 Hz.")] = None,
    tap_5: Annotated[_File, typer.Option("--tap-5", help="While the other hand taps at 5 Hz.")] = None,
    ballistic: Annotated[_File, typer.Option(help="While the other hand makes quick movements.")] = None,
    site: Annotated[str | None, typer.Option(help="Part of the body that the sensors were on.")] = None,
    side: Annotated[SideChoice | None, typer.Option(help="Side that the sensors were on.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Compare several recordings of a tremor: tasks, sides, load, tapping, quick movements, visits."""
    files = {
        "rest": rest, "posture": posture, "action": action, "standing": standing, "loaded": loaded, "left": left,
        "right": right, "second_sensor": second_sensor, "before": before, "after": after, "tap_1": tap_1,
        "tap_3": tap_3, "tap_5": tap_5, "ballistic": ballistic,
    }  # fmt: skip
    with progress("Comparing recordings of tremor"):
        compared = _compared({name: file for name, file in files.items() if file is not None}, load_kg, site, side)
    if json:
        print_json(_as_json(compared))
    else:
        print_text("\n".join(_as_text(compared)))


def _compared(
    files: Mapping[str, Path], load_kg: float | None, site: str | None, side: SideChoice | None
) -> "TremorComparison":
    from twitchwise.formats import read_recording  # noqa: PLC0415 - array libraries load here, not at start-up
    from twitchwise.measure.motion.tremor.together import TremorRecordings, compare_tremor  # noqa: PLC0415

    # a file that is given twice is one recording, whose sensors share a clock
    read = {file: read_recording(file) for file in dict.fromkeys(files.values())}
    recordings = TremorRecordings(**{name: read[file] for name, file in files.items()}, load_kg=load_kg)
    return compare_tremor(recordings, site=site, side=None if side is None else Side(side.value))


def _as_json(compared: "TremorComparison") -> dict[str, object]:
    return {
        "recordings": {name: _recording_as_json(result) for name, result in compared.recordings.items()},
        "comparisons": [_measurement_as_json(one) for one in compared.measurements],
        "battery": {
            "items": [{"name": item.name, "point": item.point, "said": item.said} for item in compared.battery],
            "points": sum(item.point or 0 for item in compared.battery),
            "scored": sum(item.point is not None for item in compared.battery),
        },
        "statements": list(compared.statements),
    }


def _recording_as_json(result: "RecordingMeasurements") -> dict[str, object]:
    return {
        "summary": result.summary,
        "warnings": list(result.warnings),
        "measurements": [_measurement_as_json(one) for one in result.measurements],
        "events": [
            {
                "kind": event.kind.value,
                "channel": event.channel,
                "start_s": event.start_s,
                "end_s": event.end_s,
                "peak": event.peak,
                "probability": event.probability,
            }
            for train in result.events
            for event in train
        ],
    }


def _measurement_as_json(one: Measurement) -> dict[str, object]:
    return {
        "id": one.id,
        "value": one.value,
        "low": one.low,
        "high": one.high,
        "unit": one.unit.value,
        "channel": one.channel,
        "method": one.method,
        "doubts": list(one.doubts),
    }


def _as_text(compared: "TremorComparison") -> Iterator[str]:
    for name, result in compared.recordings.items():
        yield f"{name.replace('_', ' ')}: {result.summary}"
        yield from (f"  {warning}" for warning in result.warnings if warning != result.summary)
    if compared.measurements:
        yield ""
    for one in compared.measurements:
        name = one.id.replace("_", " ")
        yield f"{name}: {one.value:.3g} ({one.low:.3g} to {one.high:.3g}) {one.unit.value}"
    if compared.battery:
        yield ""
        for item in compared.battery:
            yield f"{'?' if item.point is None else item.point}  {item.name}: {item.said}"
    yield ""
    yield from compared.statements
    yield "Research and education software, not a medical device. Nothing here tells a disease."
