"""What a file does not say and what to look for, as options of the commands that measure."""

from enum import StrEnum
from typing import Annotated

import typer

from twitchwise.examine import MeasuringOrder
from twitchwise.knowledge import library
from twitchwise.vocabulary import Electrode, Side, Task, View


class SideChoice(StrEnum):
    """The side that a sensor was on or a video shows; of a body it is one of the two."""

    LEFT = "left"
    RIGHT = "right"


class ElectrodeChoice(StrEnum):
    """How an EMG can have been taken."""

    SURFACE = "surface"
    NEEDLE = "needle"


SamplingRate = Annotated[float | None, typer.Option(help="Samples per second, for a file that does not say.")]
SampleUnit = Annotated[str | None, typer.Option(help="Unit of the samples, such as uV, for a file that does not say.")]
ElectrodeOption = Annotated[
    ElectrodeChoice | None, typer.Option(help="How the EMG was taken, for a file that does not say.")
]
MuscleOption = Annotated[
    str | None, typer.Option(help="Muscle, for published ranges; 'twitchwise knowledge list muscles' names them.")
]
Discharges = Annotated[
    bool, typer.Option("--discharges", help="List every discharge of every motor unit, during activity too.")
]
TaskOption = Annotated[Task | None, typer.Option(help="What the person did while motion was recorded.")]
SiteOption = Annotated[
    str | None,
    typer.Option(help="Part of the body a motion sensor was on or a video shows, such as hand or head."),
]
SideOption = Annotated[SideChoice | None, typer.Option(help="Side a motion sensor was on or a video shows.")]
ViewOption = Annotated[View | None, typer.Option(help="What a video shows; else judged from its pictures.")]
FramesPerSecond = Annotated[
    float | None, typer.Option(help="Pictures per second of a video whose file says it wrongly (slow motion).")
]


def order_of(  # noqa: PLR0913 - one parameter an option
    *,
    sampling_rate: float | None,
    unit: str | None,
    electrode: ElectrodeChoice | None,
    muscle: str | None,
    discharges: bool,
    task: Task | None,
    site: str | None,
    side: SideChoice | None,
    view: View | None,
    fps: float | None,
) -> MeasuringOrder:
    """Return what was asked for."""
    return MeasuringOrder(
        sampling_rate_hz=sampling_rate,
        unit=unit,
        electrode=None if electrode is None else Electrode(electrode.value),
        muscle=None if muscle is None else library().muscle_named(muscle) or muscle,
        discharges=discharges,
        task=task,
        site=site,
        side=None if side is None else Side(side.value),
        view=view,
        frame_rate_hz=fps,
    )
