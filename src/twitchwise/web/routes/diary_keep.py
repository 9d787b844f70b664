"""Keeps the result of a check in the diary, when the person who was checked says so."""

import dataclasses

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from twitchwise.diary import DiaryNotStartedError, today
from twitchwise.examine import examine_case
from twitchwise.examine.for_the_diary import kept_check, kept_recording
from twitchwise.web.diary_place import Here as DiaryHere
from twitchwise.web.visiting import SEE_OTHER, Inside

router = APIRouter(prefix="/visit/{token}/keep")


@router.post("")
def keep(here: Inside, place: DiaryHere) -> Response:
    """Keep how soon to seek help and what was measured; without a diary, ask first whether there shall be one.

    While a recording is still measured, nothing is kept yet: the diary would lack it without a word.
    """
    if here.being_measured:
        return here.go_to(here.url("recording/measuring"))
    try:
        diary = place.open()
    except DiaryNotStartedError:
        return RedirectResponse("/diary", status_code=SEE_OTHER)
    day = today()
    assessment = examine_case(here.case, here.visit.recordings, here.library).assessment
    recordings = {dataclasses.replace(one, number=0) for one in diary.recordings()}
    for recording in (kept_recording(examined, day) for examined in here.visit.recordings):
        if recording not in recordings:  # the button was pressed twice
            diary.keep_recording(recording)
    check = kept_check(assessment, day)
    if check not in {dataclasses.replace(one, number=0) for one in diary.checks()}:
        diary.keep_check(check)
    return RedirectResponse("/diary#else", status_code=SEE_OTHER)
