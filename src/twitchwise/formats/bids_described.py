"""What the JSON files of a BIDS data set say together of one recording: the nearer file overrules the other."""

from pathlib import Path

from twitchwise.formats.bids_text import read_object
from twitchwise.formats.bids_tree import describing


def described(recording: Path, suffix: str) -> tuple[dict[str, object], list[str]]:
    """Return the fields of all JSON files that describe a recording, and what is wrong with a file.

    Parameters
    ----------
    recording
        Its main file.
    suffix
        What the names of the JSON files end with, such as ``motion.json``.
    """
    fields: dict[str, object] = {}
    said: list[str] = []
    for path in describing(recording, suffix):
        content = read_object(path)
        if isinstance(content, str):
            said.append(content)
        else:
            fields |= content
    return fields, said
