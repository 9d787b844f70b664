"""Turns what another package raises or warns of while it reads a file into this program's sentences."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from twitchwise.vocabulary import TwitchwiseError, UnreadableRecordingError

_FOR_DEVELOPERS = (DeprecationWarning, PendingDeprecationWarning, FutureWarning, ResourceWarning)


@contextmanager
def readable(typed: str) -> Iterator[None]:
    """Guard calls to the file system: whatever it refuses becomes one `UnreadableRecordingError`."""
    try:
        yield
    except FileNotFoundError as error:
        raise UnreadableRecordingError(f"recording must be a file that exists, got {typed!r}.") from error
    except PermissionError as error:
        raise UnreadableRecordingError(f"recording must be a file you may read, got {typed!r}.") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnreadableRecordingError(
            f"recording must be a file that can be read, got {typed!r} ({reason})."
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
            reason = " ".join(str(error).split()) or type(error).__name__
            raise UnreadableRecordingError(
                f"{typed!r} must be a whole {format_name}, got one that cannot be read ({reason[:200]})."
            ) from error
        finally:
            about_file = (warning for warning in caught if not issubclass(warning.category, _FOR_DEVELOPERS))
            noticed.extend(dict.fromkeys(str(warning.message) for warning in about_file))
