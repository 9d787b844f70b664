"""What every page of a visit has at hand: the visit, its store, the knowledge, and where the pages lie."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from twitchwise.assess import Case, Question
from twitchwise.assess.implied import completed
from twitchwise.assess.urgency import UrgencyResult, urgency_of
from twitchwise.knowledge import Library
from twitchwise.vocabulary import Urgency
from twitchwise.web.forms import FormError
from twitchwise.web.measurings import Measuring, Measurings, MeasuringStore
from twitchwise.web.path import next_page
from twitchwise.web.rendering import page
from twitchwise.web.visit import Visit
from twitchwise.web.visit_store import VisitStore
from twitchwise.web.where import open_places

SEE_OTHER = 303  # after a form, so that going back or loading anew never sends it twice


@dataclass(frozen=True, kw_only=True, slots=True)
class Visiting:
    """A visit in the middle of a request.

    What is under way was looked up before the visit, so that a recording is in one of the two, or in both, at any time.
    """

    token: str
    visit: Visit
    visits: VisitStore
    measurings: MeasuringStore
    under_way: tuple[Measuring, ...]
    library: Library
    from_check: bool

    @property
    def case(self) -> Case:
        """What was answered."""
        return self.visit.case(self.library.findings)

    @property
    def urgency(self) -> UrgencyResult:
        """How soon to seek help, by what was answered and what follows from it."""
        return urgency_of(completed(self.case, self.library.findings), self.library.rules)

    @property
    def is_emergency(self) -> bool:
        """Whether help must not wait until the check is done."""
        return self.urgency.level is Urgency.EMERGENCY

    @property
    def being_measured(self) -> tuple[Measuring, ...]:
        """Recordings that are measured now or wait to be."""
        return tuple(one for one in self.under_way if one.is_working)

    @property
    def not_measured(self) -> tuple[Measuring, ...]:
        """Recordings that could not be measured."""
        return tuple(one for one in self.under_way if not one.is_working)

    def url(self, place: str) -> str:
        """Return the address of a page of this visit, for example ``url("check")``."""
        return f"/visit/{self.token}/{place}"

    def url_of(self, page: str) -> str:
        """Return the address of a page of questions, by the page's id."""
        return self.url(f"question/{page}")

    @property
    def next_page(self) -> Question | None:
        """The page of questions that is worth most now; ``None`` when none is worth asking."""
        return next_page(self.visit, self.library)

    @property
    def way_on(self) -> str:
        """The address of the first step that was not taken yet."""
        if not self.visit.person_asked:
            return self.url("about" if self.visit.told_asked else "words")
        for name in open_places(self.visit, self.library.findings):
            return self.url(f"where/{name}")
        page = self.next_page
        return self.url("recording") if page is None else self.url_of(page.id)

    def go_to(self, url: str) -> RedirectResponse:
        """Send the browser to another page."""
        return RedirectResponse(url, status_code=SEE_OTHER)

    def change(self, change: Callable[[Visit], Visit]) -> "Visiting":
        """Change the visit as it now is in the store, and return how it then stands."""
        under_way = self.measurings.of(self.token)
        visit = self.visits.change(self.token, change)
        return Visiting(
            token=self.token,
            visit=visit,
            visits=self.visits,
            measurings=self.measurings,
            under_way=under_way,
            library=self.library,
            from_check=self.from_check,
        )

    def page(
        self, template: str, *, status: int = 200, error: FormError | None = None, **values: object
    ) -> HTMLResponse:
        """Return a page of this visit; one with an error has status 422."""
        return page(template, status=422 if error else status, error=error, here=self, **values)


def _store(request: Request) -> VisitStore:
    return cast("VisitStore", request.app.state.visits)


Visits = Annotated[VisitStore, Depends(_store)]
"""Where the visits are kept."""


def _library(request: Request) -> Library:
    return cast("Library", request.app.state.library)


Known = Annotated[Library, Depends(_library)]
"""What is known."""


def _any_page(token: str, request: Request, visits: Visits, measurings: Measurings) -> Visiting:
    under_way = measurings.of(token)
    return Visiting(
        token=token,
        visit=visits.get(token),
        visits=visits,
        measurings=measurings,
        under_way=under_way,
        library=request.app.state.library,
        from_check=request.query_params.get("from") == "check",
    )


Here = Annotated[Visiting, Depends(_any_page)]
"""A page of a visit."""


def _after_signs(here: Here) -> Visiting:
    if not here.visit.signs_asked:
        raise HTTPException(SEE_OTHER, headers={"Location": here.url("emergency")})
    return here


Inside = Annotated[Visiting, Depends(_after_signs)]
"""A page of a visit that comes after the emergency signs."""
