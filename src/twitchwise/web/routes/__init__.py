"""The pages, one module a kind, in the order in which a visit passes them."""

from twitchwise.web.routes import (
    about,
    check,
    diary,
    diary_keep,
    diary_views,
    emergency,
    erase,
    explore,
    exports,
    happens,
    language,
    learn,
    look,
    look_export,
    measure,
    no_diary,
    question,
    recording,
    result,
    sign_in,
    start,
    where,
    words,
)

_EVERYWHERE = (
    *(start, emergency, words, about, question, where, recording, check, result, exports, happens, erase),
    *(measure, look, look_export, explore),
    *(learn, language),
)

ROUTERS = tuple(module.router for module in (*_EVERYWHERE, diary_views, diary, diary_keep))
"""The pages for this machine alone."""

SHARED_ROUTERS = tuple(module.router for module in (*_EVERYWHERE, sign_in, no_diary))
"""The pages of a server that other computers may reach."""
