"""All that sorted fasciculation potentials add up to, for the recording and for each unit."""

from dataclasses import dataclass

import numpy as np

from twitchwise.measure.emg.describe.fasciculations import Fasciculations, fasciculations_of
from twitchwise.measure.emg.describe.origin import Origin, origin, territory
from twitchwise.measure.emg.describe.partners import echo_measurements, lock_measurements
from twitchwise.measure.emg.describe.quantities import Maker
from twitchwise.measure.emg.describe.rate import rate_interval, rate_measurements
from twitchwise.measure.emg.describe.rest_clock import intervals_within
from twitchwise.measure.emg.describe.settings import DescribeSettings, describe_settings
from twitchwise.measure.emg.describe.shape import instability_measurements, size_measurements, waveform_measurements
from twitchwise.measure.emg.describe.template import template_measurements
from twitchwise.measure.emg.describe.timing import (
    doublet_measurements,
    interval_measurements,
    isolation_measurements,
    variation_of,
)
from twitchwise.measure.emg.describe.units import units_with_unseen
from twitchwise.measure.sorted_potentials import SortedPotentials
from twitchwise.vocabulary import Measurement, Unit
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

_NO_VOLTS = say("the file does not give volts")
_UNSORTED = say("some potentials were not sorted to a unit")


@dataclass(frozen=True, kw_only=True, eq=False)
class UnitDescription:
    """One unit.

    Parameters
    ----------
    unit
        Its number.
    discharges, fasciculations
        Its potentials at rest, and how many fasciculations they are.
    measurements
        Its rate, size, shape and so on, on the channel or array it was found on.
    origin
        Where on the grid it lies, or ``None`` without a map and places.
    territory_m2
        Area in which it is at least half its greatest size, in m2, as electrodes see it, or ``None``.
    """

    unit: int
    discharges: int
    fasciculations: int
    measurements: tuple[Measurement, ...]
    origin: Origin | None = None
    territory_m2: float | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Description:
    """One channel or array.

    Parameters
    ----------
    measurements
        What its fasciculation potentials add up to.
    units
        Each unit, in order of its number.
    """

    measurements: tuple[Measurement, ...]
    units: tuple[UnitDescription, ...]


def describe(
    potentials: SortedPotentials,
    *,
    positions_m: FloatArray | None = None,
    doubts: tuple[str, ...] = (),
    settings: DescribeSettings | None = None,
) -> Description:
    """Describe sorted fasciculation potentials, each quantity only where the recording supports it.

    Parameters
    ----------
    potentials
        Of a channel or an array; those outside the rest are left out.
    positions_m
        Places of the channels of ``potentials.map`` in m, shape ``(n_channels, 2)``, if known.
    doubts
        What every measurement of this channel carries.
    settings
        Definitions and least requirements; those of the knowledge files if left out.

    Returns
    -------
    Description
        Without a rate, and without anything else, where the rest is too short for a rate.
    """
    settings = settings or describe_settings()
    at_rest = potentials.at_rest()
    if at_rest.rest_s < settings.rest_for_rate_s:
        return Description(measurements=(), units=())
    doubts = (*doubts, *_doubts(at_rest, settings))
    events = fasciculations_of(at_rest, settings)
    maker = Maker(channel=potentials.channel, doubts=doubts)
    likely = at_rest.likely()
    found = [*rate_measurements(at_rest, events, settings, doubts)]
    if len(likely):
        found += _unit_counts(likely, settings, maker)
        found += _of_potentials(likely, settings, maker)
        found += interval_measurements(events, at_rest.rest, settings, maker)
        found += isolation_measurements(likely, settings, maker)
        found += doublet_measurements(likely, settings, maker)
        found += echo_measurements(likely, settings, maker)
        found += lock_measurements(likely, settings, maker)
    units = tuple(_unit(likely, int(number), settings, maker, positions_m) for number in likely.units)
    return Description(measurements=tuple(found), units=units)


