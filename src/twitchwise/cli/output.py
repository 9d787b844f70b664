"""Prints results: text for people, JSON for programs, progress on the error stream only."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from twitchwise.vocabulary import OutOfRangeError

if TYPE_CHECKING:
    from rich.console import RenderableType


def print_json(result: Mapping[str, object]) -> None:
    """Print a result as JSON."""
    sys.stdout.write(json.dumps(result, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def print_text(text: "RenderableType") -> None:
    """Print what `report` made for a terminal."""
    from rich.console import Console  # noqa: PLC0415 - rich loads only when there is text to print

    Console().print(text)


@contextmanager
def progress(doing: str) -> Iterator[None]:
    """Show that work goes on, on the error stream, when a person watches."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415 - rich loads only when there is something to show

    with Console(stderr=True).status(doing):
        yield


@contextmanager
def counted_progress(doing: str) -> Iterator[Callable[[int, int], None]]:
    """Show how many of how many are done, and how long the rest will take, when a person watches."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console  # noqa: PLC0415 - rich loads only when there is something to show
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task(doing, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def require_writable(file: Path) -> None:
    """Raise OutOfRangeError when a file cannot be put there, before any work is done for it."""
    if file.is_dir():
        raise OutOfRangeError(f"output must be a file, got the folder {str(file)!r}.")
    if not file.resolve().parent.is_dir():
        raise OutOfRangeError(f"output must lie in a folder that exists, got {str(file)!r}.")
