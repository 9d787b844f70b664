"""The diary's page for the doctor as a file: whole, escaped, and asking for nothing."""

import datetime as dt
from pathlib import Path

import pytest

from twitchwise.diary.for_the_doctor import DoctorPage
from twitchwise.report.diary_page import doctor_page_as_html, write_doctor_page
from twitchwise.vocabulary import OutOfRangeError

PAGE = DoctorPage(
    first=dt.date(2026, 3, 4),
    last=dt.date(2026, 3, 31),
    days=1,
    counts=(),
    sections=(("Notes", ("March 31, 2026: <script>alert(1)</script> & more",)),),
)


def test_every_word_is_there_and_escaped() -> None:
    html = doctor_page_as_html(PAGE)
    assert "March 4, 2026 to March 31, 2026. 1 day noted by the person." in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in html
    assert "<script" not in html
    assert "not a medical device" in html


def test_it_asks_for_nothing_from_anywhere() -> None:
    html = doctor_page_as_html(PAGE)
    assert "default-src 'none'" in html
    assert not [word for word in ("http:", "https:", "src=", "url(", "@import") if word in html]


def test_it_is_written_or_refused(tmp_path: Path) -> None:
    write_doctor_page(PAGE, tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == doctor_page_as_html(PAGE)
    with pytest.raises(OutOfRangeError):
        write_doctor_page(PAGE, tmp_path / "no" / "page.html")
