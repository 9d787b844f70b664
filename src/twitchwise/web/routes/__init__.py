"""The pages, one module a kind, in the order in which a visit passes them."""

from twitchwise.web.routes import about, check, emergency, erase, happens, question, recording, result, start, words

ROUTERS = tuple(
    module.router for module in (start, emergency, words, about, question, recording, check, result, happens, erase)
)
