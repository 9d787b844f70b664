"""A text table as a whole: which column is time, which are channels, and how fast they were sampled."""

from dataclasses import dataclass
from pathlib import Path

from twitchwise.formats.contract import ReadOptions
from twitchwise.formats.draft import ChannelDraft
from twitchwise.formats.table_header import Column
from twitchwise.formats.table_layout import TableLayout, sniff
from twitchwise.formats.table_rows import TableRows
from twitchwise.formats.table_survey import ColumnSurvey, TimeSurvey
from twitchwise.formats.unit_text import parse_unit
from twitchwise.vocabulary import Unit, UnreadableRecordingError
from twitchwise.vocabulary.text import say

_HEAD_BYTES = 1 << 18
_TIME_NAMES = frozenset({"time", "t", "times", "timestamp", "timestamps", "elapsed", "seconds", "seconds_elapsed"})
_SECONDS_NAMES = frozenset({"seconds", "seconds_elapsed"})
_COUNTER_NAMES = frozenset({"nseq", "index", "sample", "samples", "sample number", "sample_number", "row", "frame"})
# Units that a time column may be in when its name does not say, in seconds.
_TIME_UNITS_S = (1.0, 1e-3, 1e-6, 1e-9)
# Two rates of one file, one stated and one from time stamps, are the same within this share.
_SAME_RATE_SHARE = 0.01
_SIGNIFICANT_DIGITS = 9  # of a rate from time stamps; further ones are the rounding of floats


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """A sampling rate, whether it was taken from time stamps, and what is uneven about them."""

    rate_hz: float | None
    is_measured: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A surveyed table.

    Parameters
    ----------
    typed
        The path as the person typed it.
    layout, rows
        How it is laid out, and its rows.
    surveys
        What one pass told about each column.
    time, time_survey
        Number of the time column and its steps, if there is one.
    """

    typed: str
    layout: TableLayout
    rows: TableRows
    surveys: tuple[ColumnSurvey, ...]
    time: int | None
    time_survey: TimeSurvey

    @property
    def columns(self) -> tuple[Column, ...]:
        """Names and units of all columns."""
        return self.layout.columns

    @property
    def channels(self) -> tuple[int, ...]:
        """Numbers of the columns that are neither time nor a count of rows."""
        found = tuple(
            index
            for index, column in enumerate(self.columns)
            if not _is_time(column) and not self._counts_rows(index) and index != self.time
        )
        if not found:
            raise UnreadableRecordingError(
                say("{file!r} must hold a column beside its time, got none.", file=self.typed)
            )
        return found

    def _counts_rows(self, index: int) -> bool:
        column, survey = self.columns[index], self.surveys[index]
        nameless_first = index == 0 and not column.name and len(self.columns) > 1
        return survey.rises and (nameless_first or column.name.lower() in _COUNTER_NAMES)

    def draft(self, index: int, rate: Rate) -> ChannelDraft:
        """Describe the channel of a column."""
        column, survey, remarks = self.columns[index], self.surveys[index], self.layout.remarks
        is_count = not column.unit_text and survey.is_whole and survey.low <= survey.high
        top = 2 ** (remarks.resolution_bits or 0) - 1
        in_range = is_count and top > 0 and survey.low >= 0 and survey.high <= top
        return ChannelDraft(
            name=column.name,
            hint=column.sensor,
            remarks=remarks.text,
            unit_text="count" if is_count else column.unit_text,
            sampling_rate_hz=rate.rate_hz,
            rate_is_measured=rate.is_measured,
            n_samples=self.rows.n_rows,
            limits=(0.0, float(top)) if in_range else None,
            resolution=1.0 if is_count else None,
        )

    def warnings(self) -> tuple[str, ...]:
        """Say how much is missing and what was left out."""
        said = [
            say(
                "{channel}: {count} of {all_of_them} cells are empty; they were kept as missing samples.",
                channel=self.columns[index].name or say("channel {number}", number=index + 1),
                count=self.surveys[index].n_missing,
                all_of_them=self.rows.n_rows,
            )
            for index in self.channels
            if self.surveys[index].n_missing
        ]
        two_whole = len(self.columns) == 2 and all(survey.is_whole for survey in self.surveys)  # noqa: PLR2004 - see below
        if two_whole and self.layout.dialect.delimiter == "," and not any(column.name for column in self.columns):
            said.append(say("Each row was read as two whole numbers; a decimal comma would look the same."))
        if self.time is None and not self.columns[0].name and 0 not in self.channels:
            said.append(
                say("The first column has no name and rises from row to row; it was taken for time and not used.")
            )
        return tuple(said)

    def rate(self, options: ReadOptions) -> Rate:
        """Find the sampling rate in the comment lines, or else in the time column.

        Raises
        ------
        UnreadableRecordingError
            If the two disagree, or the time column has no unit and none can be told from its steps.
        """
        stated = self.layout.remarks.sampling_rate_hz
        step = self.time_survey.step
        if self.time is None or step <= 0:
            return Rate(rate_hz=stated)
        known = stated or options.sampling_rate_hz
        unit_s, said = _time_unit_s(self.columns[self.time], step, known, self.typed)
        measured = float(f"{1 / (step * unit_s):.{_SIGNIFICANT_DIGITS}g}")
        if stated is not None and not _same(stated, measured):
            raise UnreadableRecordingError(
                say(
                    "{file!r} must have one sampling rate, got {stated_hz:g} Hz in its comments and {measured_hz:g} Hz"
                    " by its time column.",
                    file=self.typed,
                    stated_hz=stated,
                    measured_hz=measured,
                )
            )
        return Rate(
            rate_hz=stated or measured,
            is_measured=stated is None,
            warnings=(*said, *self.time_survey.warnings(unit_s)),
        )


def read_table(path: Path, typed: str) -> Table:
    """Go through a table once.

    Raises
    ------
    UnreadableRecordingError
        If it is no table of numbers, or a row is not like the others.
    """
    layout = sniff(_head(path), typed)
    rows = TableRows(path, typed, layout)
    surveys = tuple(ColumnSurvey() for _ in layout.columns)
    time, time_survey = _time_column(layout.columns), TimeSurvey(typed)
    for block in rows.index():
        for index, survey in enumerate(surveys):
            survey.add(block[:, index])
        if time is not None:
            time_survey.add(block[:, time])
    return Table(typed=typed, layout=layout, rows=rows, surveys=surveys, time=time, time_survey=time_survey)


def _head(path: Path) -> bytes:
    """Return the first bytes up to the end of a line, or all where there is no end."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    end = head.rfind(b"\n") + 1
    return head[:end] if len(head) == _HEAD_BYTES and end else head


