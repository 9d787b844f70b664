"""The languages that pages and reports come in: which one a reader has, and every text told in it."""

from twitchwise.report.languages.tongues import (
    DEFAULT,
    LANGUAGE,
    LANGUAGES,
    current_tongue,
    tell,
    tell_all,
    tongue_of,
)

__all__ = ["DEFAULT", "LANGUAGE", "LANGUAGES", "current_tongue", "tell", "tell_all", "tongue_of"]
