"""Every refusal of the program, each one sentence that says what must hold and what was got."""

from pathlib import Path

from twitchwise.vocabulary.text import say, str_or_text


class TwitchwiseError(Exception):
    """A refusal that a person can act on; surfaces print its sentence and end with exit code 2."""

    @property
    def sentence(self) -> str:
        """The sentence as it was raised, which a page may tell in another language."""
        return str_or_text(self.args[0] if self.args else "")


class OutOfRangeError(TwitchwiseError, ValueError):
    """A value lies outside what the quantity can be."""


class UnreadableRecordingError(TwitchwiseError):
    """A file is not a recording that can be read, or not a whole one."""


class UnwritableFileError(TwitchwiseError):
    """A file cannot be written where it should be."""


class UnreadableCaseError(TwitchwiseError):
    """A case file says something that cannot be understood or that contradicts itself."""


class KnowledgeError(TwitchwiseError):
    """A knowledge file breaks a rule.

    Parameters
    ----------
    file
        The file at fault.
    line
        Line of the entry at fault, counted from 1; 0 when the whole file is.
    path
        The key at fault, for example ``findings[2].in_condition``.
    rule
        What must hold, as a sentence.
    """

    def __init__(self, file: Path | str, line: int, path: str, rule: str) -> None:
        self.file = str(file)
        self.line = line
        self.path = path
        self.rule = rule
        super().__init__(f"{self.file}, line {line}, {path or 'whole file'}: {rule}")

    def __reduce__(self) -> tuple[type["KnowledgeError"], tuple[str, int, str, str]]:
        """Return what another process makes the same refusal of."""
        return type(self), (self.file, self.line, self.path, self.rule)


class MissingExtraError(TwitchwiseError):
    """An optional part of the program is not installed.

    Parameters
    ----------
    purpose
        What the extra is needed for, as the start of a sentence.
    extra
        Name of the extra in the package's metadata.
    """

    def __init__(self, purpose: str, extra: str) -> None:
        self.purpose, self.extra = purpose, extra
        super().__init__(
            say(
                "{purpose} must have the extra {extra!r}; install it with: pip install 'twitchwise[{extra}]'",
                purpose=purpose,
                extra=extra,
            )
        )

    def __reduce__(self) -> tuple[type["MissingExtraError"], tuple[str, str]]:
        """Return what another process makes the same refusal of."""
        return type(self), (self.purpose, self.extra)
