"""What happens in nerve and muscle with a cause, computed beside health; it takes seconds, and is kept then."""

import threading
from functools import lru_cache
from typing import NamedTuple

from fastapi import APIRouter, HTTPException, Response
from markupsafe import Markup

from twitchwise import report  # its parts load when they are used: the model and drawing are heavy
from twitchwise.report.languages import LANGUAGE
from twitchwise.simulate.condition import known_conditions
from twitchwise.vocabulary import MissingExtraError
from twitchwise.web.visiting import Inside

router = APIRouter(prefix="/visit/{token}/happens/{condition}")

KEPT = 64  # figures of 0.2 MB, in one language each, the same for every visit
_COMPUTING = threading.Lock()  # two runs at once would each take twice as long; the second finds what the first kept


class _Shown(NamedTuple):
    """What the page shows of an explanation; the simulations behind it are let go."""

    svg: Markup
    caption: str
    sentences: tuple[str, ...]


@router.get("")
def show(condition: str, here: Inside) -> Response:
    """Show what the model changes; runs beside the event loop, so other pages stay quick."""
    if condition not in here.library.conditions or condition not in known_conditions(here.library):
        raise HTTPException(404)
    shown, missing = None, None
    try:
        with _COMPUTING:
            shown = _explained(condition, LANGUAGE.get())
    except MissingExtraError as error:
        missing = error.sentence
    return here.page(
        "happens",
        condition=here.library.conditions[condition],
        shown=shown,
        missing=missing,
        stories=report.stories_about(condition, here.library),
    )


@lru_cache(maxsize=KEPT)
def _explained(condition: str, language: str) -> _Shown:
    del language  # the words in the figure are in that of the request, so each has a figure of its own
    explanation = report.explain(condition)
    svg = Markup(explanation.svg)  # noqa: S704 - made by the figure's module, which escapes its labels
    return _Shown(svg, explanation.caption, explanation.sentences)
