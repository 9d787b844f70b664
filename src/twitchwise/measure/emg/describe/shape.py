"""What the potentials look like: size, duration, phases, turns, and how steady their shape is.

Duration, phases and turns are measures of clinical electromyography (Stålberg et al. 1986) and depend on the electrode
and the filter: through 20-450 Hz on the skin a potential is shorter at its slow end and rings more than with a needle.
"""

import numpy as np

from twitchwise.measure.emg.describe.instability import excess_changes, instability_of
from twitchwise.measure.emg.describe.quantities import Maker
from twitchwise.measure.emg.describe.settings import DescribeSettings
from twitchwise.measure.emg.describe.waveform import Criteria, Waveforms, measure_waveforms
from twitchwise.measure.rate_interval import median_interval, spread_interval
from twitchwise.measure.sorted_potentials import SortedPotentials
from twitchwise.vocabulary import Electrode, Measurement, Unit
from twitchwise.vocabulary.arrays import BoolArray
from twitchwise.vocabulary.text import say, together

# Fewer values have no pair that encloses the median with 95 %; see `median_interval`.
_LEAST_FOR_MEDIAN = 6
_RANGE_ONLY = say("fewer than six potentials, so the interval is their range")
_PERCENT = 100.0


def size_measurements(potentials: SortedPotentials, settings: DescribeSettings, maker: Maker) -> list[Measurement]:
    """Return median and interquartile range of the peak-to-peak size; nothing where it cannot be judged."""
    if potentials.sampling_rate_hz < settings.sampling_rate_for_shape_hz:
        return []
    sizes = potentials.peak_to_peak[potentials.usable]
    if sizes.size == 0:
        return []
    unit, few = potentials.amplitude_unit, (_RANGE_ONLY,) if sizes.size < _LEAST_FOR_MEDIAN else ()
    found = [
        maker.value(
            "fasciculation_amplitude",
            median_interval(sizes),
            unit,
            say(
                "Median peak-to-peak size of {count} potentials where each is largest; interval of order statistics.",
                count=sizes.size,
            ),
            few,
        )
    ]
    if sizes.size >= settings.events_for_shape:
        words = say(
            "Interquartile range of the peak-to-peak size of {count} potentials; interval by bootstrap.",
            count=sizes.size,
        )
        found.append(maker.value("fasciculation_amplitude_spread", spread_interval(sizes), unit, words))
    return found


def clear_enough(potentials: SortedPotentials, settings: DescribeSettings) -> BoolArray:
    """Tell which potentials stand out enough from the noise for phases and turns."""
    large = np.abs(potentials.peak) >= settings.noise_multiple_for_shape * potentials.noise_rms
    clear: BoolArray = potentials.usable & large
    return clear


def criteria_for(potentials: SortedPotentials, settings: DescribeSettings) -> Criteria:
    """Return what counts as a phase and a turn for this electrode and unit."""
    in_volts = potentials.electrode is Electrode.NEEDLE and potentials.amplitude_unit is Unit.VOLT
    return Criteria(
        phase_share=settings.phase_share,
        turn_share=0.0 if in_volts else settings.turn_share,
        turn_least=settings.turn_least_v if in_volts else 0.0,
        gap_s=settings.joining_gap_s,
    )


def waveform_measurements(potentials: SortedPotentials, settings: DescribeSettings, maker: Maker) -> list[Measurement]:
    """Return duration, phases, turns and the polyphasic share of the clear ones; nothing where these are too few."""
    clear = potentials.where(clear_enough(potentials, settings))
    too_slow = potentials.sampling_rate_hz < settings.sampling_rate_for_turns_hz
    if too_slow or len(clear) < settings.events_for_shape:
        return []
    criteria = criteria_for(clear, settings)
    found = measure_waveforms(clear.shape, clear.noise_rms, clear.sampling_rate_hz, criteria=criteria)
    selected = say("of the {count} clearest of {all_of_them} potentials", count=len(clear), all_of_them=len(potentials))
    doubts = (*filter_doubts(potentials), *(() if len(clear) == len(potentials) else (selected,)))
    return [*_medians(found, len(clear), settings, maker, doubts), _polyphasic(found, settings, maker, doubts)]


