"""Composes the steps: recordings are measured, measurements become findings, and the case is assessed."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from twitchwise.assess import Assessment, Case, assess_case
from twitchwise.examine.examined import ExaminedRecording
from twitchwise.examine.observed import denied_warnings, doubt_warnings, observed_in, sightings
from twitchwise.examine.order import MeasuringOrder, Progress
from twitchwise.knowledge import Library
from twitchwise.vocabulary import Electrode, Measurement, Side, Task, View

if TYPE_CHECKING:
    from twitchwise.measure.spreading import Spread
    from twitchwise.signals import Recording, Video


@dataclass(frozen=True, kw_only=True, slots=True)
class Examination:
    """The visit as a whole.

    Parameters
    ----------
    case
        What was answered, with what the recordings added.
    recordings
        Each recording with its measurements.
    assessment
        Urgency and causes.
    library
        The knowledge it was judged by.
    warnings
        Everything that a reader must know before leaning on the result.
    """

    case: Case
    recordings: tuple[ExaminedRecording, ...]
    assessment: Assessment
    library: Library
    warnings: tuple[str, ...]

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        """All measurements of all recordings."""
        return tuple(value for examined in self.recordings for value in examined.result.measurements)


def examine_recording(  # noqa: PLR0913 - each says one thing that the file may leave open
    file: Path,
    *,
    sampling_rate_hz: float | None = None,
    unit: str | None = None,
    electrode: Electrode | None = None,
    muscle: str | None = None,
    discharges: bool = False,
    task: Task | None = None,
    site: str | None = None,
    side: Side | None = None,
    view: View | None = None,
    frame_rate_hz: float | None = None,
) -> ExaminedRecording:
    """Read and measure one recording or video.

    Parameters
    ----------
    file
        A recording in any format that the program reads.
    sampling_rate_hz, unit, electrode
        What the file does not say.
    muscle
        Id of the muscle, for published ranges.
    discharges
        Whether to look for every discharge of every motor unit too.
    task, site, side, view
        What the person did, which part of the body moved, and what a video shows.
    frame_rate_hz
        Pictures per second of a video whose file says it wrongly.

    Raises
    ------
    UnreadableRecordingError
        If the file cannot be read.
    OutOfRangeError
        If it holds nothing that can be measured, or the muscle is not known.
    """
    order = MeasuringOrder(
        sampling_rate_hz=sampling_rate_hz,
        unit=unit,
        electrode=electrode,
        muscle=muscle,
        discharges=discharges,
        task=task,
        site=site,
        side=side,
        view=view,
        frame_rate_hz=frame_rate_hz,
    )
    return examine_as_ordered(file, order)


def examine_as_ordered(file: Path, order: MeasuringOrder, progress: Progress | None = None) -> ExaminedRecording:
    """Read and measure one recording, telling how much is done.

    Parameters
    ----------
    file
        A recording in any format that the program reads.
    order
        What the file does not say, and what to look for.
    progress
        Is told how much is done, from 0 to 1.

    Raises
    ------
    UnreadableRecordingError
        If the file cannot be read.
    OutOfRangeError
        If it holds nothing that can be measured.
    """
    # array libraries load here, not at start-up
    from twitchwise.formats import is_video, read_recording, read_video  # noqa: PLC0415

    if is_video(file):
        return examine_filmed(read_video(file, frame_rate_hz=order.frame_rate_hz), order, progress)
    recording = read_recording(
        file, sampling_rate_hz=order.sampling_rate_hz, unit=order.unit, electrode=order.electrode
    )
    return examine_opened(recording, order, progress)


def examine_opened(
    recording: "Recording",
    order: MeasuringOrder,
    progress: Progress | None = None,
    spread: "Spread | None" = None,
) -> ExaminedRecording:
    """Measure a recording that is open already, telling how much is done.

    Parameters
    ----------
    recording
        What is measured.
    order
        What it does not say, and what to look for.
    progress
        Is told how much is done, from 0 to 1.
    spread
        Has the pieces of the work done; one after the other in this process unless given.

    Raises
    ------
    OutOfRangeError
        If it holds nothing that can be measured.
    UnreadableRecordingError
        If no channel can be analyzed.
    """
    from twitchwise.measure import measure_recording  # noqa: PLC0415 - array libraries load here, not at start-up

    result = measure_recording(
        recording,
        discharges=order.discharges,
        task=order.task,
        site=order.site,
        side=order.side,
        progress=progress,
        spread=spread,
    )
    return ExaminedRecording(recording=recording, result=result, muscle=order.muscle, site=order.site, side=order.side)


def examine_filmed(video: "Video", order: MeasuringOrder, progress: Progress | None = None) -> ExaminedRecording:
    """Measure a video that is open already, telling how much is done.

    Parameters
    ----------
    video
        What is measured.
    order
        What it does not say.
    progress
        Is told how much is done, from 0 to 1.

    Raises
    ------
    UnreadableRecordingError
        If a picture cannot be read, or the film is too short or too dark to tell a movement.
    """
    from twitchwise.measure import measure_video  # noqa: PLC0415 - array libraries load here, not at start-up

    filmed = measure_video(video, view=order.view, site=order.site, side=order.side, progress=progress)
    return ExaminedRecording(
        recording=filmed.traces,
        result=filmed.result,
        muscle=order.muscle,
        film=filmed,
        site=order.site,
        side=order.side,
    )


def examine_case(case: Case, recordings: Sequence[ExaminedRecording], library: Library) -> Examination:
    """Return the examination of a case and its measured recordings.

    Parameters
    ----------
    case
        What was answered.
    recordings
        Recordings that `examine_recording` measured; may be empty.
    library
        The knowledge to judge by.

    Raises
    ------
    UnreadableCaseError
        If answers contradict each other.
    """
    measurements = [value for examined in recordings for value in examined.result.measurements]
    observed = observed_in(case, recordings, library)
    full = case.with_observations(observed)
    assessment = assess_case(full, library)
    warnings = [
        *assessment.warnings,
        *denied_warnings(case, observed, library),
        *doubt_warnings(measurements, library),
        *sightings(measurements, library),
    ]
    warnings += [warning for examined in recordings for warning in examined.warnings]
    return Examination(
        case=full,
        recordings=tuple(recordings),
        assessment=assessment,
        library=library,
        warnings=tuple(dict.fromkeys(warnings)),
    )
