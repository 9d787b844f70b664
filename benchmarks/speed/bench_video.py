"""How long films take: 720p beside real time, and an ultrasound film beside the open Gaussian-mixture rule in one run.

The mixture is timed over some pictures and multiplied, because the whole film takes it minutes. OpenCV's own mixture
(MOG2), which is compiled and runs on all cores, is timed over the whole film.

Run ``python -m benchmarks.speed.bench_video``; it needs the recordings beside the checkout for the ultrasound film.
"""

import tempfile
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from benchmarks.accuracy._films import held, moved, noise, texture, write
from benchmarks.speed import _clock
from benchmarks.speed._mixture import Mixture

from twitchwise.formats import read_video
from twitchwise.measure import measure_video
from twitchwise.vocabulary import View

ULTRASOUND = Path(__file__).parents[3] / "shared/data/ultrasound/neurosense_biceps_75fps.mp4"
RATE_HZ = 60.0
PICTURES = 300
MIXTURE_PICTURES = 60
TIMES_FASTER = 50.0


def wide_film(path: Path, *, is_held: bool) -> None:
    """Write some seconds of 720p at 60 pictures a second."""
    rng = np.random.default_rng(1)
    ground = 120 + texture((720, 1280), rng, finest=3, contrast=15)
    sway = held(rng, RATE_HZ, PICTURES, 2.0 if is_held else 0.0)
    pictures = (
        moved(ground, sway.x[number], sway.y[number], sway.turn[number]) + noise(rng, ground.shape, 2.0)
        for number in range(PICTURES)
    )
    write(path, pictures, frame_rate_hz=RATE_HZ)


def measured(path: Path, view: View) -> None:
    """Read and measure a film."""
    measure_video(read_video(path), view=view)


def mixture_s() -> float:
    """Return how long the plain mixture takes for the ultrasound film, from some of its pictures."""
    pictures = [picture.copy() for picture in read_video(ULTRASOUND).brightness(0, MIXTURE_PICTURES)]
    mixture = Mixture(pictures[0])
    taken = _clock.seconds(lambda: [mixture.foreground(picture) for picture in pictures])
    return taken * read_video(ULTRASOUND).n_frames / MIXTURE_PICTURES


def compiled_mixture() -> None:
    """Run OpenCV's mixture over the ultrasound film."""
    mixture = cv2.createBackgroundSubtractorMOG2(detectShadows=False)
    for picture in read_video(ULTRASOUND).brightness():
        mixture.apply(picture)


def main() -> None:
    """Print the table."""
    print(f"{_clock.machine()}; {', '.join(_clock.installed('av', 'opencv-python-headless'))}")
    with tempfile.TemporaryDirectory() as folder:
        for name, is_held in (("from a stand", False), ("held by hand", True)):
            path = Path(folder) / "wide.mp4"
            wide_film(path, is_held=is_held)
            for view in (View.LIMB, View.SKIN):
                ours = _clock.warm(partial(measured, path, view), repeats=2)
                _clock.row(
                    f"720p, 60 a second, {PICTURES / RATE_HZ:g} s, {name}, {view.value}", ours, PICTURES / RATE_HZ
                )
    if not ULTRASOUND.is_file():
        print("no ultrasound film beside the checkout")
        return
    ours = _clock.warm(partial(measured, ULTRASOUND, View.ULTRASOUND))
    _clock.row("ultrasound, 512 x 512, 75 a second, 40 s", ours)
    _clock.ratio(f"Gaussian mixture in NumPy (from {MIXTURE_PICTURES} pictures)", mixture_s(), ours, TIMES_FASTER)
    _clock.ratio(
        "Gaussian mixture of OpenCV (MOG2), without any decision", _clock.warm(compiled_mixture, repeats=1), ours
    )


if __name__ == "__main__":
    main()
