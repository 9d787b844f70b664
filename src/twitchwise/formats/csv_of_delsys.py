"""Reads text exports of Delsys in blocks: Trigno Discover and EMGworks, each channel with its own times and rate.

It is asked before `delimited`, which takes any text, because formats are asked in the order of their names.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.formats.delsys_header import Header, Series, is_delsys, read_header
from twitchwise.formats.delsys_rows import GapRows
from twitchwise.formats.draft import ChannelDraft, ScaledSource, settle
from twitchwise.formats.refusal import one_sentence
from twitchwise.formats.table_header import Column, Remarks
from twitchwise.formats.table_layout import TableLayout
from twitchwise.formats.table_survey import TimeSurvey
from twitchwise.signals import Recording
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

_NAME = say("Delsys text export")
_KIND = say("text export of Delsys")
_SUFFIXES = (".csv", ".txt")
_HEAD_BYTES = 1 << 18
_SAME_RATE_SHARE = 0.01
_SIGNIFICANT_DIGITS = 9  # of a rate from time stamps; further ones are the rounding of floats


def _recognizes(path: Path, head: bytes) -> bool:
    return path.suffix.lower() in _SUFFIXES and is_delsys(head)


def _read(path: Path, options: ReadOptions) -> Recording:
    typed = options.typed
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    with one_sentence(typed, _KIND) as noticed:
        header = read_header(head)
        rows = GapRows(path, typed, _layout(header))
        surveys = _surveyed(rows, header, typed)
        rates = [survey.rate(typed) for survey in surveys]
    drafts = [_draft(survey, rate) for survey, rate in zip(surveys, rates, strict=True)]
    settled = settle(drafts, options)
    return Recording(
        name=path.name,
        format=say("{name} ({application})", name=_NAME, application=header.application),
        channels=settled.channels,
        source=ScaledSource(_Columns(rows, tuple(one.value for one in header.series), typed), settled.scales, typed),
        start=header.start,
        warnings=(*noticed, *dict.fromkeys(said for s in surveys for said in s.warnings()), *settled.warnings),
    )


def _layout(header: Header) -> TableLayout:
    width = 1 + max(max(one.value, one.time or 0) for one in header.series)
    return TableLayout(
        first_byte=header.first_byte,
        first_line=header.first_line,
        dialect=header.dialect,
        columns=(Column("", ""),) * width,
        remarks=Remarks(),
    )


@dataclass(slots=True)
class _Survey:
    """What one pass tells about a channel: where it ends, what is missing before, and its times."""

    series: Series
    times: TimeSurvey
    n_rows: int = 0
    n_samples: int = 0
    n_present: int = 0
    _at: list[FloatArray] = field(default_factory=list)

    def add(self, block: FloatArray) -> None:
        """Take in the next rows; a pair of zeros after the first row is no sample but filling."""
        values, stamps = block[:, self.series.value], self._stamps(block)
        present = ~np.isnan(values)
        if stamps is not None:
            present &= ~((stamps == 0) & (values == 0) & (np.arange(self.n_rows, self.n_rows + len(values)) > 0))
        if self.series.n_points is not None:
            present[max(self.series.n_points - self.n_rows, 0) :] = False
        found = np.flatnonzero(present)
        if found.size:
            self.n_samples = self.n_rows + int(found[-1]) + 1
            self.n_present += found.size
            if stamps is not None:
                self.times.add(stamps[present])
        self.n_rows += len(values)

    def _stamps(self, block: FloatArray) -> FloatArray | None:
        return None if self.series.time is None else block[:, self.series.time]

    def rate(self, typed: str) -> float | None:
        """Return the rate of the header, or that of the times; refuses two that differ."""
        stated, step = self.series.rate_hz, self.times.step
        measured = float(f"{1 / step:.{_SIGNIFICANT_DIGITS}g}") if step > 0 else None
        if stated and measured and abs(stated - measured) > _SAME_RATE_SHARE * stated:
            raise UnreadableRecordingError(
                say(
                    "{file!r}: channel {channel!r} must have one sampling rate, got {stated_hz:g} Hz in its header and"
                    " {measured_hz:g} Hz by its times.",
                    file=typed,
                    channel=self.series.name,
                    stated_hz=stated,
                    measured_hz=measured,
                )
            )
        return stated or measured

    def warnings(self) -> tuple[str, ...]:
        """Say what is missing and what is uneven."""
        n_missing = self.n_samples - self.n_present
        missing = say(
            "{channel}: {count} of {all_of_them} samples are missing; they were kept as such.",
            channel=self.series.name,
            count=n_missing,
            all_of_them=self.n_samples,
        )
        uneven = self.times.warnings(1.0) if self.times.n_even else ()
        named = (say("{channel}: {said}", channel=self.series.name, said=said) for said in uneven)
        return (*((missing,) if n_missing else ()), *named)


def _surveyed(rows: GapRows, header: Header, typed: str) -> list[_Survey]:
    surveys = [_Survey(series=one, times=TimeSurvey(typed)) for one in header.series]
    for block in rows.index():
        for survey in surveys:
            survey.add(block)
    return surveys


def _draft(survey: _Survey, rate_hz: float | None) -> ChannelDraft:
    return ChannelDraft(
        name=survey.series.name,
        unit_text=survey.series.unit_text,
        sampling_rate_hz=rate_hz,
        rate_is_measured=survey.series.rate_hz is None,
        n_samples=survey.n_samples,
    )


@dataclass(frozen=True, slots=True)
class _Columns:
    """Samples in the file's units; ``columns`` are the numbers of the columns that hold them."""

    rows: GapRows
    columns: tuple[int, ...]
    typed: str

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples ``start`` to ``stop`` of a channel."""
        with one_sentence(self.typed, _KIND):
            return self.rows.read(self.columns[channel], start, stop)


FORMAT = Format(name=_NAME, suffixes=_SUFFIXES, recognizes=_recognizes, read=_read)
