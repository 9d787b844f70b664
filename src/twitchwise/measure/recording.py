"""Measuring a recording."""

from collections.abc import Callable

from twitchwise.measure.results import RecordingMeasurements
from twitchwise.signals import Recording


def measure_recording(
    recording: Recording, *, discharges: bool = False, progress: Callable[[float], None] | None = None
) -> RecordingMeasurements:
    """Measure fasciculation potentials on every EMG channel of a recording.

    Parameters
    ----------
    recording
        Any recording with at least one EMG channel. A recording whose only channel is of unknown kind is taken as EMG,
        with a warning.
    discharges
        Whether to look for every discharge of every motor unit too.
    progress
        Is told how much is done, from 0 to 1.

    Returns
    -------
    RecordingMeasurements
        Rates count potentials at rest only and are missing, with a warning, where there was too little rest.

    Raises
    ------
    OutOfRangeError
        If there is no EMG channel.
    UnreadableRecordingError
        If no EMG channel can be analyzed: too slow, too short, missing, constant, or in a unit that cannot be volts.

    Examples
    --------
    >>> import numpy as np
    >>> from twitchwise.signals import ArraySource, Channel
    >>> from twitchwise.vocabulary import ChannelKind, Unit
    >>> noise = np.random.default_rng(1).normal(scale=3e-6, size=300_000)
    >>> calf = Channel(name="calf", kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=2000.0, n_samples=300_000)
    >>> quiet = Recording(name="x", format="array", channels=(calf,), source=ArraySource([noise]))
    >>> [(m.value, round(m.high, 1)) for m in measure_recording(quiet).measurements if m.id == "fasciculation_rate"]
    [(0.0, 1.2)]
    """
    # the detector needs scipy, which takes a third of a second to load: only when something is measured
    from twitchwise.measure.emg.recording import measure_emg  # noqa: PLC0415

    return measure_emg(recording, discharges=discharges, progress=progress)
