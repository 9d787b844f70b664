"""``twitchwise measure``: what a recording or a folder of them holds, with intervals and with what it cannot show."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from twitchwise.cli.measure_folder import measure_folder
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
from twitchwise.cli.output import counted_progress, print_json, print_text, require_writable
from twitchwise.cli.reports import (
    LANGUAGE_HELP,
    REPORT_HELP,
    WITH_BIDS_HELP,
    WITH_RECORDINGS_HELP,
    Along,
    LanguageChoice,
    require_places,
    written_reports,
)
from twitchwise.examine import ExaminedRecording, MeasuringOrder, examine_as_ordered, write_clips
from twitchwise.vocabulary import OutOfRangeError

_STEPS = 1000  # finer than a bar shows


def measure(  # noqa: PLR0913, PLR0917 - one parameter an option
    file: Annotated[
        Path,
        typer.Argument(
            help="A recording (EDF, BDF, WFDB, CSV, OTBioLab+ and others), an EMG-BIDS data set, or a folder."
        ),
    ],
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
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
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Of a recording: a .tsv file for its events. Of a folder: one for results."
        ),
    ] = None,
    report: Annotated[list[Path] | None, typer.Option(help=f"Of a recording: {REPORT_HELP}")] = None,
    with_recordings: Annotated[bool, typer.Option("--with-recordings", help=WITH_RECORDINGS_HELP)] = False,
    with_bids: Annotated[bool, typer.Option("--with-bids", help=WITH_BIDS_HELP)] = False,
    language: Annotated[LanguageChoice, typer.Option(help=LANGUAGE_HELP)] = LanguageChoice.EN,
    figures: Annotated[
        Path | None, typer.Option(help="Write the figures of a recording to a folder, as SVG files.")
    ] = None,
    clips: Annotated[
        Path | None, typer.Option(help="Write a slow, magnified clip of each twitch of a video to a folder.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Measure again what has results already.")] = False,
) -> None:
    """Measure a recording, or every recording of a folder."""
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
    if file.is_dir() and not _is_one_recording(file):
        _refuse_pages_of(file, {"report": next(iter(report or ()), None), "figures": figures, "clips": clips})
        measure_folder(file, order, output=output, force=force, as_json=json)
    else:
        outputs = Outputs(
            events=output,
            reports=tuple(report or ()),
            along=Along(recordings=with_recordings, bids=with_bids, language=language),
            figures=figures,
            clips=clips,
        )
        outputs.require_room()
        _measure_file(file, order, outputs, as_json=json)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outputs:
    """Where the results of one recording go besides the terminal."""

    events: Path | None = None
    reports: tuple[Path, ...] = ()
    along: Along = field(default_factory=Along)
    figures: Path | None = None
    clips: Path | None = None

    def require_room(self) -> None:
        """Raise OutOfRangeError where something cannot go, before any work is done for it."""
        if self.events is not None:
            _require_table(self.events)
        require_places(self.reports, self.along)
        for name, folder in (("figures", self.figures), ("clips", self.clips)):
            if folder is not None and folder.exists() and not folder.is_dir():
                raise OutOfRangeError(f"{name} must go to a folder, got the file {str(folder)!r}.")


def _is_one_recording(folder: Path) -> bool:
    """Tell whether a folder is one recording, as an export of a phone is when it was unpacked."""
    from twitchwise.formats import is_recording_folder  # noqa: PLC0415 - array libraries load here, not at start-up

    return is_recording_folder(folder)


def _refuse_pages_of(folder: Path, outputs: Mapping[str, Path | None]) -> None:
    for name, given in outputs.items():
        if given is not None:
            raise OutOfRangeError(f"{name} must be of one recording, got the folder {str(folder)!r}.")


def _measure_file(file: Path, order: MeasuringOrder, outputs: Outputs, *, as_json: bool) -> None:
    with counted_progress(f"Measuring {file.name}") as show:
        examined = examine_as_ordered(file, order, lambda share: show(round(_STEPS * share), _STEPS))
    from twitchwise.report import recording_as_json, recording_as_text  # noqa: PLC0415 - loads when there is a result

    written = list(_written(examined, outputs))  # files first: a reader such as `head` may close the output early
    if as_json:
        print_json(recording_as_json(examined))
    else:
        print_text(recording_as_text(examined))
    for said in written:
        typer.echo(said, err=True)


def _written(examined: ExaminedRecording, outputs: Outputs) -> Iterator[str]:
    """Write what was asked for, and say where each is."""
    if outputs.events is not None:
        from twitchwise.formats import write_events  # noqa: PLC0415 - array libraries load here, not at start-up

        write_events(outputs.events, (*examined.result.events, *examined.result.discharges), examined.recording)
        yield f"The events are in {outputs.events}"
    yield from written_reports(examined, outputs.reports, outputs.along)
    if outputs.figures is not None:
        from twitchwise.report import write_figures  # noqa: PLC0415 - figures load only when they are drawn

        files = write_figures(examined, outputs.figures)
        yield f"{len(files)} figure{'' if len(files) == 1 else 's'} in {outputs.figures}"
    if outputs.clips is not None:
        files = write_clips(examined, outputs.clips)
        yield f"{len(files)} clip{'' if len(files) == 1 else 's'} in {outputs.clips}"


def _require_table(output: Path) -> None:
    """Raise OutOfRangeError where the events of one recording cannot go, before any work is done for them."""
    if output.suffix.lower() != ".tsv":
        raise OutOfRangeError(f"output must be a .tsv file for the events of one recording, got {str(output)!r}.")
    require_writable(output)
