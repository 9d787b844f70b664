"""What the files beside a BIDS recording add: kinds, units, muscles, arrays, places, and which channels are bad.

The recording is believed where both speak; BIDS 1.11, Gorgolewski et al. 2016, doi:10.1038/sdata.2016.44.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from twitchwise.formats.bad_channels import set_aside
from twitchwise.formats.bids_electrodes import Electrodes, read_electrodes
from twitchwise.formats.bids_text import Row, cell, read_object, read_rows
from twitchwise.formats.bids_tree import describing, nearest, sidecar_suffix
from twitchwise.formats.channel_kind import electrode_of
from twitchwise.formats.draft import ChannelDraft
from twitchwise.formats.unit_text import parse_unit
from twitchwise.vocabulary import ChannelKind, Electrode, Side, Unit
from twitchwise.vocabulary.text import say

_KINDS = {
    "EMG": ChannelKind.EMG,
    "ECG": ChannelKind.ECG,
    "EEG": ChannelKind.EEG,
    "ACCEL": ChannelKind.ACCELERATION,
    "ACC": ChannelKind.ACCELERATION,
    "GYRO": ChannelKind.ANGULAR_VELOCITY,
    **dict.fromkeys(
        ("VEOG", "HEOG", "EOG", "TRIG", "EYEGAZE", "PUPIL", "SYSCLOCK", "ADC", "DAC", "REF"), ChannelKind.OTHER
    ),
}  # MISC and OTHER say nothing: force is written so
_SIDES = {side.value: side for side in Side}
# A rate is rounded in a table, a duration more so; a file that was cut short differs by far more.
_RATE_TOLERANCE, _DURATION_TOLERANCE, _DURATION_TOLERANCE_S = 1e-3, 1e-2, 1.0
_GREATEST = 1e12  # of a rate or a length, far above any
# A side of the body, not a way to record.
_ANATOMICAL = re.compile(r"\b(volar|dorsal|palmar|plantar|anterior|posterior|medial|lateral|ventral)\s+surfaces?\b")


def apply_sidecars(recording: Path, drafts: Sequence[ChannelDraft]) -> tuple[list[ChannelDraft], tuple[str, ...]]:
    """Fill gaps of the drafts from the files that describe a recording, and return what must be said about them.

    Parameters
    ----------
    recording
        Its main file; tables and JSON files are looked for beside it and, in a data set, in the folders above.
    drafts
        Its channels as the file itself describes them.

    Raises
    ------
    UnreadableRecordingError
        If every channel is marked as bad.
    """
    rows, said = _rows(recording, drafts)
    filled = [draft if row is None else _filled(draft, row) for draft, row in zip(drafts, rows, strict=True)]
    warnings = [*said, *_clash(drafts, rows)]
    filled, said = _placed(recording, filled, rows)
    warnings += said
    warnings += _general(recording, filled)
    bad = {
        draft.name: cell(row, "status_description")
        for draft, row in zip(drafts, rows, strict=True)
        if row and cell(row, "status").lower() == "bad"
    }
    filled, said = set_aside(filled, bad, marked_by=say("The channels.tsv beside the file"), typed=recording.name)
    return filled, (*warnings, *said)


def _rows(recording: Path, drafts: Sequence[ChannelDraft]) -> tuple[list[Row | None], tuple[str, ...]]:
    """Return for each channel its row of the table, and what is wrong with the table."""
    nothing: list[Row | None] = [None] * len(drafts)
    table = nearest(recording, "channels.tsv")
    if table is None:
        return nothing, ()
    rows = read_rows(table)
    if isinstance(rows, str):
        return nothing, (rows,)
    names = [draft.name.strip() for draft in drafts]
    if [row.get("name", "") for row in rows] == names:
        return list(rows), ()
    by_name = {row.get("name", ""): row for row in rows}
    if len(by_name) < len(rows) or len(set(names)) < len(names) or not by_name.keys() <= set(names):
        return nothing, (say("The channels.tsv beside the file names other channels, so it was not used."),)
    missing = [name for name in names if name not in by_name]
    said = say("The channels.tsv beside the file does not name {channels}.", channels=", ".join(missing))
    return [by_name.get(name) for name in names], (said,) if missing else ()


def _filled(draft: ChannelDraft, row: Row) -> ChannelDraft:
    said = parse_unit(draft.unit_text or "")
    silent = said.unit is Unit.UNKNOWN and not said.foreign
    electrode = electrode_of(cell(row, "description"))
    return replace(
        draft,
        kind=_KINDS.get(cell(row, "type").upper(), draft.kind),
        unit_text=cell(row, "units") or draft.unit_text if silent else draft.unit_text,
        sampling_rate_hz=draft.sampling_rate_hz or _number(cell(row, "sampling_frequency")),
        site=cell(row, "target_muscle") or draft.site,
        side=_SIDES.get(cell(row, "side").lower(), draft.side),
        electrode=draft.electrode or (None if electrode is Electrode.UNKNOWN else electrode),
    )


def _clash(drafts: Sequence[ChannelDraft], rows: Sequence[Row | None]) -> Iterator[str]:
    """Say where the table and the file disagree, once for units and once for rates."""
    pairs = [(draft, row) for draft, row in zip(drafts, rows, strict=True) if row is not None]
    for draft, row in pairs:
        here, there = parse_unit(draft.unit_text or ""), parse_unit(cell(row, "units"))
        known = here.unit is not Unit.UNKNOWN and there.unit is not Unit.UNKNOWN
        if known and (here.unit, here.scale) != (there.unit, there.scale):
            yield say(
                "The channels.tsv beside the file gives the unit {there!r} where the file itself gives {here!r};"
                " the file was believed.",
                there=cell(row, "units"),
                here=(draft.unit_text or "").strip(),
            )
            break
    for draft, row in pairs:
        rate_hz = _number(cell(row, "sampling_frequency"))
        if rate_hz and draft.sampling_rate_hz and _differ(rate_hz, draft.sampling_rate_hz):
            yield say(
                "The channels.tsv beside the file gives {there_hz:g} Hz for {channel!r} where the file itself gives"
                " {here_hz:g} Hz; the file was believed.",
                there_hz=rate_hz,
                channel=draft.name,
                here_hz=draft.sampling_rate_hz,
            )
            break


def _placed(
    recording: Path, drafts: Sequence[ChannelDraft], rows: Sequence[Row | None]
) -> tuple[list[ChannelDraft], tuple[str, ...]]:
    """Add to each channel the place of its electrodes, the kind of electrode, and its array."""
    known = [row or {"name": draft.name} for draft, row in zip(drafts, rows, strict=True)]
    electrodes = read_electrodes(recording)
    if electrodes is None:
        return _grouped(drafts, [cell(row, "group") for row in known]), ()
    placed = [
        replace(draft, position_m=draft.position_m or place, electrode=draft.electrode or _electrode(electrodes, row))
        for draft, row, place in zip(drafts, known, electrodes.positions_m(known), strict=True)
    ]
    groups = [cell(row, "group") or cell(electrodes.of_channel(row) or {}, "group") for row in known]
    return _grouped(placed, groups), (*electrodes.warnings, *electrodes.said_of_units(known))


def _electrode(electrodes: Electrodes, channel: Row) -> Electrode | None:
    kind = electrode_of(cell(electrodes.of_channel(channel) or {}, "type"))
    return None if kind is Electrode.UNKNOWN else kind


def _grouped(drafts: Sequence[ChannelDraft], groups: Sequence[str]) -> list[ChannelDraft]:
    """Make groups arrays, where their electrodes have places or lie over one muscle.

    A group may also be a box of separate sensors on many muscles, which do not see the same sources.
    """
    members = [(group, draft) for group, draft in zip(groups, drafts, strict=True) if group]
    counts = Counter(group for group, _ in members)
    muscles = Counter(group for group, _ in {(group, draft.site) for group, draft in members})
    unplaced = {group for group, draft in members if draft.position_m is None}
    arrays = {group for group in counts if counts[group] > 1 and (muscles[group] == 1 or group not in unplaced)}
    return [
        replace(draft, array=group) if group in arrays and draft.array is None else draft
        for draft, group in zip(drafts, groups, strict=True)
    ]


def _general(recording: Path, drafts: list[ChannelDraft]) -> list[str]:
    """Take from the JSON files how the recording was made, fill in the electrode, and return what they contradict."""
    fields: dict[str, object] = {}
    said: list[str] = []
    suffix = sidecar_suffix(recording)
    for path in describing(recording, suffix) if recording.stem.endswith("_emg") else ():
        content = read_object(path)
        if isinstance(content, str):
            said.append(content)
        else:
            fields |= content
    words = _ANATOMICAL.sub(" ", str(fields.get("EMGPlacementSchemeDescription", "")).lower())
    electrode = electrode_of(words)
    if electrode is not Electrode.UNKNOWN:
        drafts[:] = [replace(draft, electrode=draft.electrode or electrode) for draft in drafts]
    return [*said, *_contradictions(fields, drafts)]


def _contradictions(fields: Mapping[str, object], drafts: Sequence[ChannelDraft]) -> Iterator[str]:
    emg = [draft for draft in drafts if draft.kind is ChannelKind.EMG and draft.sampling_rate_hz and draft.n_samples]
    rate_hz, duration_s = (_positive(fields.get(name)) for name in ("SamplingFrequency", "RecordingDuration"))
    if emg and rate_hz:
        here_hz = max(draft.sampling_rate_hz or 0.0 for draft in emg)
        if _differ(rate_hz, here_hz):
            yield say(
                "The emg.json beside the file gives {there_hz:g} Hz where the file itself gives {here_hz:g} Hz;"
                " the file was believed.",
                there_hz=rate_hz,
                here_hz=here_hz,
            )
    if emg and duration_s:
        here_s = max(draft.n_samples / (draft.sampling_rate_hz or 1.0) for draft in emg)
        if abs(here_s - duration_s) > max(_DURATION_TOLERANCE * duration_s, _DURATION_TOLERANCE_S):
            yield say(
                "The emg.json beside the file gives a length of {there_s:g} s where the file itself gives {here_s:g} s;"
                " the file was believed.",
                there_s=duration_s,
                here_s=here_s,
            )
    if fields.get("RecordingType") == "epoched":
        yield say("The emg.json beside the file says that it was recorded epoched: time does not run on.")
    if fields.get("RecordingType") == "discontinuous":
        yield say("The emg.json beside the file says that it was recorded discontinuous: time does not run on.")


def _differ(one: float, other: float) -> bool:
    return abs(one - other) > _RATE_TOLERANCE * other


def _number(text: str) -> float | None:
    try:
        return _positive(float(text))
    except ValueError:
        return None


def _positive(value: object) -> float | None:
    """Return a value as a number above 0, or nothing where it is none."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if 0 < value < _GREATEST else None
