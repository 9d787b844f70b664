"""Composes the steps: recordings are measured, measurements become findings, and the case is assessed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from twitchwise.assess import Assessment, Case, Observation, assess_case
from twitchwise.examine.order import MeasuringOrder, Progress
from twitchwise.knowledge import Library
from twitchwise.vocabulary import Electrode, EventKind, Measurement

if TYPE_CHECKING:
    from twitchwise.measure import RecordingMeasurements
    from twitchwise.signals import Recording


@dataclass(frozen=True, kw_only=True, slots=True)
class ExaminedRecording:
    """A recording and what was measured on it.

    Parameters
    ----------
    recording
        Its channels and, for as long as its file is there, its samples.
    result
        What was measured.
    muscle
        Id of the muscle that it is of, where a person said so; published ranges are those of this muscle.
    """

    recording: "Recording"
    result: "RecordingMeasurements"
    muscle: str | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the reader and the measuring noticed, each once, with the recording's name."""
        said = dict.fromkeys((*self.recording.warnings, *self.result.warnings))
        return tuple(f"{self.recording.name}: {warning}" for warning in said)


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


def examine_recording(
    file: Path,
    *,
    sampling_rate_hz: float | None = None,
    unit: str | None = None,
    electrode: Electrode | None = None,
    muscle: str | None = None,
    discharges: bool = False,
) -> ExaminedRecording:
    """Read and measure one recording.

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

    Raises
    ------
    UnreadableRecordingError
        If the file cannot be read.
    OutOfRangeError
        If it holds nothing that can be measured, or the muscle is not known.
    """
    order = MeasuringOrder(
        sampling_rate_hz=sampling_rate_hz, unit=unit, electrode=electrode, muscle=muscle, discharges=discharges
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
    from twitchwise.formats import read_recording  # noqa: PLC0415
    from twitchwise.measure import measure_recording  # noqa: PLC0415

    recording = read_recording(
        file, sampling_rate_hz=order.sampling_rate_hz, unit=order.unit, electrode=order.electrode
    )
    result = measure_recording(recording, discharges=order.discharges, progress=progress)
    return ExaminedRecording(recording=recording, result=result, muscle=order.muscle)


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
    observed = {seen.finding: seen for seen in map(Observation.of_measurement, _telling(measurements, library))}
    full = case.with_observations(observed)
    assessment = assess_case(full, library)
    warnings = [*assessment.warnings, *_doubt_warnings(measurements, library), *_sightings(measurements, library)]
    warnings += [warning for examined in recordings for warning in examined.warnings]
    return Examination(
        case=full,
        recordings=tuple(recordings),
        assessment=assessment,
        library=library,
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _weighable(measurement: Measurement, library: Library) -> bool:
    finding = library.findings.get(measurement.id)
    return finding is not None and finding.measured is not None and finding.measured.by == measurement.id


def _telling(measurements: Iterable[Measurement], library: Library) -> list[Measurement]:
    """Return one undoubted measurement a finding: the greatest, because a twitch seen anywhere was seen."""
    best: dict[str, Measurement] = {}
    for value in measurements:
        if _weighable(value, library) and not value.doubts:
            best[value.id] = max(value, best.get(value.id, value), key=lambda one: one.value)
    return list(best.values())


def _doubt_warnings(measurements: Iterable[Measurement], library: Library) -> list[str]:
    return [
        f"{value.id} on {value.channel} is shown but not weighed: {' '.join(value.doubts)}"
        for value in measurements
        if value.doubts and _weighable(value, library)
    ]


def _sightings(measurements: Iterable[Measurement], library: Library) -> list[str]:
    """Say of other activity that was seen, such as myotonic discharges, that it is shown and decides nothing.

    What is known of such activity is known of a doctor's examination with a needle; a program's sighting is not one.
    What was looked for and not seen is no finding at all, for however long it was looked for.
    """
    kinds = {f"{kind.value}_rate": f"{kind.value.replace('_', ' ')}s".capitalize() for kind in EventKind}
    seen = dict.fromkeys(
        (kinds[value.id], value.channel)
        for value in measurements
        if value.id in kinds and value.value > 0 and not _weighable(value, library)
    )
    return [
        f"{name} were seen on {channel}; they are shown but not weighed, because only a doctor's examination with EMG "
        "can confirm them."
        for name, channel in seen
    ]
