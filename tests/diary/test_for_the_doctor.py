"""The page for the doctor holds the last four weeks, and stays short."""

import datetime as dt

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twitchwise.diary import Ease, Entry, KeptCheck, KeptRecording, Place, Site
from twitchwise.diary.for_the_doctor import doctor_page, lines_of_page
from twitchwise.diary.show import lines_of
from twitchwise.diary.store import Diary
from twitchwise.knowledge import library
from twitchwise.vocabulary import Measurement, Side, Unit, Urgency

KNOWN = library()
LAST = dt.date(2026, 3, 31)
LINES_OF_A_SHEET = 60


def fill(diary: Diary, days: int) -> None:
    for after in range(days):
        diary.add(
            Entry(
                day=LAST - dt.timedelta(days=after),
                twitch_count=after,
                twitch_minutes=2.5,
                severity=after % 10,
                places=(Place(Site.CALF, Side.LEFT), *((Place(Site.EYELID),) if after % 2 else ())),
                caffeine_cups=2,
                alcohol_drinks=0,
                sleep_hours=7,
                exercise_minutes=30,
                stress=4,
                findings=("muscle_cramps",) if after % 3 == 0 else (),
                chair_rise_s=10 + after,
                hair=Ease.HARDER if after < 2 else Ease.AS_USUAL,
                note=f"note {after} " + "word " * 60,
            )
        )


def test_it_says_what_a_doctor_asks_and_leaves_older_days_out(diary: Diary) -> None:
    fill(diary, 40)
    diary.keep_check(KeptCheck(day=LAST, urgency=Urgency.SAME_DAY))
    diary.keep_check(KeptCheck(day=LAST - dt.timedelta(days=30), urgency=Urgency.EMERGENCY))
    rate = Measurement(id="fasciculation_rate", value=6, low=3, high=11, unit=Unit.PER_MINUTE, method="counted")
    diary.keep_recording(KeptRecording(name="calf.edf", format="EDF", day=LAST, duration_s=60, measurements=(rate,)))
    page = doctor_page(diary, LAST)
    text = "\n".join(lines_of_page(page))
    assert (page.days, page.period) == (28, "March 4, 2026 to March 31, 2026")
    for said in (
        "twitches a day: median 13.5, from 0 to 27, on 28 days, none on 1 of them.",
        "left calf (28 days), eyelid (14 days)",
        "Five rises from a chair: 37 s on March 4, 2026, 10 s on March 31, 2026.",
        "brushing the hair: harder on 2 of 28 days.",
        "muscle cramps: 10 days, last on March 31, 2026.",
        "March 31, 2026: same day.",
        "calf.edf: fasciculation rate: 6 per minute.",
        "23 earlier notes are in the diary.",
        "(cut here)",
        "not a medical device",
    ):
        assert said in text, said
    assert "emergency" not in text
    assert "note 30" not in text


def test_a_full_month_fits_on_one_sheet(diary: Diary) -> None:
    fill(diary, 28)
    lines = list(lines_of_page(doctor_page(diary, LAST)))
    assert sum(1 + len(line) // 100 for line in lines) <= LINES_OF_A_SHEET


def test_an_empty_diary_gives_an_empty_page(diary: Diary) -> None:
    page = doctor_page(diary, LAST)
    assert (page.days, page.sections, page.counts) == (0, (), ())
    assert "0 days noted." in list(lines_of_page(page))
    assert list(lines_of((), (), (), KNOWN)) == ["The diary is empty."]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), min_size=1))
def test_a_note_never_brings_signs_that_turn_round_what_is_read(diary: Diary, note: str) -> None:
    entry = Entry(day=LAST, note=f"{note}\u202e", stress=1)
    diary.change(entry) if diary.kept(LAST) else diary.add(entry)
    for line in (*lines_of_page(doctor_page(diary, LAST)), *lines_of((entry,), (), (), KNOWN)):
        assert line.isprintable()
