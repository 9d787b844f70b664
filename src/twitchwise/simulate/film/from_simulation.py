"""The film of a simulation: its skin moves as the simulator says, where its events are, seen by a camera."""

import numpy as np

from twitchwise.knowledge import library
from twitchwise.simulate.film.bulges import SkinCourse, bulges_of
from twitchwise.simulate.film.geometry import MM, millimeters_per_pixel
from twitchwise.simulate.film.regions import Region
from twitchwise.simulate.film.scene import Camera, FilmScene, LimbMotion
from twitchwise.simulate.simulation import Simulation
from twitchwise.vocabulary import EventKind
from twitchwise.vocabulary.arrays import FloatArray

REGIONS = {
    "orbicularis_oculi": Region.EYELID,
    "masseter": Region.CHEEK,
    "sternocleidomastoid": Region.CHEEK,
    "first_dorsal_interosseous": Region.HAND,
    "thenar": Region.HAND,
    "wrist_extensors": Region.HAND,
}
"""What is filmed for a muscle; the skin of a calf for any other."""
SEEN = (
    EventKind.FASCICULATION_POTENTIAL,
    EventKind.MYOKYMIC_DISCHARGE,
    EventKind.NEUROMYOTONIC_DISCHARGE,
    EventKind.CRAMP_DISCHARGE,
)
RELAXES_S = 0.5  # by then the skin over the slowest unit is back
SPOTS = 3  # units that twitch in a muscle are few
EDGE = 0.2  # of the picture, where none is
RHYTHM_HZ = (2.0, 20.0)  # in which a limb's tremor is looked for
LEAST_TREMOR_PX = 0.05  # less is not rendered


def scene_of(simulation: Simulation, camera: Camera, region: Region | None = None) -> FilmScene:
    """Return the scene that a camera sees of a simulation.

    The region fills the width of the picture. Every ectopic event lifts the skin at one of a few places, as far as the
    skin over the muscle moves at that time; a limb that shakes moves as a whole.

    Parameters
    ----------
    simulation
        What moves; its truth names the events.
    camera
        What films it.
    region
        What is filmed; what the muscle lies under if left out.
    """
    region = region or REGIONS.get(simulation.setting.muscle or _muscle(simulation), Region.CALF)
    scale_m = MM * millimeters_per_pixel(region, camera.width)
    course = _course(simulation, camera, scale_m)
    first, value = simulation.recording.channels[0], library().value
    seen, most_m = value("film_twitch_view") * value("film_twitch_gain"), value("film_skin_most")
    return FilmScene(
        region=region,
        duration_s=first.n_samples / first.sampling_rate_hz,
        bulges=bulges_of(course, scale_m, seen, most_m),
        camera=camera,
        limb=_limb(simulation, scale_m),
        seed=simulation.seed,
    )


def _muscle(simulation: Simulation) -> str:
    condition = library().conditions.get(simulation.condition)
    return (condition.muscle if condition is not None else None) or ""


def _course(simulation: Simulation, camera: Camera, scale_m: float) -> SkinCourse:
    skin = next(one for one in simulation.recording.channels if one.name == "Skin")
    displacement_m = simulation.recording.read("Skin")
    chance = np.random.default_rng([simulation.seed, 13])
    spots = chance.uniform(EDGE, 1 - EDGE, (SPOTS, 2)) * (camera.width, camera.height)
    spans = _spans(simulation, skin.n_samples / skin.sampling_rate_hz)
    chosen = chance.integers(0, SPOTS, len(spans))
    return SkinCourse(
        displacement_m=displacement_m,
        sampling_rate_hz=skin.sampling_rate_hz,
        spans_s=tuple(spans),
        places_px=tuple((float(spots[one, 0]), float(spots[one, 1])) for one in chosen),
        width_px=library().value("film_twitch_width") / scale_m,
        direction_rad=float(chance.uniform(0, 2 * np.pi)),
    )


def _spans(simulation: Simulation, duration_s: float) -> list[tuple[float, float]]:
    """Return from when to when the skin moves for each event: until it is back, or the next begins."""
    events = [event for train in simulation.events if train.kind in SEEN for event in train]
    events.sort(key=lambda event: event.start_s)
    ends_s = [*(event.start_s for event in events[1:]), duration_s][: len(events)]
    return [
        (event.start_s, min(event.end_s + RELAXES_S, end_s))
        for event, end_s in zip(events, ends_s, strict=True)
        if min(event.end_s + RELAXES_S, end_s) - event.start_s > 2 / 1000
    ]


def _limb(simulation: Simulation, scale_m: float) -> LimbMotion:
    """Return the rhythm of the limb's turning as a movement of the whole limb in the picture."""
    gyro = next(one for one in simulation.recording.channels if one.name == "Gyro Z")
    hz, size_rad = _rhythm(simulation.recording.read("Gyro Z"), gyro.sampling_rate_hz)
    size_px = simulation.parameters["sensor_arm"] * size_rad / scale_m
    return LimbMotion(tremor_hz=hz, tremor_px=size_px) if size_px >= LEAST_TREMOR_PX else LimbMotion()


def _rhythm(turning_radps: FloatArray, rate_hz: float) -> tuple[float, float]:
    """Return the frequency of the largest rhythm in a turning, and its amplitude as an angle."""
    window = np.hanning(turning_radps.size)
    spectrum = np.abs(np.fft.rfft((turning_radps - turning_radps.mean()) * window))
    hz = np.fft.rfftfreq(turning_radps.size, 1 / rate_hz)
    inside = np.flatnonzero((hz >= RHYTHM_HZ[0]) & (hz <= RHYTHM_HZ[1]))
    if not inside.size:
        return RHYTHM_HZ[0], 0.0
    at = int(inside[spectrum[inside].argmax()])
    # a window's sum is what a sine of amplitude 2 gives in its own bin
    return float(hz[at]), float(2 * spectrum[at] / window.sum() / (2 * np.pi * hz[at]))
