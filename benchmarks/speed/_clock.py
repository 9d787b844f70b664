"""How a benchmark takes time: the first call apart, the shortest of several after it, and how busy the machine is."""

import os
import platform
import time
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version

REPEATS = 3


def seconds(work: Callable[[], object]) -> float:
    """Return the wall time of one call in s."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def warm(work: Callable[[], object], *, repeats: int = REPEATS, before: Callable[[], object] = int) -> float:
    """Return the shortest wall time in s of several calls; ``before`` each of them something may be cleared."""

    def once() -> float:
        before()
        return seconds(work)

    return min(once() for _ in range(repeats))


def cold_and_warm(
    work: Callable[[], object], *, repeats: int = REPEATS, before: Callable[[], object] = int
) -> tuple[float, float]:
    """Return the wall time in s of the first call, which compiles, beyond a warm one; and that of a warm one."""
    before()
    first = seconds(work)
    least = warm(work, repeats=repeats, before=before)
    return max(first - least, 0.0), least


def machine() -> str:
    """Return processor, cores and load, in words."""
    model = platform.processor() or platform.machine()
    return f"{model}, {os.cpu_count()} cores, load {load()}, Python {platform.python_version()}"


def load() -> str:
    """Return how many processes wanted a core over the last minute, in words."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def installed(*packages: str) -> Iterator[str]:
    """Give the version of each package, or say that it is absent."""
    for package in packages:
        try:
            yield f"{package} {version(package)}"
        except PackageNotFoundError:
            yield f"{package} is not installed"


def row(what: str, measured_s: float, target_s: float | None = None, *, compiling_s: float | None = None) -> None:
    """Print one line of a table."""
    target = "" if target_s is None else f"  target {target_s:g} s: {'met' if measured_s <= target_s else 'MISSED'}"
    compiling = "" if compiling_s is None else f"  (first call {compiling_s:.2f} s more)"
    print(f"  {what:62s}{measured_s:9.4f} s{target}{compiling}", flush=True)


def ratio(peer: str, peer_s: float, ours_s: float, target: float | None = None) -> None:
    """Print one line about a peer."""
    times = peer_s / ours_s
    end = "" if target is None else f"  target {target:g}: {'met' if times >= target else 'MISSED'}"
    print(f"    {peer:60s}{peer_s:9.4f} s, {times:,.3g} x as long{end}", flush=True)
