"""Release of transmitter at a motor nerve terminal: quanta leave a store that refills, and use enhances what is left.

Each discharge releases a share of the store. Facilitation, augmentation and potentiation raise this share and fade with
their own times (Magleby 1973, PMC1350631; Magleby and Zengel 1979); calcium that lingers after use
also speeds the refilling (Wesseling and Lo 2002, doi:10.1523/JNEUROSCI.22-22-09708.2002), and a slow reserve limits it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import NamedTuple, TypeAlias

import numpy as np

from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_not_negative, require_positive, require_within

_MOST = 1e9  # a number of quanta that no terminal has
_COOLING_STEP = 10.0  # temperature coefficients are given for 10 degrees
Level: TypeAlias = FloatArray | float


@dataclass(frozen=True, kw_only=True, slots=True)
class Release:
    """How a nerve terminal releases quanta.

    Parameters
    ----------
    quantal_content
        Quanta that a discharge after long rest releases, on average, at least 0.
    probability
        Share of the store that this discharge releases, in (0, 1).
    recovery_time_s
        Time constant in which the store refills at rest, in seconds.
    facilitation, augmentation, potentiation
        What one discharge adds to the relative rise of the release rate, at least 0.
    facilitation_time_s, augmentation_time_s, potentiation_time_s
        Time constants in which each fades, in seconds.
    mobilization
        How many times faster the store refills for each unit of facilitation plus augmentation, at least 0.
    reserve_loss
        Share of the slow reserve that the release of one whole store costs, in [0, 1].
    reserve_recovery_time_s
        Time constant in which the reserve refills, in seconds.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.
    """

    quantal_content: float
    probability: float
    recovery_time_s: float
    facilitation: float
    facilitation_time_s: float
    augmentation: float
    augmentation_time_s: float
    potentiation: float
    potentiation_time_s: float
    mobilization: float
    reserve_loss: float
    reserve_recovery_time_s: float

    def __post_init__(self) -> None:
        """Refuse a terminal that cannot be."""
        for field in fields(self):
            check = require_positive if field.name.endswith("_time_s") else require_not_negative
            check(field.name, getattr(self, field.name))
        require_within("quantal_content", self.quantal_content, 0.0, _MOST)
        require_within("probability", self.probability, 1 / _MOST, 1 - 1 / _MOST)
        require_within("reserve_loss", self.reserve_loss, 0.0, 1.0)

    @classmethod
    def of(cls, parameters: Mapping[str, float]) -> "Release":
        """Return the terminal that a condition's parameters describe, at the muscle's temperature."""
        cooling = (parameters["junction_reference_temperature"] - parameters["muscle_temperature"]) / _COOLING_STEP
        probability = parameters["release_probability"] * parameters["release_temperature_coefficient"] ** -cooling
        return cls(
            quantal_content=parameters["quantal_content"] * probability / parameters["release_probability_in_health"],
            probability=probability,
            recovery_time_s=parameters["release_store_recovery_time"],
            facilitation=parameters["release_facilitation"],
            facilitation_time_s=parameters["facilitation_time"],
            augmentation=parameters["release_augmentation"],
            augmentation_time_s=parameters["augmentation_time"],
            potentiation=parameters["release_potentiation"],
            potentiation_time_s=parameters["potentiation_time"],
            mobilization=parameters["release_mobilization"],
            reserve_loss=parameters["release_reserve_loss"],
            reserve_recovery_time_s=parameters["release_reserve_recovery_time"],
        )

    @property
    def store(self) -> float:
        """Quanta in the full store."""
        return self.quantal_content / self.probability

    def probability_in(self, state: "Terminal") -> Level:
        """Return the share of the store that a discharge releases in a state, below 1 however much is added."""
        enhanced = (1.0 + state.facilitation) * (1.0 + state.augmentation + state.potentiation)
        share: Level = -np.expm1(np.log1p(-self.probability) * enhanced)
        return share

    def rested(self, state: "Terminal", interval_s: Level) -> "Terminal":
        """Return the terminal after ``interval_s`` seconds without a discharge; exact for any interval."""
        kept = self.kept(state, interval_s)
        reserve = 1.0 - (1.0 - state.reserve) * np.exp(-interval_s / self.reserve_recovery_time_s)
        return Terminal(
            filled=reserve - (reserve - state.filled) * kept,
            reserve=reserve,
            facilitation=state.facilitation * np.exp(-interval_s / self.facilitation_time_s),
            augmentation=state.augmentation * np.exp(-interval_s / self.augmentation_time_s),
            potentiation=state.potentiation * np.exp(-interval_s / self.potentiation_time_s),
        )

    def kept(self, state: "Terminal", interval_s: Level) -> Level:
        """Return the share of an empty place that is still empty after ``interval_s`` seconds."""
        lingering = -self.facilitation_time_s * state.facilitation * np.expm1(-interval_s / self.facilitation_time_s)
        lingering -= self.augmentation_time_s * state.augmentation * np.expm1(-interval_s / self.augmentation_time_s)
        kept: Level = np.exp(-(interval_s + self.mobilization * lingering) / self.recovery_time_s)
        return kept

    def discharged(self, state: "Terminal", released: Level) -> "Terminal":
        """Return the terminal just after a discharge that released a share of the full store."""
        return Terminal(
            filled=state.filled - released,
            reserve=state.reserve * (1.0 - self.reserve_loss * released),
            facilitation=state.facilitation + self.facilitation,
            augmentation=state.augmentation + self.augmentation,
            potentiation=state.potentiation + self.potentiation,
        )


class Terminal(NamedTuple):
    """State of nerve terminals, each a number or an array of one shape.

    ``filled`` is the share of the store's places that hold a quantum, ``reserve`` the share that can be refilled; the
    others are relative rises of the release rate.
    """

    filled: Level
    reserve: Level
    facilitation: Level
    augmentation: Level
    potentiation: Level


RESTED = Terminal(filled=1.0, reserve=1.0, facilitation=0.0, augmentation=0.0, potentiation=0.0)
"""A terminal after long rest."""


def released_shares(release: Release, interval_s: FloatArray) -> FloatArray:
    """Return the share of the full store that each discharge of each unit releases, on average over fibers.

    Parameters
    ----------
    release
        The nerve terminals, all alike.
    interval_s
        Time since the unit's discharge before, in seconds, shape ``(n, n_units)``; the first row is not looked at.

    Returns
    -------
    FloatArray
        Shape ``(n, n_units)``, each in [0, 1).
    """
    shares = np.empty_like(interval_s)
    state = Terminal(*(np.full(interval_s.shape[1:], level) for level in RESTED))
    for row, waited_s in enumerate(interval_s):
        state = release.rested(state, waited_s) if row else state
        shares[row] = state.filled * release.probability_in(state)
        state = release.discharged(state, shares[row])
    return shares
