"""Turns what another package raises or warns of while it reads a file into this program's sentences."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from twitchwise.vocabulary import TwitchwiseError, UnreadableRecordingError
from twitchwise.vocabulary.text import Text, say

_FOR_DEVELOPERS = (DeprecationWarning, PendingDeprecationWarning, FutureWarning, ResourceWarning)
_MOST_LETTERS = 200  # of what another package says


@contextmanager
def readable(typed: str) -> Iterator[None]:
    """Guard calls to the file system: whatever it refuses becomes one `UnreadableRecordingError`."""
    try:
        yield
    except FileNotFoundError as error:
        raise UnreadableRecordingError(
            say("recording must be a file that exists, got {file!r}.", file=typed)
        ) from error
    except PermissionError as error:
        raise UnreadableRecordingError(
            say("recording must be a file you may read, got {file!r}.", file=typed)
        ) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnreadableRecordingError(
            say("recording must be a file that can be read, got {file!r} ({reason}).", file=typed, reason=reason)
        ) from error


@contextmanager
def one_sentence(typed: str, format_name: str) -> Iterator[list[str]]:
    """Guard a call into another package.

    Its warnings are collected in the list that is given, without those that speak to its developers; whatever it raises
    becomes one `UnreadableRecordingError`, because a damaged file makes a parser fail in ways that its documentation
    does not list.
    """
    noticed: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield noticed
        except TwitchwiseError:
            raise
        except Exception as error:
            raise UnreadableRecordingError(
                say(
                    "{file!r} must be a whole {format}, got one that cannot be read ({reason}).",
                    file=typed,
                    format=format_name,
                    reason=_reason(error),
                )
            ) from error
        finally:
            about_file = (warning for warning in caught if not issubclass(warning.category, _FOR_DEVELOPERS))
            noticed.extend(dict.fromkeys(str(warning.message) for warning in about_file))


def _reason(error: Exception) -> str:
    """Return what an error says, as a text where it is one of ours, in other cases shortened."""
    said = error.args[0] if error.args else None
    return said if isinstance(said, Text) else (" ".join(str(error).split()) or type(error).__name__)[:_MOST_LETTERS]
