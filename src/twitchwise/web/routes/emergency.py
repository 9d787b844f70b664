"""The emergency signs, first and on one page, and what to do at once when there is one."""

from fastapi import APIRouter, Response

from twitchwise.knowledge.schema import Finding
from twitchwise.report.wording import CARE_CARDS
from twitchwise.vocabulary import FindingState, Urgency
from twitchwise.web.forms import Form, FormError, FormRefusedError, read_signs
from twitchwise.web.order import emergency_signs
from twitchwise.web.reasons import reasons_of
from twitchwise.web.visiting import Here, Inside, Visiting

router = APIRouter(prefix="/visit/{token}")


@router.get("/emergency")
def show(here: Here) -> Response:
    """Ask for the emergency signs."""
    return _page(here)


@router.post("/emergency")
def save(here: Here, form: Form) -> Response:
    """Keep the signs; one that is there leads at once to what to do."""
    findings = here.library.findings
    try:
        ticked = read_signs(form, {sign.id: sign for sign in emergency_signs(findings)})
    except FormRefusedError as refused:
        return _page(here, refused.error)
    now = here.change(lambda visit: visit.with_signs(ticked, findings))
    if ticked or now.is_emergency:
        return now.go_to(now.url("act"))
    return now.go_to(now.url("check") if now.from_check else now.way_on)


@router.get("/act")
def act(here: Inside) -> Response:
    """Say what to do now; without a sign there is no such page."""
    signs = present_signs(here)
    if not signs and not here.is_emergency:
        return here.go_to(here.way_on)
    level = level_to_act_on(here, signs)
    reasons = [reason for reason in here.urgency.reasons if reason.level is level]
    return here.page(
        "act",
        card=CARE_CARDS[level],
        level=level,
        reasons=reasons_of(reasons, here.library),
        signs=signs,
        on=here.way_on,
    )


def present_signs(here: Visiting) -> tuple[Finding, ...]:
    """Return the emergency signs that were ticked."""
    case = here.case
    return tuple(sign for sign in emergency_signs(here.library.findings) if case.state(sign.id) is FindingState.PRESENT)


def level_to_act_on(here: Visiting, signs: tuple[Finding, ...]) -> Urgency:
    """Return how soon to act; a sign that no rule speaks of is an emergency, rather too much than nothing."""
    spoken_of = {finding for reason in here.urgency.reasons for finding in reason.findings}
    return here.urgency.level if all(sign.id in spoken_of for sign in signs) else Urgency.EMERGENCY


def _page(here: Visiting, error: FormError | None = None) -> Response:
    ticked = {sign.id for sign in present_signs(here)}
    return here.page("emergency", error=error, signs=emergency_signs(here.library.findings), ticked=ticked)
