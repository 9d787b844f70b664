"""Names and units of the columns of a table that has none, from a JSON file beside or above it that describes it.

So do studies keep recordings of watches, for example PADS (Varghese et al. 2024, doi:10.13026/m0w9-zx22):
``observation_001.json`` names ``timeseries/001_Relaxed_LeftWrist.txt`` with its channels and units.
"""

from pathlib import Path, PurePosixPath

from twitchwise.formats.motion.tsdf_meta import described_with_units, metadata_of
from twitchwise.formats.motion.words import words_of

_LEVELS = 2


def described_columns(path: Path) -> tuple[tuple[str, ...], str]:
    """Return the titles of the columns of a table and the name of the file that says them; empty where none does."""
    first = next(iter(words_of(path.stem)), "")
    for folder in path.absolute().parents[:_LEVELS]:
        for other in sorted(folder.glob("*.json")):
            if first in words_of(other.stem) or other.stem == path.stem:
                titles = _titles(other, path.name)
                if titles:
                    return titles, other.name
    return (), ""


def _titles(meta: Path, name: str) -> tuple[str, ...]:
    content = metadata_of(meta)
    if content is None:
        return ()
    for file_name, channels, units in described_with_units(content):
        if PurePosixPath(file_name).name == name:
            return tuple(f"{channel} ({unit})" for channel, unit in zip(channels, units, strict=True))
    return ()
