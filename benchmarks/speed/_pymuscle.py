"""pymuscle's own way to force: 120 motor units stepped through ten seconds, at its own rate or at another."""

import importlib.util
import warnings

from benchmarks.speed._clock import seconds

UNITS = 120
OWN_RATE_HZ = 50.0
EXCITATION = 40.0  # of its 67


def is_installed() -> bool:
    """Tell whether pymuscle can be imported."""
    return importlib.util.find_spec("pymuscle") is not None


def force_s(duration_s: float, rate_hz: float, *, repeats: int = 3) -> float:
    """Return the shortest wall time in s of several runs."""
    from pymuscle import PotvinFuglevandMuscle  # noqa: PLC0415 - a peer, loaded when it is used

    def run() -> None:
        for _ in range(round(duration_s * rate_hz)):
            muscle.step(EXCITATION, 1 / rate_hz)

    times = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(repeats):
            muscle = PotvinFuglevandMuscle(UNITS)
            times.append(seconds(run))
    return min(times)
