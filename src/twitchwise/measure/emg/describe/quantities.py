"""The way from a number with its interval to a measurement, the same for every description."""

from dataclasses import dataclass

from twitchwise.measure.rate_interval import share_interval
from twitchwise.vocabulary import Measurement, Unit
from twitchwise.vocabulary.text import say, together

_PERCENT = 100.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Maker:
    """Makes measurements of one channel, which carry its doubts."""

    channel: str
    doubts: tuple[str, ...] = ()

    def value(
        self, name: str, found: tuple[float, float, float], unit: Unit, method: str, doubts: tuple[str, ...] = ()
    ) -> Measurement:
        """Return a measurement of value, low and high."""
        value, low, high = found
        return Measurement(
            id=name,
            value=value,
            low=min(low, value),
            high=max(high, value),
            unit=unit,
            method=method,
            channel=self.channel,
            doubts=(*self.doubts, *doubts),
        )

    def share(self, name: str, hits: int, of: int, method: str, doubts: tuple[str, ...] = ()) -> Measurement:
        """Return how many percent of ``of`` are hits, with Jeffreys' interval."""
        low, high = share_interval(hits, of)
        found = (_PERCENT * hits / of, _PERCENT * low, _PERCENT * high)
        of_all = say("{hits} of {of}; Jeffreys' interval of a share.", hits=hits, of=of)
        return self.value(name, found, Unit.PERCENT, together([method, of_all]), doubts)
