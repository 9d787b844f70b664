"""Motion over time as a recording, evenly sampled, so that everything that shows recordings can show it."""

from collections.abc import Mapping

import numpy as np

from twitchwise.measure.asked import Asked
from twitchwise.signals import ArraySource, Channel, Recording, Video
from twitchwise.vocabulary import ChannelKind, Unit
from twitchwise.vocabulary.arrays import FloatArray


def traces_of(video: Video, traces_px: Mapping[str, FloatArray], asked: Asked) -> Recording:
    """Return traces as a recording.

    Parameters
    ----------
    video
        The film they are of.
    traces_px
        By name, in pixels, one value a picture, shape ``(n_frames,)``.
    asked
        What a person says of the film.
    """
    rate_hz = video.frame_rate_hz
    times = np.arange(int(np.floor(video.times_s[-1] * rate_hz + 1e-6)) + 1) / rate_hz
    channels = tuple(
        Channel(
            name=name,
            kind=ChannelKind.DISPLACEMENT,
            unit=Unit.PIXEL,
            sampling_rate_hz=rate_hz,
            n_samples=times.size,
            site=asked.site,
            side=asked.side,
        )
        for name in traces_px
    )
    return Recording(
        name=video.name,
        format=video.format,
        channels=channels,
        source=ArraySource([np.interp(times, video.times_s, trace) for trace in traces_px.values()]),
        start=video.start,
        warnings=video.warnings,
        notes=video.notes,
    )


def doubts_of_times(video: Video) -> tuple[str, ...]:
    """Return what the reader of a film said against its times; whatever is per second cannot be leaned on then."""
    return tuple(warning for warning in video.warnings if warning.startswith("The frame rate may be wrong"))
