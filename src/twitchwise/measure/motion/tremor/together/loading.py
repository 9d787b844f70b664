"""What a load does to a tremor: a mechanical rhythm slows, a central one hardly does; and whether it grows."""

from collections.abc import Iterator

from twitchwise.measure.motion.tremor.settings import TremorSettings
from twitchwise.measure.motion.tremor.together.differences import Pair, rate_difference, size_change
from twitchwise.vocabulary import Measurement, Unit

_RULE_KG = 1.0
_CAUTION = (
    "A load also makes the muscles work harder and the limb stiffer, which hides a part of the fall "
    "(Lakie et al. 2015, doi:10.1113/JP270464)."
)


def loading(pair: Pair, load_kg: float | None, settings: TremorSettings) -> Iterator[Measurement]:
    """Give the fall of the rate by a load, and the change of the amplitude; the first of the pair is without load."""
    fall = rate_difference(pair)
    if fall is not None:
        doubts = [_CAUTION]
        if load_kg is not None and load_kg != _RULE_KG:
            doubts.append(f"The rule of {settings.loading_fall_hz:g} Hz is of a load of 1 kg; this was {load_kg:g} kg.")
        yield Measurement(
            id="tremor_loading_fall",
            value=fall.value,
            low=fall.low,
            high=fall.high,
            unit=Unit.HERTZ,
            method=(
                f"Rate without load less that with it. More than {settings.loading_fall_hz:g} Hz goes with a "
                "mechanical tremor, less with a central one (doi:10.1016/j.cnp.2025.05.003, table 2)."
            ),
            doubts=tuple(doubts),
        )
    change = size_change(pair)
    yield Measurement(
        id="tremor_loading_amplitude_change",
        value=change.value,
        low=change.low,
        high=change.high,
        unit=Unit.PERCENT,
        method="Root mean square with load less that without it, as a share of the latter.",
    )


def said_of_loading(pair: Pair, settings: TremorSettings) -> str:
    """Return what the fall means, as far as its interval lets it be said."""
    fall = rate_difference(pair)
    if fall is None:
        return "There is no tremor in both recordings, so a fall of its rate by the load cannot be told."
    limit = settings.loading_fall_hz
    told = f"With the load the rate falls by {fall.value:.2f} Hz ({fall.low:.2f} to {fall.high:.2f})"
    if fall.low > limit:
        return f"{told}: more than {limit:g} Hz, as a mechanical rhythm does."
    if fall.high < limit:
        return f"{told}: less than {limit:g} Hz, as a central rhythm does; {_CAUTION[0].lower()}{_CAUTION[1:]}"
    return f"{told}: whether that is more than {limit:g} Hz cannot be told."
