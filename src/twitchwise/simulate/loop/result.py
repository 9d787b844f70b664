"""What a run of the loop gives: discharges of each pool, motion of the joint, drive, and the events."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from twitchwise.simulate.limb import JointMotion
from twitchwise.simulate.loop.events import LoopEvent
from twitchwise.simulate.loop.frames import FRAME_S, SUBSTEP_S
from twitchwise.vocabulary.arrays import FloatArray, IntArray


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class PoolDischarges:
    """Discharges of one pool in order of time; both arrays have shape ``(n,)``.

    Parameters
    ----------
    time_s
        When, in seconds from the start of the run, to a quarter of a millisecond.
    unit
        Number of the motor unit.
    """

    time_s: FloatArray
    unit: IntArray

    def __len__(self) -> int:
        return int(self.time_s.size)

    def times_of(self, unit: int) -> FloatArray:
        """Return when one motor unit discharged, in seconds, ascending."""
        times: FloatArray = self.time_s[self.unit == unit]
        return times


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class LoopMotion:
    """How the joint moved and what moved it; one sample at the end of each millisecond, shape ``(n_samples,)``.

    Parameters
    ----------
    joint
        Angle, velocity and acceleration at 1000 Hz, positive where the agonist pulls.
    muscle_torque_nm
        Torque of the agonist less that of the antagonist.
    external_torque_nm
        Torque that an examiner applies; negative where it stretches the agonist.
    drive
        Drive of each pool with all feedback, shape ``(n_samples, n_pools)``, in [-1, 1].
    """

    joint: JointMotion
    muscle_torque_nm: FloatArray
    external_torque_nm: FloatArray
    drive: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class LoopResult:
    """One run.

    Parameters
    ----------
    agonist, antagonist
        Discharges of the pools; the antagonist's are empty where there is none.
    motion
        None where only discharges were asked for.
    events
        Tremor cycles, spasms, jerks, taps, stretches and stimuli in order of time.
    duration_s
        Length of the run.
    """

    agonist: PoolDischarges
    antagonist: PoolDischarges
    motion: LoopMotion | None
    events: tuple[LoopEvent, ...]
    duration_s: float


def discharges_of(code: np.ndarray[tuple[int, int], np.dtype[np.uint8]], first_frame: int = 0) -> PoolDischarges:
    """Return the discharges that the codes of a pool stand for.

    Parameters
    ----------
    code
        0, or the substep (from 1) at whose end the unit discharged, shape ``(n_frames, n_units)``.
    first_frame
        Number of the first of the frames in the run.
    """
    found = np.flatnonzero(code)
    frame, unit = np.divmod(found, code.shape[1])
    time_s = (first_frame + frame) * FRAME_S + code.reshape(-1)[found] * SUBSTEP_S
    order = np.argsort(time_s, kind="stable")
    return PoolDischarges(time_s=time_s[order], unit=unit[order].astype(np.int64))


def joined(stretches: Sequence[PoolDischarges]) -> PoolDischarges:
    """Return the discharges of stretches that follow one another."""
    times, units = ([getattr(one, name) for one in stretches] for name in ("time_s", "unit"))
    return PoolDischarges(
        time_s=np.concatenate([np.zeros(0), *times]), unit=np.concatenate([np.zeros(0, dtype=np.int64), *units])
    )
