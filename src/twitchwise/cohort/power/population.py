"""People of a condition as the forward model draws them, each with the moments of true events over a long time.

Nothing is rendered: the spontaneous discharges of motor axons depend on a person's numbers and on chance alone. A
person of a seed is the one that `twitchwise.simulate` draws, except that what a condition does is interpolated between
the severities for which the excitability of the axon is tabulated, which saves seconds a person; a test holds the rates
against those that are computed.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from twitchwise.knowledge import Library, library
from twitchwise.simulate.condition import SCENES_IN_HEALTH, Setting, parameters_for
from twitchwise.simulate.ectopic import Kind, Train, axon_train
from twitchwise.simulate.firing import BUSY_MOST, LASTING, OF_ECTOPIC
from twitchwise.simulate.people import People, Traits, drawn, lived_in
from twitchwise.simulate.preparation import prepare
from twitchwise.simulate.tabulation import SEVERITIES
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray, IntArray

COUNTED: Mapping[str, Kind] = {
    "fasciculation_rate": Kind.FASCICULATION,
    "cramp_discharge_rate": Kind.CRAMP_DISCHARGE,
    "myokymic_discharge_rate": Kind.MYOKYMIC_DISCHARGE,
    "neuromyotonic_discharge_rate": Kind.NEUROMYOTONIC_DISCHARGE,
}
"""Quantities that are rates of spontaneous events, and the events that are counted."""

PEOPLE, FEW_PEOPLE = 200, 40
_MANY_DISCHARGES = ("cramp_rate_per_min", "grouped_discharge_units")
SMOOTHED_BELOW = 100  # people; with more, those that were drawn stand for all
LONGEST_MIN = 240.0  # of a person; a visit that is longer begins again
_MINUTE_S = 60.0
_ALL_UNITS = 1  # motor unit drawn: their twitches, which take most of the time, are not asked for

Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Population:
    """Simulated people and their true events.

    Parameters
    ----------
    condition, quantity, muscle
        What was simulated, and what is counted.
    counted
        Events of each person up to each whole second, shape ``(n_people, n_seconds)``; the first is 0.
    totals
        Events of each person over the whole time, shape ``(n_people,)``.
    """

    condition: str
    quantity: str
    muscle: str | None
    counted: IntArray
    totals: IntArray

    @property
    def n_people(self) -> int:
        """How many people there are."""
        return int(self.totals.size)

    @property
    def n_seconds(self) -> int:
        """How long the events of each are known."""
        return int(self.counted.shape[1])

    @cached_property
    def rates_per_min(self) -> FloatArray:
        """Rate of each person over the whole time, per minute."""
        return np.asarray(self.totals * (_MINUTE_S / self.n_seconds), dtype=np.float64)

    @cached_property
    def bandwidth(self) -> float:
        """Standard deviation of the kernel that smooths the logarithms of the rates; 0 where people are many.

        By the rule of thumb of Silverman (1986, Density Estimation for Statistics and Data Analysis, not opened).
        """
        logs = self._log_rates
        if not 1 < logs.size < SMOOTHED_BELOW:
            return 0.0
        return float(0.9 * logs.std(ddof=1) * logs.size**-0.2)

    @cached_property
    def _log_rates(self) -> FloatArray:
        return np.asarray(np.log(self.rates_per_min[self.totals > 0]), dtype=np.float64)

    def spread_of(self, who: IntArray, chance: np.random.Generator) -> FloatArray | float:
        """Return by which factor the rate of each person who was drawn differs from the simulated one's.

        Their spread stays what it was, as all are drawn nearer to the middle before.
        """
        width = self.bandwidth
        if width == 0:
            return 1.0
        nearer = math.sqrt(1 - (width / float(self._log_rates.std(ddof=1))) ** 2)
        logs = np.log(np.maximum(self.rates_per_min, _MINUTE_S / self.n_seconds))
        away = (nearer - 1) * (logs - self._log_rates.mean())
        factors: FloatArray = np.exp(away[who] + width * chance.standard_normal(who.shape))
        return factors

    def counts(self, who: IntArray, start: IntArray, seconds: FloatArray, chance: np.random.Generator) -> IntArray:
        """Return how many events people have in spans of their time, which goes on from its beginning at its end.

        Parameters
        ----------
        who, start
            Number of the person, and second at which the span begins.
        seconds
            Length of the span; a part of a second is a whole one as often as it is large.
        chance
            Source of chance.
        """
        end = start + np.floor(seconds + chance.random(who.shape)).astype(np.int64)
        counts: IntArray = self._until(who, end) - self._until(who, start)
        return counts

    def _until(self, who: IntArray, second: IntArray) -> IntArray:
        rounds, rest = np.divmod(second, self.n_seconds)
        until: IntArray = self.counted.ravel()[who * self.n_seconds + rest] + self.totals[who] * rounds
        return until

    def quantiles(self, shares: Sequence[float]) -> tuple[float, ...]:
        """Return the rates per minute below which shares of the people lie."""
        return tuple(float(one) for one in np.quantile(self.rates_per_min, shares))

    def variance_over_mean(self, minutes: float) -> float:
        """Return how much more counts of recordings vary within a person than events at random would, which have 1.

        Rates that a person has are set aside: it is the mean over people of variance over mean of pieces of their time.
        """
        seconds = min(max(round(minutes * _MINUTE_S), 1), self.n_seconds // 2)
        starts = np.arange(0, self.n_seconds - seconds + 1, seconds)
        everyone = np.arange(self.n_people)[:, np.newaxis]
        pieces = self._until(everyone, starts + seconds) - self._until(everyone, starts)
        means = pieces.mean(axis=1)
        enough = means > 0
        if not enough.any():
            return 1.0
        return float(np.mean(pieces[enough].var(axis=1, ddof=1) / means[enough]))


def simulate_people(
    setting: Setting,
    quantity: str,
    *,
    n_people: int,
    minutes: float,
    seed: int = 0,
    progress: Progress | None = None,
) -> Population:
    """Return people of a condition with their true events.

    Parameters
    ----------
    setting
        Condition, severity and muscle.
    quantity
        A rate; the names of `COUNTED`.
    n_people
        How many.
    minutes
        How long the events of each are drawn.
    seed
        The first person's; the others follow.
    progress
        Told how many of how many are drawn; may raise to break off.

    Raises
    ------
    OutOfRangeError
        If there is no such condition, muscle or quantity, or people of the condition do not have the events.
    """
    if quantity not in COUNTED:
        raise OutOfRangeError(f"quantity must be {_named(COUNTED)} for simulated people, got {quantity!r}.")
    knowledge = library()
    _require_more_than_health(setting, quantity, knowledge)
    seconds = round(min(minutes, LONGEST_MIN) * _MINUTE_S)
    counted = np.zeros((n_people, seconds), dtype=np.int64)
    totals = np.zeros(n_people, dtype=np.int64)
    found: set[Kind] = set()
    for number, train in enumerate(_trains(setting, range(seed, seed + n_people), float(seconds), knowledge)):
        found.update(train.kind)
        begins = _begins(train, COUNTED[quantity])
        totals[number] = begins.size
        counted[number] = np.searchsorted(begins, np.arange(seconds), side="left")
        if progress is not None:
            progress(number + 1, n_people)
    if not totals.any():
        raise OutOfRangeError(_without(setting, quantity, found))
    return Population(
        condition=setting.condition,
        quantity=quantity,
        muscle=setting.muscle_in(knowledge),
        counted=counted,
        totals=totals,
    )


def people_at_hand(setting: Setting) -> int:
    """Return how many people are drawn in some seconds: fewer where their cramps and groups have many discharges."""
    parameters = parameters_for(setting)
    return FEW_PEOPLE if any(parameters[name] > 0 for name in _MANY_DISCHARGES) else PEOPLE


def _require_more_than_health(setting: Setting, quantity: str, knowledge: Library) -> None:
    """Refuse a condition that is not known, and fasciculations of one that leaves them as they are in health."""
    parameters_for(setting, knowledge)  # refuses what is not known
    if setting.condition in SCENES_IN_HEALTH or COUNTED[quantity] is not Kind.FASCICULATION:
        return
    prepared = prepare(setting, seed=0, n_units=_ALL_UNITS)
    rates = [one["fasciculation_rate_per_min"] for one in (prepared.parameters, prepared.healthy_parameters)]
    if rates[0] <= rates[1]:
        raise OutOfRangeError(
            f"quantity must be one that {setting.condition} changes in the model, got {quantity!r}, which is no higher "
            f"than in health; choose another with --quantity: {_named(tuple(COUNTED)[1:])}, or a tremor, a "
            "reflex or a movement with --mean, --between-sd and --within-sd, or with --pilot STUDY."
        )


def _begins(train: Train, kind: Kind) -> FloatArray:
    """Return when the events of one kind begin; events are numbered in order of their first discharge."""
    _, first = np.unique(train.event, return_index=True)
    wanted = np.array([label.kind is kind for label in train.label], dtype=np.bool_)
    begins: FloatArray = train.time_s[first[wanted]]
    return begins


def _trains(setting: Setting, seeds: Sequence[int], duration_s: float, knowledge: Library) -> Iterator[Train]:
    at_severities: dict[float, Mapping[str, float]] = {}
    for seed in seeds:
        traits = drawn(People(), setting, seed, knowledge)
        body = lived_in(_at_severity(setting, traits, at_severities), traits, knowledge)
        n_units = round(body["pool_units"])
        chance = np.random.default_rng([seed, OF_ECTOPIC])
        yield axon_train(_with_room(body, n_units), n_units, duration_s, chance)


def _with_room(parameters: Mapping[str, float], n_units: int) -> dict[str, float]:
    """Return parameters for no more units than there are and for cramps that do not overlap, as the simulation does."""
    few = {name: min(parameters[name], n_units) for name in ("fasciculating_units", "grouped_discharge_units")}
    rare = {name: min(parameters[name], BUSY_MOST * _MINUTE_S / parameters[lasts]) for name, lasts in LASTING.items()}
    return {**parameters, **few, **rare}


def _at_severity(setting: Setting, traits: Traits, known: dict[float, Mapping[str, float]]) -> Mapping[str, float]:
    """Return the parameters at a person's severity, between those of the nearest severities that are tabulated."""
    severity = setting.severity if traits.severity is None else traits.severity
    if setting.condition in SCENES_IN_HEALTH:
        return _exactly(setting, severity, known)
    above = next(one for one in SEVERITIES if one >= severity)
    if above == severity:
        return _exactly(setting, severity, known)
    below = max(one for one in SEVERITIES if one <= severity)
    share = (severity - below) / (above - below)
    low, high = _exactly(setting, below, known), _exactly(setting, above, known)
    return {name: _between(low[name], high[name], share) for name in low}


def _between(low: float, high: float, share: float) -> float:
    if low == high:
        return low
    if low > 0 and high > 0:
        return low * math.pow(high / low, share)
    return low + (high - low) * share


def _exactly(setting: Setting, severity: float, known: dict[float, Mapping[str, float]]) -> Mapping[str, float]:
    if severity not in known:
        known[severity] = prepare(replace(setting, severity=severity), seed=0, n_units=_ALL_UNITS).parameters
    return known[severity]


def _without(setting: Setting, quantity: str, found: set[Kind]) -> str:
    others = [name for name, kind in COUNTED.items() if kind in found]
    kind = COUNTED[quantity].value.replace("_", " ")
    begin = f"quantity must be one that people with {setting.condition} have in the model, got {quantity!r}"
    if others:
        return f"{begin}, and no {kind} came; choose {_named(others)}."
    return (
        f"{begin}, and no spontaneous discharge came at all; for a tremor, a reflex or a movement give "
        "--quantity with --mean, --between-sd and --within-sd, or --pilot STUDY."
    )


def _named(names: "Sequence[str] | Mapping[str, Kind]") -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last
