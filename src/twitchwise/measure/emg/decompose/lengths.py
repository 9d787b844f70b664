"""How far filters, windows and tolerances of a decomposition reach, in samples of one recording."""

from dataclasses import dataclass

from twitchwise.measure.emg.decompose.settings import DecomposeSettings

# The refined filters reach over 8 ms, the search over 6 ms at about half the usual rate: on a real grid of 64 channels
# longer ones cost time and gained nothing.
_REACH_S, _SEARCH_REACH_S, _SEARCH_HZ = 0.008, 0.006, 1000.0
# Channels times delays; more than this cannot be estimated from a minute. Fewer delays than this see no course in time.
_MOST_DIRECTIONS, _FEWEST_DELAYS = 1200, 4
# One unit may be found at two places of the grid with this much between, for its potential travels along the fibers.
_MOST_LAG_S = 0.02
# What is searched at a time.
_SEARCHED_S = 20.0
# Where a potential is looked for around the place at which its filter answers.
_BEFORE_S, _AFTER_S = 0.02, 0.03


@dataclass(frozen=True, kw_only=True, slots=True)
class Lengths:
    """Lengths in samples; the search takes every ``step``-th sample.

    Parameters
    ----------
    n_delays, n_search_delays
        Copies of each channel for the filters and for the search.
    step
        Samples of the recording a sample of the search.
    apart
        Least distance of two discharges of a unit.
    most_lag, within
        Delay up to which two trains are compared, and how exactly discharges must coincide.
    searched
        Samples of the search that are searched at a time: in more of them the largest units take all starts.
    before, after
        Window around a filter's answer that holds the whole potential.
    """

    n_delays: int
    n_search_delays: int
    step: int
    apart: int
    most_lag: int
    within: int
    searched: int
    before: int
    after: int

    @classmethod
    def of(cls, rate_hz: float, n_channels: int, settings: DecomposeSettings) -> "Lengths":
        """Return the lengths for a sampling rate and a number of channels."""
        step = max(1, round(rate_hz / _SEARCH_HZ))
        most = max(_FEWEST_DELAYS, _MOST_DIRECTIONS // n_channels)
        return cls(
            n_delays=min(max(_FEWEST_DELAYS, round(_REACH_S * rate_hz)), most),
            n_search_delays=min(max(_FEWEST_DELAYS, round(_SEARCH_REACH_S * rate_hz / step)), most),
            step=step,
            apart=max(1, round(settings.interval_least_s * rate_hz)),
            most_lag=round(_MOST_LAG_S * rate_hz),
            within=max(1, round(settings.agreement_tolerance_s * rate_hz)),
            searched=round(_SEARCHED_S * rate_hz / step),
            before=round(_BEFORE_S * rate_hz),
            after=round(_AFTER_S * rate_hz),
        )
