"""How well periodic movement is told in drawn films of known movement.

The films are written with H.264 and read again, so that they have lost what a real film loses. Their seeds were not
used while the measuring was built. Run ``python -m benchmarks.accuracy.video``.
"""

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from benchmarks.accuracy._films import fork, hand, held, wandering, write
from benchmarks.accuracy._targets import check, heading, missed
from scipy.signal import hilbert

from twitchwise.formats import read_video
from twitchwise.formats.video.writing import write_video
from twitchwise.measure import measure_video
from twitchwise.simulate.film import Region, render, varied_scene
from twitchwise.vocabulary import Measurement, View

FORKS = (  # pictures a second, Hz, pixels root mean square, target in Hz
    (500.0, 32.0, 0.2, 0.2),
    (1000.0, 32.0, 0.2, 0.2),
    (500.0, 64.0, 0.1, 0.2),
    (1000.0, 64.0, 0.1, 0.2),
    (500.0, 128.0, 0.04, 0.3),
    (1000.0, 128.0, 0.04, 0.3),
)
HANDS = (  # pictures a second, Hz, pixels, size of the camera's sway
    (30.0, 5.2, 3.0, 0.0),
    (60.0, 5.2, 3.0, 1.0),
    (30.0, 8.3, 1.0, 1.0),
    (60.0, 4.1, 8.0, 1.0),
    (60.0, 10.4, 0.5, 1.0),
    (30.0, 3.4, 2.0, 1.0),
    (60.0, 6.6, 1.0, 1.0),
    (30.0, 11.2, 0.7, 0.0),
)
SEEDS = (9001, 9002)
RENDERED = (  # pictures a second, Hz, pixels
    (30.0, 5.0, 0.5),
    (30.0, 4.3, 2.0),
    (30.0, 6.1, 6.0),
    (30.0, 5.3, 20.0),
    (30.0, 3.7, 40.0),
    (60.0, 8.4, 0.3),
    (60.0, 9.6, 1.5),
    (60.0, 4.9, 12.0),
    (60.0, 5.7, 30.0),
)
RENDERED_SEEDS, RENDERED_S = (9600, 9601, 9602), 8.0
FORK_PICTURES, HAND_S, STILL_S = 600, 8.0, 8.0


def frequency(path: Path, view: View, frame_rate_hz: float | None = None) -> Measurement | None:
    """Measure a film and return the frequency of what moves, unless it is doubted."""
    shown = measure_video(read_video(path, frame_rate_hz=frame_rate_hz), view=view)
    found = [one for one in shown.result.measurements if one.id == "movement_frequency" and not one.doubts]
    return found[0] if found else None


def forks(folder: Path) -> None:
    """Print how well the frequency of a tuning fork is told."""
    heading(f"tuning forks, {FORK_PICTURES} pictures, stand that drifts at 3 Hz, container says 50 a second")
    for number, (rate_hz, hertz, rms_px, target_hz) in enumerate(FORKS):
        errors = list[float]()
        for seed in SEEDS:
            rng = np.random.default_rng([seed, number])
            path = folder / "fork.mp4"
            write(path, fork(rng, rate_hz, hertz, rms_px, FORK_PICTURES), frame_rate_hz=50, quality=10)
            found = frequency(path, View.OBJECT, rate_hz)
            errors.append(np.inf if found is None else found.value - hertz)
        worst = max(map(abs, errors))
        what = f"{hertz:g} Hz at {rate_hz:g} a second, {rms_px:g} px"
        check(what, f"{target_hz:g} Hz", f"{worst:.3f} Hz", holds=worst <= target_hz)


