"""A neuromuscular junction: nerve terminal and endplate (Wood and Slater 2001, doi:10.1016/s0301-0082(00)00055-1)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from twitchwise.simulate.junction.endplate import Endplate
from twitchwise.simulate.junction.release import Release


@dataclass(frozen=True, kw_only=True, slots=True)
class Junction:
    """What the junctions of a muscle have in common.

    Parameters
    ----------
    release
        The nerve terminal.
    endplate
        The muscle fiber.
    """

    release: Release
    endplate: Endplate

    @classmethod
    def of(cls, parameters: Mapping[str, float]) -> "Junction":
        """Return the junction that a condition's parameters describe, at the muscle's temperature.

        Examples
        --------
        >>> from twitchwise.simulate import parameters_for
        >>> round(Junction.of(parameters_for("healthy")).safety_factor, 1)
        3.0
        """
        return cls(release=Release.of(parameters), endplate=Endplate.of(parameters))

    @property
    def safety_factor(self) -> float:
        """How many times the endplate potential of a rested fiber of middle safety exceeds its threshold."""
        peak_v = self.endplate.potential_v(np.array(self.release.quantal_content))
        return float(peak_v) / self.endplate.threshold_v

    @property
    def quanta_to_fire(self) -> float:
        """Quanta that just fire a fiber of middle safety."""
        return self.endplate.quanta_to(self.endplate.threshold_v)

    @property
    def quanta_to_repeat(self) -> float:
        """Quanta whose potential outlasts the refractory time of a fiber of middle safety; infinite where none can."""
        return self.endplate.quanta_to(self.endplate.repeat_threshold_v)