def _is_time(column: Column) -> bool:
    return column.name.strip().lower().replace(" ", "_") in _TIME_NAMES


def _time_column(columns: tuple[Column, ...]) -> int | None:
    """Return the time column; of several, the first whose unit is said."""
    found = [index for index, column in enumerate(columns) if _is_time(column)]
    return min(found, key=lambda index: (not _unit_text(columns[index]), index), default=None)


def _unit_text(column: Column) -> str:
    return column.unit_text or ("s" if column.name.strip().lower() in _SECONDS_NAMES else "")


def _time_unit_s(column: Column, step: float, known_hz: float | None, typed: str) -> tuple[float, tuple[str, ...]]:
    """Return the unit of a time column in seconds, and what had to be assumed."""
    parsed = parse_unit(_unit_text(column))
    if parsed.unit is Unit.SECOND:
        return parsed.scale, ()
    if parsed.unit is not Unit.UNKNOWN or parsed.foreign:
        raise UnreadableRecordingError(
            say(
                "{file!r}: unit of column {column!r} must be s, ms, us or ns, got {unit!r}.",
                file=typed,
                column=column.name,
                unit=column.unit_text,
            )
        )
    fitting = [unit_s for unit_s in _TIME_UNITS_S if known_hz and _same(known_hz, 1 / (step * unit_s))]
    if fitting:
        return fitting[0], ()
    if step >= 1:
        raise UnreadableRecordingError(
            say(
                "{file!r}: column {column!r} must say its unit, for example as 'time (ms)', got steps of {step:g}.",
                file=typed,
                column=column.name,
                step=step,
            )
        )
    return 1.0, (say("Column {column!r} does not say its unit; it was taken for seconds.", column=column.name),)


def _same(one_hz: float, other_hz: float) -> bool:
    return abs(one_hz - other_hz) <= _SAME_RATE_SHARE * one_hz
