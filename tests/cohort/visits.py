"""Small recordings of several people and visits, real files that are measured in a moment."""

from pathlib import Path

import numpy as np

from twitchwise.formats import write_edf
from twitchwise.signals import ArraySource, Channel, Recording
from twitchwise.vocabulary import ChannelKind, Side, Unit

RATE_HZ, DURATION_S = 1000.0, 12.0
SIDES = (Side.LEFT, Side.RIGHT)


def visit(seed: int, *, n_twitches: int = 6, duration_s: float = DURATION_S, channels: int = 1) -> Recording:
    """Resting muscles with some potentials that stand far out of the noise."""
    rng, n_samples = np.random.default_rng(seed), round(duration_s * RATE_HZ)
    time_s = np.arange(-10, 20) / RATE_HZ
    shape = -np.gradient(np.exp(-((time_s / 0.003) ** 2)))
    data = []
    for _ in range(channels):
        samples = rng.normal(scale=3e-6, size=n_samples)
        # apart from each other, and not as regular as a heart beats
        slots = np.linspace(1.5 * RATE_HZ, n_samples - 1.5 * RATE_HZ, n_twitches + 1)[:-1]
        spread = rng.uniform(0.0, 0.7, n_twitches) * (slots[1] - slots[0] if n_twitches > 1 else 1.0)
        for at in (slots + spread).astype(int):
            samples[at - 10 : at + 20] += 1e-4 * shape / np.abs(shape).max()
        data.append(samples)
    described = tuple(
        Channel(
            name=f"{SIDES[number % 2]} calf {number}",
            kind=ChannelKind.EMG,
            unit=Unit.VOLT,
            sampling_rate_hz=RATE_HZ,
            n_samples=n_samples,
            site="calf",
            side=SIDES[number % 2],
        )
        for number in range(channels)
    )
    return Recording(name=f"visit {seed}", format="array", channels=described, source=ArraySource(data))


def write_visits(folder: Path, n_people: int = 2, n_visits: int = 2) -> list[Path]:
    """Write a file for each person and visit, and return them in order."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for person in range(n_people):
        for number in range(n_visits):
            files.append(folder / f"person{person + 1}_visit{number + 1}.edf")
            write_edf(visit(10 * person + number, n_twitches=4 + person), files[-1])
    return files
