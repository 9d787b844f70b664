"""How well visible twitches are found: rendered hand-held films of 30 and 60 Hz, with and without twitches.

Each film is measured as a user would, what it shows judged from its pictures. One row is of hands that shake as well.

Run it with ``python -m benchmarks.accuracy.visible_twitches [--films N] [--minutes M]``. Every film has other skin,
light, shake, camera and compression; seeds from 5000, and from 7000 for quiet films, are kept for this and were not
looked at when it was made.
"""

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from twitchwise.formats import read_video
from twitchwise.formats.video.writing import write_video
from twitchwise.measure import measure_video
from twitchwise.signals import EventTrain
from twitchwise.simulate.film import FilmScene, Region, render, varied_scene

SEED, QUIET_SEED, SHAKING_SEED = 5000, 7000, 9500
TWITCHES, TWITCH_FILM_S, QUIET_FILM_S = 8, 15.0, 60.0
SIZE, QUIET_SIZE = (640, 360), (320, 240)
BITS_PER_PIXEL = (0.1, 0.4)  # from a film that was sent on to one as a phone writes it
MATCHED_S, MATCHED_PX = 0.15, 60.0


@dataclass(kw_only=True)
class Score:
    """Twitches found, missed and imagined, errors of their peaks in pictures, and the time looked."""

    found: int = 0
    missed: int = 0
    false: int = 0
    errors: list[float] = field(default_factory=list)
    looked_s: float = 0.0

    def __str__(self) -> str:
        """Return the score as one line."""
        f1 = 2 * self.found / max(1, 2 * self.found + self.missed + self.false)
        within = np.mean(np.abs(self.errors) <= 1) if self.errors else np.nan
        rate = 3600 * self.false / max(self.looked_s, 1e-9)
        alarms = f"{self.false} false in {self.looked_s:.0f} s ({rate:.1f} an hour)"
        return f"F1 {f1:.3f}, within one picture {within:.3f}, {alarms}"


def measured(scene: FilmScene) -> tuple[EventTrain, EventTrain, float]:
    """Return truth, result and seconds looked of a scene that went through a file."""
    chance = np.random.default_rng([scene.seed, 30])
    camera = scene.camera
    bits = float(np.exp(chance.uniform(*np.log(BITS_PER_PIXEL))))
    film = render(scene)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        write_video(film.video, path, bits_per_s=bits * camera.width * camera.height * camera.frame_rate_hz)
        result = measure_video(read_video(path)).result
    found = next((train for train in result.events), EventTrain(kind=film.truth.kind, channel=""))
    rate = next((one for one in result.measurements if one.id == "visible_twitch_rate"), None)
    # with no twitch the upper bound is 3.0 over the time looked, with some the rate is their number over it
    looked_s = 0.0 if rate is None else 60 * (len(found) / rate.value if len(found) else -np.log(0.05) / rate.high)
    return film.truth, found, looked_s


def scored(score: Score, truth: EventTrain, found: EventTrain, looked_s: float, frame_rate_hz: float) -> None:
    """Add a film to a score: each true twitch is matched with the nearest found in time that is near in place."""
    left = list(found)
    for true in truth:
        near = [
            one
            for one in left
            if abs(one.peak_s - true.peak_s) < MATCHED_S and _apart(one.place, true.place) < MATCHED_PX
        ]
        if near:
            best = min(near, key=lambda one: abs(one.peak_s - true.peak_s))
            left.remove(best)
            score.found += 1
            score.errors.append((best.peak_s - true.peak_s) * frame_rate_hz)
        else:
            score.missed += 1
    score.false += len(left)
    score.looked_s += looked_s


def _apart(one: tuple[float, float] | None, other: tuple[float, float] | None) -> float:
    return float(np.hypot(*np.subtract(one or (np.inf, np.inf), other or (np.inf, np.inf))))


def shaking(seed: int, rate_hz: float) -> FilmScene:
    """Return a hand that twitches and has a tremor of 0.3 to 15 pixels."""
    scene = varied_scene(
        seed,
        n_twitches=TWITCHES,
        duration_s=TWITCH_FILM_S,
        size=SIZE,
        frame_rate_hz=rate_hz,
        region=Region.HAND,
    )
    chance = np.random.default_rng([seed, 31])
    size_px, hertz = float(np.exp(chance.uniform(*np.log((0.3, 15.0))))), float(chance.uniform(3.5, 9.0))
    return replace(scene, limb=replace(scene.limb, tremor_hz=hertz, tremor_px=size_px))


def scores(n_films: int, n_minutes: int) -> Iterator[tuple[str, Score]]:
    """Give the score of films with twitches at each rate, and of films without."""
    for rate_hz in (30.0, 60.0):
        score = Score()
        for seed in range(SEED, SEED + n_films):
            scene = varied_scene(seed, n_twitches=TWITCHES, duration_s=TWITCH_FILM_S, size=SIZE, frame_rate_hz=rate_hz)
            scored(score, *measured(scene), rate_hz)
        yield f"{rate_hz:.0f} Hz", score
    for rate_hz in (30.0, 60.0):
        score = Score()
        for seed in range(SHAKING_SEED, SHAKING_SEED + n_films):
            scored(score, *measured(shaking(seed, rate_hz)), rate_hz)
        yield f"shaking hands, {rate_hz:.0f} Hz", score
    quiet = Score()
    for seed in range(QUIET_SEED, QUIET_SEED + n_minutes):
        scored(quiet, *measured(varied_scene(seed, n_twitches=0, duration_s=QUIET_FILM_S, size=QUIET_SIZE)), 30.0)
    yield "quiet", quiet


def main() -> None:
    """Print the scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=int, default=6)
    parser.add_argument("--minutes", type=int, default=30)
    asked, _ = parser.parse_known_args()
    for name, score in scores(asked.films, asked.minutes):
        print(f"{name}: {score}", flush=True)


if __name__ == "__main__":
    main()
