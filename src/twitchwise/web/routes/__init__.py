"""The pages, one module a kind, in the order in which a visit passes them."""

from twitchwise.web.routes import about, check, emergency, erase, question, recording, result, start

ROUTERS = tuple(module.router for module in (start, emergency, about, question, recording, check, result, erase))
