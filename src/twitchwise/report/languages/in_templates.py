"""Makes templates of Jinja speak the language of the reader: what stands in them and what is put into them."""

from collections.abc import Callable, Iterable
from functools import wraps

from jinja2 import Environment, pass_context
from jinja2.runtime import Context

from twitchwise.report.languages.tongues import LANGUAGE, current_tongue, tell
from twitchwise.vocabulary.text import Text, together

_CHANGING = ("capitalize", "lower", "string", "trim", "upper")
"""Filters of Jinja that make another text of a text."""


def speak(environment: Environment) -> None:
    """Let the templates of an environment mark texts, and tell each text that is put into one.

    ``{% trans %}...{% endtrans %}`` and ``_("...")`` mark what a template says itself. A value that is a `Text` is told
    where it is written. A filter of our own that changes a text has to be put in with `tells_first`.
    """
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(_one, _many, newstyle=True, pgettext=_in_context)  # type: ignore[attr-defined]
    environment.finalize = _told
    environment.globals["language"] = LANGUAGE.get
    environment.globals["tell"] = tell
    environment.filters["join"] = _joined
    for name in _CHANGING:
        environment.filters[name] = tells_first(environment.filters[name])


def tells_first(change: Callable[[str], str]) -> Callable[[str], str]:
    """Return a filter that gets a text in the language of the reader."""

    @wraps(change)
    def told_first(text: str) -> str:
        return change(tell(text))

    return told_first


@pass_context  # so that nothing is told while a template is compiled
def _told(_: Context, value: object) -> object:
    return tell(value) if isinstance(value, Text) else value


def _joined(parts: Iterable[object], between: str = "") -> Text:
    return together(parts, between)


def _one(text: str) -> str:
    return current_tongue().sentence("", text, "", None)


def _many(one: str, many: str, count: int) -> str:
    return current_tongue().sentence("", one, many, count)


def _in_context(context: str, text: str) -> str:
    return current_tongue().sentence(context, text, "", None)
