"""What is filmed and how: everything that a rendered film depends on, in pictures' own units."""

from dataclasses import dataclass, field
from enum import StrEnum

from twitchwise.simulate.film.bulges import Bulge
from twitchwise.simulate.film.regions import Region
from twitchwise.vocabulary.checks import require_not_negative, require_positive, require_within

SMALLEST_PX, LARGEST_PX = 32, 4096  # smaller pictures show no texture, larger ones no phone takes
FASTEST_HZ = 1000.0
N_TONES = 6  # as many as dermatology's scale of skin types has


class Shake(StrEnum):
    """How the camera is held."""

    TRIPOD = "tripod"
    HANDHELD = "handheld"


@dataclass(frozen=True, kw_only=True, slots=True)
class SkinLook:
    """What the skin looks like beyond its region: tone 0 (palest) to 5, contrast of its texture, grain in pixels."""

    tone: int = 2
    contrast: float = 1.0
    grain_px: float = 4.0

    def __post_init__(self) -> None:
        """Refuse a tone that is none, and texture that is none."""
        require_within("tone", self.tone, 0, N_TONES - 1)
        require_not_negative("contrast", self.contrast)
        require_positive("grain_px", self.grain_px)


@dataclass(frozen=True, kw_only=True, slots=True)
class Light:
    """The light: brightness (1 fills the sensor's range), flicker of the lamp, its unevenness, and its direction.

    Parameters
    ----------
    level
        Mean brightness of pale skin, 0 to 1.
    flicker_hz, flicker_depth
        Twice the mains frequency, and how deep the lamp's light dips, 0 to 1.
    unevenness
        How much darker one side is than the other, 0 to 1.
    direction_rad
        Where the light comes from, in the plane of the picture.
    shading
        Relative change of brightness for a slope of the skin of one pixel per pixel.
    """

    level: float = 0.6
    flicker_hz: float = 100.0
    flicker_depth: float = 0.1
    unevenness: float = 0.3
    direction_rad: float = 0.0
    shading: float = 0.3

    def __post_init__(self) -> None:
        """Refuse numbers that no light has."""
        require_within("level", self.level, 0.0, 1.0)
        require_positive("flicker_hz", self.flicker_hz)
        require_within("flicker_depth", self.flicker_depth, 0.0, 1.0)
        require_within("unevenness", self.unevenness, 0.0, 1.0)
        require_not_negative("shading", self.shading)


@dataclass(frozen=True, kw_only=True, slots=True)
class Camera:
    """The camera: size, rate, shutter, noise and hold.

    Parameters
    ----------
    width, height
        Pixels.
    frame_rate_hz
        Pictures per second.
    exposure_s, readout_s
        How long a row is exposed, and how much later the last row is than the first.
    noise
        Standard deviation of the noise of a pixel of mean brightness, as a share of white.
    blur_px
        Standard deviation of the lens's blur.
    adapts
        How much the exposure follows the light, as a relative standard deviation.
    varies
        Whether the time between pictures varies, and pictures are dropped.
    shake, shake_scale
        How it is held, and how much more or less it shakes than the middle hand does.
    relief
        Relative depth of the scene: how much nearer parts move more when the camera moves sideways.
    """

    width: int = 640
    height: int = 360
    frame_rate_hz: float = 30.0
    exposure_s: float = 0.008
    readout_s: float = 0.02
    noise: float = 0.008
    blur_px: float = 0.6
    adapts: float = 0.01
    varies: bool = False
    shake: Shake = Shake.HANDHELD
    shake_scale: float = 1.0
    relief: float = 0.03

    def __post_init__(self) -> None:
        """Refuse numbers that no camera has."""
        require_within("width", self.width, SMALLEST_PX, LARGEST_PX)
        require_within("height", self.height, SMALLEST_PX, LARGEST_PX)
        require_positive("frame_rate_hz", self.frame_rate_hz)
        require_within("frame_rate_hz", self.frame_rate_hz, 1.0, FASTEST_HZ)
        for name in ("exposure_s", "readout_s", "noise", "blur_px", "adapts", "shake_scale", "relief"):
            require_not_negative(name, getattr(self, name))
        require_within("exposure_s", self.exposure_s, 0.0, 1 / self.frame_rate_hz)
        require_within("readout_s", self.readout_s, 0.0, 1 / self.frame_rate_hz)


@dataclass(frozen=True, kw_only=True, slots=True)
class LimbMotion:
    """What moves the whole part: breathing, the pulse, and a tremor, each with its rate and its size in pixels."""

    breathing_hz: float = 0.25
    breathing_px: float = 0.0
    pulse_hz: float = 1.1
    pulse_px: float = 0.0
    tremor_hz: float = 5.0
    tremor_px: float = 0.0

    def __post_init__(self) -> None:
        """Refuse rates that are not above 0 and sizes below it."""
        for name in ("breathing", "pulse", "tremor"):
            require_positive(f"{name}_hz", getattr(self, f"{name}_hz"))
            require_not_negative(f"{name}_px", getattr(self, f"{name}_px"))


@dataclass(frozen=True, kw_only=True, slots=True)
class FilmScene:
    """Everything that a film depends on; the same scene gives the same film.

    Raises
    ------
    OutOfRangeError
        If a number lies outside, or a twitch lies beyond the picture or the film.
    """

    region: Region = Region.CALF
    duration_s: float = 10.0
    bulges: tuple[Bulge, ...] = ()
    skin: SkinLook = field(default_factory=SkinLook)
    light: Light = field(default_factory=Light)
    camera: Camera = field(default_factory=Camera)
    limb: LimbMotion = field(default_factory=LimbMotion)
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse twitches that the film does not show."""
        require_positive("duration_s", self.duration_s)
        require_not_negative("seed", self.seed)
        for bulge in self.bulges:
            require_within("x of a twitch", bulge.place_px[0], 0.0, float(self.camera.width))
            require_within("y of a twitch", bulge.place_px[1], 0.0, float(self.camera.height))
            require_within("start of a twitch", bulge.start_s, 0.0, self.duration_s)
