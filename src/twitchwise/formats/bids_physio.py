"""Reads physiology of a BIDS data set: ``*_physio.tsv.gz`` with the JSON file that names its columns.

https://bids-specification.readthedocs.io under "Physiological recordings"; Gorgolewski et al. 2016,
doi:10.1038/sdata.2016.44.
"""

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from twitchwise.formats.bids_described import described
from twitchwise.formats.bids_samples import KeptSamples, names_said, rows_of_table
from twitchwise.formats.bids_tracked import place_in, sensible_kind
from twitchwise.formats.channel_kind import side_of
from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.formats.draft import ChannelDraft, ScaledSource, settle
from twitchwise.formats.refusal import one_sentence
from twitchwise.signals import Recording
from twitchwise.vocabulary import ChannelKind, UnreadableRecordingError
from twitchwise.vocabulary.text import say

_NAME = say("BIDS physiology")
ENDING = "_physio.tsv.gz"
"""What the names of its files end with."""

_MOVING = frozenset(
    {ChannelKind.ACCELERATION, ChannelKind.ANGULAR_VELOCITY, ChannelKind.DISPLACEMENT, ChannelKind.ANGLE}
)
# Force is measured beside EMG, and alone tells nothing.
_USABLE = _MOVING | {ChannelKind.EMG}
# A belt that tells breathing by its force, and what else lies beside a scanner, are no force of a muscle.
_NOT_OF_MUSCLE = ("respir", "breath", "belt", "cardiac", "puls", "plethysmo", "trigger")
_GREATEST_HZ = 1e6


def is_usable_physio(path: Path) -> bool:
    """Tell whether a file of physiology holds a channel of EMG or movement, by what its JSON file says."""
    return any(column.kind in _USABLE for column in _columns(described(path, "physio.json")[0]))


def _recognizes(path: Path, head: bytes) -> bool:
    del head
    return path.name.endswith(ENDING) and path.is_file() and bool(_columns(described(path, "physio.json")[0]))


def _read(path: Path, options: ReadOptions) -> Recording:
    fields, said = described(path, "physio.json")
    columns, is_named = _columns(fields), False
    with one_sentence(options.typed, _NAME) as noticed:
        samples = KeptSamples(len(columns))
        with gzip.open(path, "rb") as file:
            for rows, named in rows_of_table(file, [column.name for column in columns], options.typed):
                is_named |= named
                samples.add(rows.T, len(rows))
    settled = settle([column.draft(fields, samples.n_rows, options.typed) for column in columns], options)
    return Recording(
        name=path.name,
        format=_NAME,
        channels=settled.channels,
        source=ScaledSource(samples, settled.scales, options.typed),
        warnings=(*noticed, *said, *names_said(is_named=is_named), *settled.warnings),
        notes=tuple(_begin(fields)),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Column:
    """A column as the JSON file describes it."""

    name: str
    words: str
    unit_text: str
    placement: str

    @property
    def kind(self) -> ChannelKind:
        """What it measures, as far as name, description and unit agree."""
        text = f"{self.name} {self.words}".lower()
        kind = sensible_kind(self.name, self.words, self.unit_text)
        moves = kind in _MOVING or kind is ChannelKind.FORCE
        return ChannelKind.OTHER if moves and any(word in text for word in _NOT_OF_MUSCLE) else kind

    def draft(self, fields: Mapping[str, object], n_samples: int, typed: str) -> ChannelDraft:
        """Describe the channel of the column."""
        site, side = place_in(self.placement, "")
        return ChannelDraft(
            name=self.name,
            unit_text=self.unit_text,
            sampling_rate_hz=_rate_hz(fields, typed),
            n_samples=n_samples,
            hint=self.words,
            kind=self.kind,
            site=site,
            side=side or side_of(self.words),
        )


def _columns(fields: Mapping[str, object]) -> tuple[_Column, ...]:
    names = fields.get("Columns")
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        return ()
    return tuple(_column(name, fields.get(name)) for name in names)


def _column(name: str, said: object) -> _Column:
    about: Mapping[str, object] = said if isinstance(said, dict) else {}
    words = " ".join(_text(about, key) for key in ("MeasureType", "Description", "LongName"))
    unit_text = _text(about, "Units") or _text(about, "Unit")
    return _Column(name=name, words=words.strip(), unit_text=unit_text, placement=_text(about, "Placement"))


def _text(about: Mapping[str, object], key: str) -> str:
    value = about.get(key)
    return value if isinstance(value, str) and value.lower() != "n/a" else ""


def _rate_hz(fields: Mapping[str, object], typed: str) -> float | None:
    value = fields.get("SamplingFrequency")
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < _GREATEST_HZ:
        return float(value)
    raise UnreadableRecordingError(
        say("{file!r}: SamplingFrequency must be a number above 0, got {rate!r}.", file=typed, rate=str(value)[:40])
    )


def _begin(fields: Mapping[str, object]) -> Iterator[str]:
    """Say that the recording begins before or after the one that it accompanies."""
    start_s = fields.get("StartTime")
    if isinstance(start_s, int | float) and not isinstance(start_s, bool) and start_s:
        yield say("It begins {start_s:g} s after the recording that it was taken beside.", start_s=float(start_s))


FORMAT = Format(name=_NAME, suffixes=(".gz",), recognizes=_recognizes, read=_read)
