"""What a film shows, judged from its pictures: an ultrasound screen, skin, a limb, or some object."""

from collections.abc import Iterator

import numpy as np

from twitchwise.measure.video.ultrasound.screen import is_ultrasound
from twitchwise.signals import Picture, Video
from twitchwise.vocabulary import View

# Pictures looked at, spread over the film, and every so manieth pixel of them.
_PICTURES = 3
_STEP = 4
# Skin of any tone reflects more red than green and more green than blue; gray things reflect alike. The bounds on
# chromaticity are those in common use for skin; a wrong guess is said and can be corrected.
_CB = (77, 127)
_CR = (133, 173)
_DARKEST = 40
_SKIN_SHARE = 0.6
_LIMB_SHARE = 0.05


def judged_view(video: Video) -> View:
    """Return what a film shows as its pictures look."""
    pictures = list(_pictures(video))
    if is_ultrasound(pictures):
        return View.ULTRASOUND
    share = float(np.median([_skin_share(picture[::_STEP, ::_STEP]) for picture in pictures]))
    if share > _SKIN_SHARE:
        return View.SKIN
    return View.LIMB if share > _LIMB_SHARE else View.OBJECT


def _pictures(video: Video) -> Iterator[Picture]:
    """Give pictures from the first ones on, which need no search in the file."""
    last = min(video.n_frames, _PICTURES * _STEP)
    for number, picture in enumerate(video.color(0, last)):
        if number % _STEP == 0:
            yield picture


def _skin_share(picture: Picture) -> float:
    red, green, blue = (picture[..., channel].astype(np.float32) for channel in range(3))
    brightness = 0.299 * red + 0.587 * green + 0.114 * blue
    bluish = 128 + 0.564 * (blue - brightness)
    reddish = 128 + 0.713 * (red - brightness)
    skin = (_CB[0] <= bluish) & (bluish <= _CB[1]) & (_CR[0] <= reddish) & (reddish <= _CR[1])
    return float((skin & (brightness > _DARKEST)).mean())
