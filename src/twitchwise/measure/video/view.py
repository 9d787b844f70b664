"""What a film shows, judged from its pictures: an ultrasound screen, skin, a limb, or some object."""

from collections.abc import Iterator

import numpy as np

from twitchwise.measure.video.skin import skin_of
from twitchwise.measure.video.ultrasound.screen import is_ultrasound
from twitchwise.signals import Picture, Video
from twitchwise.vocabulary import View

# Pictures looked at, spread over the film, and every so manieth pixel of them.
_PICTURES = 3
_STEP = 4
_SKIN_SHARE = 0.6
_LIMB_SHARE = 0.05


def judged_view(video: Video) -> View:
    """Return what a film shows as its pictures look."""
    pictures = list(_pictures(video))
    if is_ultrasound(pictures):
        return View.ULTRASOUND
    share = float(np.median([skin_of(picture[::_STEP, ::_STEP]).mean() for picture in pictures]))
    if share > _SKIN_SHARE:
        return View.SKIN
    return View.LIMB if share > _LIMB_SHARE else View.OBJECT


def _pictures(video: Video) -> Iterator[Picture]:
    """Give pictures from the first ones on, which need no search in the file."""
    last = min(video.n_frames, _PICTURES * _STEP)
    for number, picture in enumerate(video.color(0, last)):
        if number % _STEP == 0:
            yield picture
