"""Which language a browser gets: the one that was chosen, else the first of its own that there is."""

from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers

from twitchwise.report.languages import DEFAULT, LANGUAGES

COOKIE = "language"
MOST_WISHES = 20  # languages of a browser that are looked at
MOST_LETTERS = 1000  # of a header


def language_for(headers: Headers) -> str:
    """Return the tag of the language for a request.

    Examples
    --------
    >>> language_for(Headers({"accept-language": "fr;q=0.9, de-AT;q=0.8, en;q=0.5"}))
    'de'
    >>> language_for(Headers({"accept-language": "de", "cookie": "language=en"}))
    'en'
    """
    chosen = _chosen(headers.get("cookie", ""))
    if chosen in LANGUAGES:
        return chosen
    wished = (tag.split("-")[0] for tag in _wished(headers.get("accept-language", "")))
    return next((tag for tag in wished if tag in LANGUAGES), DEFAULT)


def _chosen(cookies: str) -> str:
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(cookies)
    except CookieError:
        return ""
    return jar[COOKIE].value if COOKIE in jar else ""


def _wished(header: str) -> list[str]:
    """Return the tags of a header, the most wished first."""
    wishes = [_wish(part) for part in header[:MOST_LETTERS].lower().split(",")[:MOST_WISHES]]
    return [tag for weight, tag in sorted(wishes, key=lambda one: -one[0]) if weight > 0]


def _wish(part: str) -> tuple[float, str]:
    tag, _, weight = part.partition(";")
    name, _, value = weight.strip().partition("=")
    try:
        return (float(value) if name.strip() == "q" else 1.0), tag.strip()
    except ValueError:
        return 0.0, tag.strip()
