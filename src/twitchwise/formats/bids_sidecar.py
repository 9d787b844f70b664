"""What the ``*_channels.tsv`` beside a BIDS recording adds: kinds, units, muscles and sides the file leaves out."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from twitchwise.formats.draft import ChannelDraft
from twitchwise.formats.unit_text import parse_unit
from twitchwise.vocabulary import ChannelKind, Side, Unit

_KINDS = {
    "EMG": ChannelKind.EMG,
    "ECG": ChannelKind.ECG,
    "EEG": ChannelKind.EEG,
    "ACCEL": ChannelKind.ACCELERATION,
    "ACC": ChannelKind.ACCELERATION,
    "GYRO": ChannelKind.ANGULAR_VELOCITY,
}
_SIDES = {side.value: side for side in Side}
_EMPTY = {"", "n/a"}


def apply_channels_table(path: Path, drafts: Sequence[ChannelDraft]) -> tuple[list[ChannelDraft], tuple[str, ...]]:
    """Fill gaps of the drafts from the table beside the file; where both speak of the unit, the recording is believed.

    The rows of the table stand in the order of the channels (BIDS), and the names must agree, else it is left alone.
    """
    rows = _rows(path)
    if rows is None:
        return list(drafts), ()
    if [row.get("name", "").strip() for row in rows] != [draft.name for draft in drafts]:
        return list(drafts), ("The channels.tsv beside the file names other channels, so it was not used.",)
    filled = [_filled(draft, row) for draft, row in zip(drafts, rows, strict=True)]
    clash = next((pair for pair in zip(drafts, rows, strict=True) if _clashes(*pair)), None)
    if clash is None:
        return filled, ()
    draft, row = clash
    warning = (
        f"The channels.tsv beside the file gives the unit {row['units'].strip()!r} where the file itself gives"
        f" {(draft.unit_text or '').strip()!r}; the file was believed."
    )
    return filled, (warning,)


def _rows(path: Path) -> list[dict[str, str]] | None:
    stem, _, _ = path.stem.rpartition("_")
    table = path.with_name(f"{stem}_channels.tsv")
    if not stem or not table.is_file():
        return None
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            return [{k: v or "" for k, v in row.items() if k} for row in csv.DictReader(file, delimiter="\t")]
    except (OSError, UnicodeDecodeError, csv.Error):
        return None


def _filled(draft: ChannelDraft, row: dict[str, str]) -> ChannelDraft:
    units = row.get("units", "").strip()
    said = parse_unit(draft.unit_text or "")
    silent = said.unit is Unit.UNKNOWN and not said.foreign
    muscle = row.get("target_muscle", "").strip()
    return replace(
        draft,
        kind=_KINDS.get(row.get("type", "").strip().upper(), draft.kind),
        unit_text=units if silent and units not in _EMPTY else draft.unit_text,
        site=draft.site if muscle in _EMPTY else muscle,
        side=_SIDES.get(row.get("side", "").strip().lower(), draft.side),
    )


def _clashes(draft: ChannelDraft, row: dict[str, str]) -> bool:
    here, there = parse_unit(draft.unit_text or ""), parse_unit(row.get("units", ""))
    known = here.unit is not Unit.UNKNOWN and there.unit is not Unit.UNKNOWN
    return known and (here.unit, here.scale) != (there.unit, there.scale)
