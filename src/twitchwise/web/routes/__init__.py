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
    learn,
    look,
    look_export,
    measure,
    question,
    recording,
    result,
    start,
    where,
    words,
)

ROUTERS = tuple(
    module.router
    for module in (
        *(start, emergency, words, about, question, where, recording, check, result, exports, happens, erase),
        *(measure, look, look_export, explore),
        learn,
        *(diary_views, diary, diary_keep),
    )
)
