"""Writes a film as MP4 with H.264, each picture at its own time, through PyAV."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from twitchwise.signals import Video
from twitchwise.signals.video import Picture
from twitchwise.vocabulary import MissingExtraError, OutOfRangeError, UnwritableFileError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_positive, require_within
from twitchwise.vocabulary.text import say

if TYPE_CHECKING:
    from av.video.stream import VideoStream

TICKS = 90_000  # a second, as in every MPEG stream
WORST_QUALITY = 51.0  # of H.264's constant rate factor, whose best is 0
USUAL_QUALITY = 18.0  # of the rate factor: taken to look like the original
ENDINGS = (".mp4", ".m4v", ".mov")


def write_video(
    video: Video,
    path: Path | str,
    *,
    rate_factor: float = USUAL_QUALITY,
    bits_per_s: float | None = None,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Write a film as MP4 with H.264; the file appears under its name only when it is whole.

    Parameters
    ----------
    video
        Pictures and their times. A picture of odd width or height loses its last column or row, which H.264 in its
        usual form cannot hold.
    path
        Where to, ending in .mp4, .m4v or .mov; what is there is replaced.
    rate_factor
        H.264's constant rate factor, 0 (without loss) to 51 (worst).
    bits_per_s
        Bits for each second instead of a constant quality, as phones write.
    progress
        Told the share that is written.

    Raises
    ------
    OutOfRangeError
        If the rate factor or the ending cannot be.
    UnwritableFileError
        If the file cannot be written there.
    MissingExtraError
        If PyAV is not installed.
    """
    write_pictures(_counted(video, progress), video.times_s, path, rate_factor=rate_factor, bits_per_s=bits_per_s)


def write_pictures(
    pictures: Iterable[Picture],
    times_s: FloatArray,
    path: Path | str,
    *,
    rate_factor: float = USUAL_QUALITY,
    bits_per_s: float | None = None,
) -> None:
    """Write pictures in color, each of shape ``(height, width, 3)``, at rising times in seconds; see `write_video`."""
    require_within("rate_factor", rate_factor, 0.0, WORST_QUALITY)
    if bits_per_s is not None:
        require_positive("bits_per_s", bits_per_s)
    target = Path(path)
    if target.suffix.lower() not in ENDINGS:
        raise OutOfRangeError(f"name of a film must end in {', '.join(ENDINGS)}, got {str(path)!r}.")
    av = _pyav()
    unfinished = target.with_name(f".{target.name}.unfinished{target.suffix}")
    try:
        _encode(av, pictures, times_s, unfinished, _options(rate_factor, bits_per_s))
        unfinished.replace(target)
    except (OSError, av.FFmpegError) as error:
        raise UnwritableFileError(f"{path}: the film cannot be written there ({error}).") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _options(rate_factor: float, bits_per_s: float | None) -> dict[str, object]:
    rate: dict[str, object] = {"crf": str(rate_factor)} if bits_per_s is None else {"b": str(round(bits_per_s))}
    return rate | {"preset": "veryfast"}


def _encode(
    av: ModuleType, pictures: Iterable[Picture], times_s: FloatArray, path: Path, options: dict[str, object]
) -> None:
    rate = Fraction((times_s.size - 1) / float(times_s[-1])).limit_denominator(1001) if times_s.size > 1 else 30
    with av.open(str(path), "w") as container:
        stream: VideoStream = container.add_stream("libx264", rate=rate)
        stream.pix_fmt = "yuv420p"
        stream.options = options
        stream.codec_context.time_base = Fraction(1, TICKS)
        for picture, time_s in zip(pictures, times_s, strict=True):
            height, width = (side // 2 * 2 for side in picture.shape[:2])
            if not stream.codec_context.is_open:
                stream.width, stream.height = width, height
            frame = av.VideoFrame.from_ndarray(picture[:height, :width].copy(), format="rgb24")
            frame.pts, frame.time_base = round(float(time_s) * TICKS), Fraction(1, TICKS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def _counted(video: Video, progress: Callable[[float], None] | None) -> Iterable[Picture]:
    for number, picture in enumerate(video.color(), start=1):
        yield picture
        if progress is not None:
            progress(number / video.n_frames)


def _pyav() -> ModuleType:
    try:
        import av  # noqa: PLC0415 - it is an extra
    except ImportError as error:
        raise MissingExtraError(say("Writing films"), "video") from error
    return av
