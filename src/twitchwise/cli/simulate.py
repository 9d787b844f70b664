"""``twitchwise simulate``: recordings of a condition with known truth, one file or a labeled data set."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from twitchwise.cli.output import counted_progress, print_json, print_text, require_writable
from twitchwise.cli.simulate_device import DeviceOrder, is_for_a_device, simulate_on_device
from twitchwise.cli.simulate_makers import Makers
from twitchwise.cli.simulate_people import Asked, SexAsked
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.checks import require_positive, require_within

if TYPE_CHECKING:
    from twitchwise.simulate import Apparatus, DataSet, Setting
    from twitchwise.simulate.pickup import Electrodes

MM = 1e-3
PERCENT = 100  # steps of progress for what fires, and as many for what is recorded of it
MOST_ROWS = 64  # a larger grid than any amplifier takes
MOST_SUBJECTS = 100_000


def simulate(  # noqa: PLR0913, PLR0917 - a command's options
    condition: Annotated[
        str | None, typer.Argument(help="A condition's id, healthy, or healthy_contraction; --list names them.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="An .edf file; a .csv or .mp4 as a phone or a camera has it; or a folder for an EMG-BIDS data set.",
        ),
    ] = None,
    duration: Annotated[
        float | None, typer.Option(help="Length in seconds; without it what the scene takes.", show_default=False)
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same recording.")] = 0,
    severity: Annotated[
        str | None,
        typer.Option(
            help="0 to 2, or mild, moderate, severe; 1 is what the file says. Of several people also a range, 0.5-1.5; "
            "without it they differ around 1.",
            show_default=False,
        ),
    ] = None,
    muscle: Annotated[str | None, typer.Option(help="Instead of the condition's own.", show_default=False)] = None,
    scene: Annotated[str | None, typer.Option(help="What is done meanwhile.", show_default=False)] = None,
    subjects: Annotated[
        int, typer.Option(help="How many people the data set is to have; what was interrupted goes on.")
    ] = 1,
    add: Annotated[bool, typer.Option("--add", help="Add so many people to the data set, whoever is in it.")] = False,
    age: Annotated[
        str | None,
        typer.Option(help="Years: 70; of several people also 40-75 or 65+-8; without it, as the condition has it."),
    ] = None,
    sex: Annotated[SexAsked | None, typer.Option(help="female, male, or both.", show_default=False)] = None,
    female_share: Annotated[
        float | None, typer.Option(help="Share of women, 0 to 1; without it, as the condition has it.")
    ] = None,
    alike: Annotated[
        bool, typer.Option("--alike", help="People of one body and severity, whose motor units differ.")
    ] = False,
    units: Annotated[
        int | None, typer.Option(help="Motor units drawn; the muscle keeps its force.", show_default=False)
    ] = None,
    grid: Annotated[
        str | None, typer.Option(help="Rows x columns of electrodes, for example 8x8.", show_default=False)
    ] = None,
    spacing_mm: Annotated[float, typer.Option(help="Between the electrodes of a grid.")] = 8.0,
    needle_mm: Annotated[
        float | None, typer.Option(help="Depth of a concentric needle instead.", show_default=False)
    ] = None,
    rate: Annotated[float, typer.Option(help="Samples per second.")] = 2048.0,
    device: Annotated[
        str | None, typer.Option(help="phone, watch or camera instead of electrodes.", show_default=False)
    ] = None,
    export: Annotated[
        str, typer.Option(help="File of a phone or watch: plain, sensor_logger, phyphox, cloudupdrs or tsdf.")
    ] = "plain",
    fps: Annotated[float, typer.Option(help="Pictures per second of a film.")] = 30.0,
    size: Annotated[str, typer.Option(help="Width x height of a film in pixels.")] = "1280x720",
    shake: Annotated[str, typer.Option(help="How the camera is held: handheld or tripod.")] = "handheld",
    changes: Annotated[
        list[str] | None, typer.Option("--set", help="PARAMETER=VALUE in the unit of its file; may be repeated.")
    ] = None,
    story: Annotated[
        Literal["evidence", "popular"], typer.Option(help="Which side of a popular story that evidence contradicts.")
    ] = "evidence",
    cluster: Annotated[
        str | None,
        typer.Option(
            help="A Dask scheduler, tcp://HOST:PORT or its file, whose workers make a data set.", show_default=False
        ),
    ] = None,
    processes: Annotated[
        int | None,
        typer.Option(help="How many processes of this machine make a data set.", show_default="one per core"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print files, truth and seconds by stage as JSON.")] = False,
    list_: Annotated[bool, typer.Option("--list", help="Name what can be simulated.")] = False,
) -> None:
    """Simulate recordings of a condition, with every discharge and event known."""
    if list_:
        _list()
        return
    if condition is None:
        raise OutOfRangeError("condition must be given; 'twitchwise simulate --list' names what can be simulated.")
    require_within("subjects", subjects, 1, MOST_SUBJECTS)
    # array libraries load here, not at start-up
    from twitchwise.simulate import Apparatus, Setting  # noqa: PLC0415

    on_device = is_for_a_device(output, device)
    is_for_many = not on_device and (subjects > 1 or (output is not None and output.suffix.lower() != ".edf"))
    makers = Makers(cluster=cluster, processes=processes)
    if not is_for_many:
        makers.require_nobody()
    asked = Asked(age=age, sex=sex, female_share=female_share, severity=severity, alike=alike)
    setting = Setting(
        condition=condition,
        severity=asked.one_severity(is_for_many=is_for_many),
        muscle=muscle,
        scene=scene,
        changes=_changes(changes or ()),
        story=story,
    )
    if on_device:
        of_device = DeviceOrder(device=device, export=export, fps=fps, size=size, shake=shake, traits=asked.traits())
        simulate_on_device(setting, duration, seed, cast("Path", output), of_device, as_json=json)
        return
    apparatus = Apparatus(electrodes=_electrodes(grid, spacing_mm, needle_mm), sampling_rate_hz=rate, n_units=units)
    order = _Order(setting, apparatus, duration, seed)
    if is_for_many:
        _many(order, asked, subjects, output, add=add, makers=makers, as_json=json)
    else:
        _one(order, asked, output, as_json=json)


class _Order:
    """What was asked for on the command line."""

    def __init__(self, setting: "Setting", apparatus: "Apparatus", duration_s: float | None, seed: int) -> None:
        self.setting, self.apparatus, self.duration_s, self.seed = setting, apparatus, duration_s, seed


def _one(order: _Order, asked: Asked, output: Path | None, *, as_json: bool) -> None:
    if output is not None:
        require_writable(output)
    from twitchwise.formats import write_edf  # noqa: PLC0415 - array libraries load here, not at start-up
    from twitchwise.report import simulation_as_json, simulation_as_text  # noqa: PLC0415
    from twitchwise.simulate import simulate_condition  # noqa: PLC0415

    with counted_progress(f"Simulating {order.setting.condition}") as show:
        simulation = simulate_condition(
            order.setting,
            duration_s=order.duration_s,
            seed=order.seed,
            apparatus=order.apparatus,
            traits=asked.traits(),
            progress=lambda share: show(round(PERCENT * share), 2 * PERCENT),
        )
        simulation.make(lambda share: show(PERCENT + round(PERCENT * share), 2 * PERCENT))
        if output is not None:
            with simulation.stopwatch.stage("files"):
                write_edf(simulation.recording, output, event_trains=simulation.events)
    files = [] if output is None else [output]
    if as_json:
        print_json(simulation_as_json(simulation, files))
    else:
        print_text(simulation_as_text(simulation))
    if output is not None:
        typer.echo(f"The recording is in {output}", err=True)


def _many(  # noqa: PLR0913 - what, whom, how many, where to, and by whom
    order: _Order,
    asked: Asked,
    subjects: int,
    output: Path | None,
    *,
    add: bool,
    makers: Makers,
    as_json: bool,
) -> None:
    if output is None:
        raise OutOfRangeError("output must be a folder for a data set of several subjects, got none; give -o FOLDER.")
    if output.suffix.lower() == ".edf":
        raise OutOfRangeError(f"output must be a folder for a data set of several subjects, got {str(output)!r}.")
    from twitchwise.report import data_set_as_json  # noqa: PLC0415 - array libraries load here, not at start-up

    with counted_progress(f"Simulating {subjects} of {order.setting.condition}") as show:
        data_set = makers.of(subjects)(
            order.setting,
            output,
            n_subjects=subjects,
            seed=order.seed,
            duration_s=order.duration_s,
            apparatus=order.apparatus,
            people=asked.people(),
            add=add,
            progress=show,
        )
    if as_json:
        print_json(data_set_as_json(data_set))
    else:
        typer.echo(_said(data_set, output))


def _said(data_set: "DataSet", output: Path) -> str:
    n_made, n_before = len(data_set.subjects), data_set.n_before
    if n_made == 0:
        there = "The person was" if n_before == 1 else f"All {n_before} people were"
        return f"{there} in {output} before; --add makes more."
    made = "1 recording and its truth are" if n_made == 1 else f"{n_made} recordings and their truth are"
    before = f" {n_before} were there before." if n_before else ""
    return f"{made} in {output}, {len(data_set.files)} files in EMG-BIDS.{before}"


def _list() -> None:
    from twitchwise.knowledge import library  # noqa: PLC0415 - the knowledge is read when it is asked for
    from twitchwise.simulate.condition import known_conditions  # noqa: PLC0415

    known, conditions = known_conditions(), library().conditions
    width = max(map(len, known))
    for name in known:
        label = conditions[name].label if name in conditions else "Nothing changed"
        typer.echo(f"{name:<{width}}  {label}")
    typer.echo(f"\nscenes: {', '.join(library().scenes)}\nmuscles: {', '.join(library().muscles)}")


def _electrodes(grid: str | None, spacing_mm: float, needle_mm: float | None) -> "Electrodes | None":
    from twitchwise.simulate.muscle import ConcentricNeedle, Grid  # noqa: PLC0415 - array libraries load here

    if grid is not None and needle_mm is not None:
        raise OutOfRangeError("electrodes must be a grid or a needle, got both --grid and --needle-mm.")
    if needle_mm is not None:
        require_positive("needle-mm", needle_mm)
        return ConcentricNeedle(depth_m=MM * needle_mm)
    if grid is None:
        return None
    found = re.fullmatch(r"\s*(\d{1,3})\s*[xX]\s*(\d{1,3})\s*", grid)
    rows, columns = (int(number) for number in found.groups()) if found else (0, 0)
    if not (1 <= rows <= MOST_ROWS and 1 <= columns <= MOST_ROWS):
        raise OutOfRangeError(f"grid must be rows x columns of 1 to {MOST_ROWS}, for example 8x8, got {grid!r}.")
    require_positive("spacing-mm", spacing_mm)
    return Grid(rows=rows, columns=columns, spacing_m=MM * spacing_mm)


def _changes(texts: Sequence[str]) -> dict[str, float]:
    changes: dict[str, float] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        try:
            changes[name.strip()] = float(value)
        except ValueError:
            equals = ""
        if not equals:
            raise OutOfRangeError(f"--set must be PARAMETER=VALUE, for example ionized_calcium=0.0009, got {text!r}.")
    return changes
