"""The pages, one module a kind, in the order in which a visit passes them."""

from twitchwise.web.routes import (
    about,
    check,
    diary,
    diary_code,
    diary_keep,
    diary_start,
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

_DIARY = (diary_views, diary, diary_keep)

ROUTERS = tuple(module.router for module in (*_EVERYWHERE, diary_start, *_DIARY))
"""The pages for this machine alone."""

SHARED_ROUTERS = tuple(module.router for module in (*_EVERYWHERE, sign_in, no_diary))
"""The pages of a server that other computers may reach."""

CLINIC_ROUTERS = tuple(module.router for module in (*_EVERYWHERE, sign_in, diary_code, *_DIARY))
"""The same, with diaries in a database."""