def _doubts(potentials: SortedPotentials, settings: DescribeSettings) -> tuple[str, ...]:
    candidates = {
        say("too little rest to lean on"): potentials.rest_s < settings.rest_for_one_potential_s,
        say("sampled too slowly, so that small potentials are missed"): potentials.sampling_rate_hz
        < settings.sampling_rate_for_shape_hz,
        _NO_VOLTS: potentials.amplitude_unit is not Unit.VOLT,
    }
    return tuple(words for words, applies in candidates.items() if applies)


def _of_potentials(potentials: SortedPotentials, settings: DescribeSettings, maker: Maker) -> list[Measurement]:
    return [
        *size_measurements(potentials, settings, maker),
        *waveform_measurements(potentials, settings, maker),
        *instability_measurements(potentials, settings, maker),
    ]


def _unit_counts(potentials: SortedPotentials, settings: DescribeSettings, maker: Maker) -> list[Measurement]:
    """Return the units seen and the units that more time would show; nothing where nothing was sorted."""
    numbers = potentials.units
    if numbers.size == 0:
        return []
    counts = np.array([len(_events_of(potentials, number, settings)) for number in numbers], dtype=np.int64)
    unsorted = len(_events_of(potentials, 0, settings))
    doubts = (_UNSORTED,) if unsorted else ()
    more = units_with_unseen(counts)
    sure = max(int(np.sum(counts > 1)), 1)
    return [
        maker.value(
            "active_units",
            (float(numbers.size), float(sure), float(numbers.size + unsorted)),
            Unit.COUNT,
            say(
                "Units that fasciculated at rest. Of them {sure} did more than once, the lower end; the upper end "
                "takes each of the {unsorted} unsorted ones for a unit of its own.",
                sure=sure,
                unsorted=unsorted,
            ),
            doubts,
        ),
        maker.value(
            "extrapolated_units",
            (more.value, more.low, more.high),
            Unit.COUNT,
            say(
                "Units with those not yet seen, from the number of units seen once and twice (Chao 1984, corrected for "
                "bias); itself a lower bound."
            ),
            doubts,
        ),
    ]


def _events_of(potentials: SortedPotentials, number: int, settings: DescribeSettings) -> Fasciculations:
    return fasciculations_of(potentials.where(potentials.unit == number), settings)


def _unit(
    potentials: SortedPotentials, number: int, settings: DescribeSettings, maker: Maker, positions_m: FloatArray | None
) -> UnitDescription:
    mine = potentials.where(potentials.unit == number)
    events = fasciculations_of(mine, settings)
    found = [
        maker.value(
            "fasciculation_rate",
            rate_interval(events.probability, 1.0, mine.rest_s),
            Unit.PER_MINUTE,
            say(
                "Fasciculations of unit {number} per minute of rest; Jeffreys' interval of a count of random events.",
                number=number,
            ),
        ),
        *size_measurements(mine, settings, maker),
        *template_measurements(mine, settings, maker),
        *instability_measurements(mine, settings, maker),
    ]
    intervals = intervals_within(events.start_s, mine.rest)
    if intervals.size >= settings.events_for_pattern:
        words = say(
            "Standard deviation over mean of {count} intervals of unit {number}; interval by jackknife.",
            count=intervals.size,
            number=number,
        )
        found.append(maker.value("fasciculation_interval_variation", variation_of(intervals), Unit.ONE, words))
    place, area_m2 = _place(mine, positions_m)
    return UnitDescription(
        unit=number,
        discharges=len(mine),
        fasciculations=len(events),
        measurements=tuple(found),
        origin=place,
        territory_m2=area_m2,
    )


def _place(potentials: SortedPotentials, positions_m: FloatArray | None) -> tuple[Origin | None, float | None]:
    """Return origin and area of a unit from the median of its maps; noise falls with the root of their number."""
    if potentials.map is None or positions_m is None:
        return None, None
    # a channel that is missing in one of them is missing
    typical = np.median(potentials.map.astype(np.float64), axis=0)
    if not np.isfinite(typical).any():
        return None, None
    noise = float(np.median(potentials.noise_rms) / np.sqrt(len(potentials)))
    return origin(typical, positions_m, noise), territory(typical, positions_m, noise)