def hands(folder: Path) -> None:
    """Print how well the frequency of a tremor is told, and whether the interval holds it."""
    heading(f"tremor of a drawn hand, {HAND_S:g} s, lamp that flickers")
    inside = total = 0
    for number, (rate_hz, hertz, size_px, sway) in enumerate(HANDS):
        errors = list[float]()
        for seed in SEEDS:
            rng, n = np.random.default_rng([seed, number]), round(HAND_S * rate_hz)
            tremor = wandering(rng, rate_hz, n, hertz, size_px)
            phase = np.unwrap(np.angle(hilbert(tremor)))
            cut = round(rate_hz / 2)
            truth = (phase[-cut] - phase[cut]) / (2 * np.pi * (n - 2 * cut) / rate_hz)
            path = folder / "hand.mp4"
            write(path, hand(rng, rate_hz, tremor, held(rng, rate_hz, n, sway)), frame_rate_hz=rate_hz)
            found = frequency(path, View.LIMB)
            errors.append(np.inf if found is None else found.value - truth)
            inside += found is not None and found.low <= truth <= found.high
            total += 1
        worst = max(map(abs, errors))
        what = f"{hertz:g} Hz, {size_px:g} px, {rate_hz:g} a second, {'held by hand' if sway else 'from a stand'}"
        check(what, "0.1 Hz", f"{worst:.3f} Hz", holds=worst <= 0.1)
    check("truth in the 95 % interval", ">= 85 %", f"{inside} of {total}", holds=inside >= 0.85 * total)


def rendered(folder: Path) -> None:
    """Print how well the tremor of rendered hands is told, as a user would ask: what they show is judged."""
    heading(
        f"tremor of rendered hands, {RENDERED_S:g} s, held by hand, other skin, light, room and compression in each"
    )
    inside = total = named = 0
    for number, (rate_hz, hertz, size_px) in enumerate(RENDERED):
        errors, sizes = list[float](), list[float]()
        for seed in RENDERED_SEEDS:
            chance = np.random.default_rng([seed, number])
            seed_here = seed + 100 * number
            scene = varied_scene(
                seed_here,
                n_twitches=0,
                duration_s=RENDERED_S,
                size=(640, 360),
                frame_rate_hz=rate_hz,
                region=Region.HAND,
            )
            limb = replace(scene.limb, tremor_hz=hertz, tremor_px=size_px)
            path, bits = folder / "rendered.mp4", float(np.exp(chance.uniform(*np.log((0.1, 0.4)))))
            write_video(render(replace(scene, limb=limb)).video, path, bits_per_s=bits * 640 * 360 * rate_hz)
            told = {one.id: one for one in measure_video(read_video(path)).result.measurements}
            found = told.get("movement_frequency")
            # before an overexposed room it may be the camera that moves, which is said
            named += "tremor_frequency" in told and not told["tremor_frequency"].doubts
            errors.append(np.inf if found is None else found.value - hertz)
            sizes.append(np.nan if found is None else told["movement_amplitude"].value / size_px)
            inside += found is not None and found.low <= hertz <= found.high
            total += 1
        worst = max(map(abs, errors))
        what = f"{hertz:g} Hz, {size_px:g} px, {rate_hz:g} a second"
        check(what, "0.1 Hz", f"{worst:.3f} Hz; size {min(sizes):.2f} to {max(sizes):.2f}", holds=worst <= 0.1)
    check("truth in the 95 % interval", ">= 85 %", f"{inside} of {total}", holds=inside >= 0.85 * total)
    check("called a tremor, without a doubt", ">= 85 %", f"{named} of {total}", holds=named >= 0.85 * total)


def still(folder: Path) -> None:
    """Print how often a film without a movement of its own gives a frequency that is not doubted."""
    heading("hands that do not shake")
    false = total = 0
    for seed in range(9200, 9206):
        for sway in (0.0, 1.0):
            rng, rate_hz = np.random.default_rng(seed), 30.0
            n = round(STILL_S * rate_hz)
            path = folder / "still.mp4"
            write(path, hand(rng, rate_hz, np.zeros(n), held(rng, rate_hz, n, sway)), frame_rate_hz=rate_hz)
            false += frequency(path, View.LIMB) is not None
            total += 1
    check("frequencies that are not doubted", "0", f"{false} of {total}", holds=false == 0)


def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as name:
        forks(Path(name))
        hands(Path(name))
        rendered(Path(name))
        still(Path(name))
    print(f"\n{len(missed)} targets missed" + (f": {', '.join(missed)}" if missed else ""))


if __name__ == "__main__":
    main()
