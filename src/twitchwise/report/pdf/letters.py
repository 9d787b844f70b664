"""Text as the document can show it: told, on one line, with letters that its font has, and with places to break."""

import re
import unicodedata
from functools import cache
from pathlib import Path

from twitchwise.report.display import clean
from twitchwise.report.languages import tell

FONT = "DejaVu Sans"
UNKNOWN = "\ufffd"
"""Stands for a letter that the font lacks."""

_LONG_WORD = re.compile(r"\S{28}(?=\S)")  # more would stick out of a narrow column
_BREAK = "\u200b"
_HIDDEN = {"Cc", "Cf", "Cn", "Co", "Cs"}  # controls, private letters and halves of letters have no picture


def printable(text: str) -> str:
    r"""Return text in the language of the reader, of which every letter can be shown and copied.

    Examples
    --------
    >>> printable("left\x1b calf \u4e2d")
    'left calf �'
    """
    shown = "".join(_shown(letter) for letter in clean(tell(text)))
    return _LONG_WORD.sub(lambda found: found[0] + _BREAK, shown)


@cache
def font_folder() -> Path:
    """Return the folder of the font, which comes with matplotlib, so that a document looks the same everywhere."""
    import matplotlib as mpl  # noqa: PLC0415 - loads when a document is made

    return Path(mpl.get_data_path()) / "fonts" / "ttf"


@cache
def _letters() -> frozenset[int]:
    """Return the letters that the upright and the bold font both have."""
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415

    upright, bold = (FT2Font(str(font_folder() / name)) for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"))
    return frozenset(upright.get_charmap()) & frozenset(bold.get_charmap())


def _shown(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind == "Cf":
        return ""
    return UNKNOWN if kind in _HIDDEN or ord(letter) not in _letters() else letter
