"""Where on the body something is, by a list of places and a picture to point at."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Response

from twitchwise.knowledge.schema import Finding
from twitchwise.vocabulary import FindingState
from twitchwise.vocabulary.text import say
from twitchwise.web.body_map import SPOTS, place_of
from twitchwise.web.forms import UNKNOWN, Form, FormError
from twitchwise.web.visiting import Inside, Visiting
from twitchwise.web.where import has_place

router = APIRouter(prefix="/visit/{token}/where/{name}")


def _placed(name: str, here: Inside) -> Finding:
    found = here.library.findings.get(name)
    if found is None or not has_place(found) or here.case.state(name) is not FindingState.PRESENT:
        raise HTTPException(404)
    return found


Placed = Annotated[Finding, Depends(_placed)]


@router.get("")
def show(here: Inside, finding: Placed) -> Response:
    """Ask where it is."""
    known = here.visit.places.get(finding.id)
    return _page(here, finding, () if known is None else known.spots, unknown=known is not None and not known.spots)


@router.post("")
def save(here: Inside, finding: Placed, form: Form) -> Response:
    """Keep the places."""
    given = [value for value in form.getlist("spot") if isinstance(value, str)]
    if not given or (UNKNOWN in given and len(given) > 1):
        sentence = (
            say("Choose the places, or choose “I can't say”.") if not given else say("Choose places or “I can't say”.")
        )
        return _page(here, finding, tuple(given), unknown=UNKNOWN in given, error=FormError("spot", sentence))
    if unknown := [one for one in given if one not in SPOTS and one != UNKNOWN]:
        error = FormError("spot", say("Choose places from the list. “{typed}” is not on it.", typed=unknown[0][:40]))
        return _page(here, finding, tuple(given), unknown=False, error=error)
    now = here.change(lambda visit: visit.with_place(finding.id, place_of(given)))
    return now.go_to(now.url("check") if now.from_check else now.way_on)


def _page(
    here: Visiting, finding: Finding, chosen: tuple[str, ...], *, unknown: bool, error: FormError | None = None
) -> Response:
    return here.page(
        "where",
        error=error,
        finding=finding,
        spots=SPOTS.values(),
        chosen=chosen,
        is_unknown=unknown,
        back=here.url("check") if here.from_check else here.url_of(finding.id),
    )
