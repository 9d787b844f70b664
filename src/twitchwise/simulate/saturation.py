"""How the twitches of a train add up to force: summed activation, then one static saturation that never turns back.

Each twitch is translated into the activation that alone gives exactly that twitch; activations of a train are added;
the saturation turns the sum into force. A single twitch is therefore untouched, force rises with every further
discharge and with the rate, fuses without the dip of the usual gain (Nagamori et al. 2021,
doi:10.1371/journal.pcbi.1008707), and stays below the tetanic force. With activation ``y`` (1 at the peak of one
twitch) and ``c = (1 - R) / R`` for a twitch/tetanus ratio ``R``, force over peak twitch force is
``(1 + c) y**q / (c + y**q)``.
"""

from dataclasses import dataclass

import numpy as np

from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_positive


@dataclass(frozen=True, kw_only=True, slots=True)
class Saturation:
    """The way from summed activation to force.

    Parameters
    ----------
    twitch_tetanus_ratio
        Peak twitch force over the greatest tetanic force, strictly between 0 and 1.
    exponent
        Steepness ``q``, above 0; above 1 two discharges close together give more than twice the force of one.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.

    Examples
    --------
    >>> import numpy as np
    >>> saturation = Saturation(twitch_tetanus_ratio=0.25, exponent=2.0)
    >>> saturation.force_share(np.array([0.0, 1.0, 1e9])).round(6).tolist()
    [0.0, 1.0, 4.0]
    """

    twitch_tetanus_ratio: float
    exponent: float

    def __post_init__(self) -> None:
        """Refuse a ratio outside (0, 1) and an exponent that is not above 0."""
        if not 0 < self.twitch_tetanus_ratio < 1:
            raise OutOfRangeError(
                f"twitch_tetanus_ratio must lie strictly between 0 and 1, got {self.twitch_tetanus_ratio!r}."
            )
        require_positive("exponent", self.exponent)

    @property
    def half_activation(self) -> float:
        """The constant ``c``: the activation, to the power ``q``, that gives half of the tetanic force."""
        return (1 - self.twitch_tetanus_ratio) / self.twitch_tetanus_ratio

    def activation(self, force_share: FloatArray) -> FloatArray:
        """Return the activation that gives a force, a share of the peak twitch force in [0, 1]; the shape is kept."""
        c = self.half_activation
        activation: FloatArray = (c * force_share / (1 + c - force_share)) ** (1 / self.exponent)
        return activation

    def force_share(self, activation: FloatArray) -> FloatArray:
        """Return the force of an activation of at least 0 as a share of the peak twitch force; the shape is kept."""
        c = self.half_activation
        driven = np.asarray(activation, dtype=np.float64) ** self.exponent
        share: FloatArray = (1 + c) * driven / (c + driven)
        return share
