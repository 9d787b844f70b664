"""A temporary folder that is deleted when it is told to, and at the latest when the program ends."""

import shutil
import tempfile
import weakref
from pathlib import Path


class ScratchFolder:
    """A new temporary folder, which only its owner can read."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="twitchwise-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    def erase(self) -> None:
        """Delete the folder with all that is in it, as far as the system allows; doing so twice is no mistake."""
        shutil.rmtree(self.path, ignore_errors=True)
