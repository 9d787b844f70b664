"""Spontaneous activity other than fasciculations on one EMG channel, told by its defining rhythm and onset.

Definitions and their sources are the files ``knowledge/data/parameters/rhythm_*.yaml``.
"""

from dataclasses import dataclass

from twitchwise.measure.emg.rhythms.events import events_of
from twitchwise.measure.emg.rhythms.findings import measurements_of
from twitchwise.measure.emg.rhythms.sentences import statements_of
from twitchwise.measure.emg.rhythms.settings import RhythmSettings, rhythm_settings
from twitchwise.measure.emg.rhythms.sightings import look
from twitchwise.measure.emg.rhythms.trace import Causes, ChannelTrace
from twitchwise.signals import EventTrain
from twitchwise.vocabulary import Measurement


@dataclass(frozen=True, kw_only=True, eq=False)
class OtherActivity:
    """What was found on one channel.

    Parameters
    ----------
    events
        One train for each kind that was seen.
    measurements
        How often, how fast, how long and how regular, also of kinds that were looked for and not seen.
    statements
        What was refused and what was not decided, one sentence each.
    """

    events: tuple[EventTrain, ...]
    measurements: tuple[Measurement, ...]
    statements: tuple[str, ...]


def find_other_activity(
    trace: ChannelTrace, causes: Causes | None = None, settings: RhythmSettings | None = None
) -> OtherActivity:
    """Look for every kind of spontaneous activity other than fasciculations on a channel.

    Parameters
    ----------
    trace
        The channel. It is read in blocks, several times; memory grows with what happens in it, not with its length.
    causes
        What was done to the person; nothing is known of it if left out.
    settings
        Definitions; those of the knowledge files if left out.

    Raises
    ------
    OutOfRangeError
        If the channel is sampled too slowly for its band.

    Examples
    --------
    >>> import numpy as np
    >>> from twitchwise.vocabulary import Electrode
    >>> noise = np.random.default_rng(0).normal(scale=3e-6, size=20_000)
    >>> found = find_other_activity(ChannelTrace.of_samples(noise, 2000.0, electrode=Electrode.SURFACE))
    >>> found.events, len(found.statements)
    ((), 2)
    """
    known = rhythm_settings() if settings is None else settings
    seen = look(trace, Causes() if causes is None else causes, known)
    events = events_of(seen, trace, known)
    return OtherActivity(
        events=events,
        measurements=measurements_of(seen, events, trace, known),
        statements=statements_of(seen, trace, known),
    )