def filter_doubts(potentials: SortedPotentials) -> tuple[str, ...]:
    """Return what to say of shapes that went through a filter."""
    if potentials.band_hz is None and potentials.electrode is Electrode.NEEDLE:
        return ()
    if potentials.band_hz is None:
        return (say("measured through a band-pass filter, which shortens slow ends and adds ringing"),)
    low_hz, high_hz = potentials.band_hz
    return (
        say(
            "measured through {low_hz:g}-{high_hz:g} Hz, which shortens slow ends and adds ringing",
            low_hz=low_hz,
            high_hz=high_hz,
        ),
    )


def _medians(
    found: Waveforms, count: int, settings: DescribeSettings, maker: Maker, doubts: tuple[str, ...]
) -> list[Measurement]:
    clear = say(
        "Median of {count} potentials of {multiple:g} times the noise or more; interval of order statistics.",
        count=count,
        multiple=settings.noise_multiple_for_shape,
    )
    durations, phases, turns = _methods(settings)
    return [
        maker.value(
            "fasciculation_duration",
            median_interval(found.duration_s),
            Unit.SECOND,
            together([durations, clear]),
            doubts,
        ),
        maker.value(
            "fasciculation_phases",
            median_interval(found.phases.astype(np.float64)),
            Unit.COUNT,
            together([phases, clear]),
            doubts,
        ),
        maker.value(
            "fasciculation_turns",
            median_interval(found.turns.astype(np.float64)),
            Unit.COUNT,
            together([turns, clear]),
            doubts,
        ),
    ]


def _methods(settings: DescribeSettings) -> tuple[str, str, str]:
    """Return how duration, phases and turns are counted."""
    return (
        say(
            "From where the signal leaves four times the noise and {share:.0%} of the peak to where it returns.",
            share=settings.phase_share,
        ),
        say("Baseline crossings plus one, of phases of {share:.0%} of the peak or more.", share=settings.phase_share),
        say("Changes of direction with a large enough swing on either side and more than noise makes."),
    )


def _polyphasic(found: Waveforms, settings: DescribeSettings, maker: Maker, doubts: tuple[str, ...]) -> Measurement:
    hits = int(np.sum(found.phases >= settings.polyphasic_phases))
    words = say("Potentials with {least:g} phases or more.", least=settings.polyphasic_phases)
    return maker.share("polyphasic_share", hits, found.phases.size, words, doubts)


def instability_measurements(
    potentials: SortedPotentials, settings: DescribeSettings, maker: Maker
) -> list[Measurement]:
    """Return how much shapes change between discharges of a unit, over all units with enough clear potentials."""
    if potentials.sampling_rate_hz < settings.sampling_rate_for_turns_hz:
        return []
    clear = potentials.where(clear_enough(potentials, settings))
    of_units = [clear.where(clear.unit == number) for number in clear.units]
    enough = [unit for unit in of_units if len(unit) >= settings.events_for_shape]
    if not enough:
        return []
    excess = np.concatenate([excess_changes(unit.shape, unit.noise_rms, unit.sampling_rate_hz) for unit in enough])
    found = instability_of(excess)
    words = say(
        "Root mean square change of shape between consecutive discharges beyond noise, as a share of the potential; "
        "{changes} changes of {units} units (after Stålberg and Sonoo 1994); interval by bootstrap.",
        changes=excess.size,
        units=len(enough),
    )
    shares = (_PERCENT * found.value, _PERCENT * found.low, _PERCENT * found.high)
    return [maker.value("fasciculation_instability", shares, Unit.PERCENT, words)]
