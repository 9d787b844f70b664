"""One motor unit in two settings, from its axon to the skin, and the EMG of some seconds of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from twitchwise.simulate.condition import Setting
from twitchwise.simulate.one_unit import muscle_stages, nerve
from twitchwise.simulate.one_unit.activity import SHOWN_S, Activity, Heard, heard_of, start_of
from twitchwise.simulate.one_unit.comparison import Both, Curve, Number, Stage, StageName
from twitchwise.simulate.one_unit.parts import parts_of
from twitchwise.vocabulary import Unit
from twitchwise.vocabulary.arrays import FloatArray

BINS = 300  # of a stretch of EMG, each drawn from its least to its largest value


@dataclass(frozen=True, kw_only=True, eq=False)
class OneUnit:
    """One motor unit in health and changed.

    Parameters
    ----------
    both
        The unit in both.
    activity
        What the person does in the last stage.
    """

    both: Both
    activity: Activity

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """All stages in their order."""
        return (*(make(self.both) for make in _STAGES), self._activity())

    def __getitem__(self, name: StageName) -> Stage:
        """Return a stage; one that the setting leaves out is a `StopIteration`."""
        return next(stage for stage in self.stages if stage.name is name)

    @cached_property
    def heard(self) -> tuple[Heard, Heard]:
        """The unit as it is listened to, in health and changed."""
        return (
            heard_of(self.both.healthy, self.activity),
            heard_of(self.both.changed, self.activity),
        )

    @cached_property
    def start_s(self) -> float:
        """Where the stretch begins that is shown and heard, in s."""
        return start_of(self.heard)

    def _activity(self) -> Stage:
        healthy, changed = (_thinned(one.emg_v(self.start_s)) for one in self.heard)
        n_steps = healthy.size // 2
        x = np.repeat((np.arange(n_steps) + 0.5) * SHOWN_S / n_steps, 2)
        counts = [float(one.firing.within(self.start_s)) for one in self.heard]
        counted = Number(
            name="discharges",
            unit=Unit.COUNT,
            healthy=counts[0],
            changed=counts[1],
            rests_on=("fasciculation_rate_per_min", "discharge_rate_least_hz", "synaptic_noise"),
        )
        curve = Curve(name="emg", unit=Unit.VOLT, x=x, x_unit=Unit.SECOND, healthy=healthy, changed=changed)
        return Stage(name=StageName.ACTIVITY, numbers=(counted,), curves=(curve,))


def one_unit(healthy: Setting, changed: Setting, activity: Activity = Activity.REST) -> OneUnit:
    """Return one motor unit of middle size in two settings; no state equation is compiled for it.

    Parameters
    ----------
    healthy, changed
        What is compared, as `twitchwise.simulate.one_unit.in_health` and `setting_of` give them.
    activity
        What the person does while the EMG of some seconds is recorded.

    Raises
    ------
    OutOfRangeError
        If a number lies outside, or the unit cannot be.

    Examples
    --------
    >>> from twitchwise.simulate.one_unit import in_health, setting_of
    >>> cold = one_unit(in_health("surroundings"), setting_of("surroundings", {"muscle_temperature": 25.0}))
    >>> slower = cold[StageName.TWITCH].numbers[1]
    >>> slower.name, slower.changed > slower.healthy
    ('contraction_time', True)
    """
    return OneUnit(both=Both(healthy=parts_of(healthy), changed=parts_of(changed)), activity=activity)


def _thinned(values: FloatArray) -> FloatArray:
    """Return least and largest value of every step, so that no peak is lost."""
    steps = values[: values.size // BINS * BINS].reshape(BINS, -1)
    thinned: FloatArray = np.stack([steps.min(axis=1), steps.max(axis=1)], axis=1).ravel().astype(np.float64)
    return thinned


_STAGES: tuple[Callable[[Both], Stage], ...] = (
    nerve.surroundings,
    nerve.axon,
    nerve.junction,
    muscle_stages.fiber,
    muscle_stages.twitch,
    muscle_stages.emg,
    muscle_stages.skin,
)
