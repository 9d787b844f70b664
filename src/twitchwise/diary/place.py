"""Where the diary lies: in the person's own folder for data, by the rules of the platform, or where they say."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

VARIABLE = "TWITCHWISE_DIARY"
"""The environment variable that names another file."""
NAME = "diary.sqlite3"


def default_file(platform: str = sys.platform, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the file that is used unless another is named; it need not be there.

    Parameters
    ----------
    platform, environment
        As `sys.platform` and `os.environ` give them.
    """
    named = environment.get(VARIABLE, "")
    return Path(named).expanduser() if named.strip() else data_folder(platform, environment) / NAME


def data_folder(platform: str, environment: Mapping[str, str]) -> Path:
    """Return the folder for data of this program that belongs to the user and stays on the machine."""
    home = Path.home()
    if platform == "win32":  # the local one: the roaming one is copied to servers
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local") / "twitchwise"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "twitchwise"
    named = environment.get("XDG_DATA_HOME", "")  # by the XDG rules a path that is not absolute must be ignored
    return (Path(named) if named.startswith("/") else home / ".local" / "share") / "twitchwise"
