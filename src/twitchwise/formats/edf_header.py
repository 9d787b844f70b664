"""The header record of an EDF+ file that is to be written (EDF+ specification, sections 2.1.1 and 2.1.3)."""

from collections.abc import Sequence
from datetime import datetime

from twitchwise.formats.edf_plan import RecordPlan
from twitchwise.formats.edf_scaling import Scaling
from twitchwise.signals import Channel, Recording
from twitchwise.vocabulary import ChannelKind, Electrode, OutOfRangeError
from twitchwise.vocabulary.text import say

_ANNOTATIONS_LABEL = "EDF Annotations"
_LABEL_CHARACTERS = 16
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_TRANSDUCERS = {
    ChannelKind.EMG: "EMG",
    ChannelKind.ECG: "ECG electrode",
    ChannelKind.EEG: "EEG electrode",
    ChannelKind.FORCE: "force sensor",
    ChannelKind.ACCELERATION: "accelerometer",
    ChannelKind.ANGULAR_VELOCITY: "gyroscope",
    ChannelKind.DISPLACEMENT: "displacement sensor",
    ChannelKind.ANGLE: "goniometer",
    ChannelKind.OTHER: "",
}
_ELECTRODES = {
    Electrode.SURFACE: " surface electrode",
    Electrode.NEEDLE: " needle electrode",
    Electrode.UNKNOWN: " electrode",
}


def require_label(name: str) -> None:
    """Refuse a channel name that cannot be an EDF label."""
    is_plain = name.isascii() and name.isprintable() and name == name.strip()
    if not (is_plain and 0 < len(name) <= _LABEL_CHARACTERS and name != _ANNOTATIONS_LABEL):
        raise OutOfRangeError(
            say(
                "channel name must be 1 to {most} printable ASCII characters to be written as EDF, got {got!r}.",
                most=_LABEL_CHARACTERS,
                got=name,
            )
        )


def header_bytes(
    recording: Recording, plan: RecordPlan, scalings: Sequence[Scaling], *, annotation_samples: int
) -> bytes:
    """Return the whole header record, with a text signal after the channels."""
    rows = [_signal_fields(*row) for row in zip(recording.channels, scalings, plan.samples, strict=True)]
    rows.append(_text_signal_fields(annotation_samples))
    fixed = _fixed_fields(recording.start, plan, n_signals=len(rows))
    columns = [_field(*cell) for column in zip(*rows, strict=True) for cell in column]
    return b"".join([*(_field(*cell) for cell in fixed), *columns])


def _field(text: str, width: int) -> bytes:
    return text.encode("ascii").ljust(width)


def _fixed_fields(start: datetime | None, plan: RecordPlan, n_signals: int) -> list[tuple[str, int]]:
    startdate = f"{start.day:02}-{_MONTHS[start.month - 1]}-{start.year:04}" if start else "X"
    return [
        ("0", 8),
        ("X X X X", 80),
        (f"Startdate {startdate} X X X", 80),
        (f"{start.day:02}.{start.month:02}.{start.year % 100:02}" if start else "01.01.85", 8),
        (f"{start.hour:02}.{start.minute:02}.{start.second:02}" if start else "00.00.00", 8),
        (str(256 * (1 + n_signals)), 8),
        ("EDF+C", 44),
        (str(plan.n_records), 8),
        (plan.duration_text, 8),
        (str(n_signals), 4),
    ]


def _signal_fields(channel: Channel, scaling: Scaling, samples: int) -> list[tuple[str, int]]:
    electrode = _ELECTRODES[channel.electrode] if channel.kind is ChannelKind.EMG else ""
    return [
        (channel.name, _LABEL_CHARACTERS),
        (_TRANSDUCERS[channel.kind] + electrode, 80),
        (scaling.dimension, 8),
        (scaling.physical_min, 8),
        (scaling.physical_max, 8),
        (str(scaling.digital_min), 8),
        (str(scaling.digital_max), 8),
        ("", 80),
        (str(samples), 8),
        ("", 32),
    ]


def _text_signal_fields(samples: int) -> list[tuple[str, int]]:
    texts = (_ANNOTATIONS_LABEL, "", "", "-1", "1", "-32768", "32767", "", str(samples), "")
    return list(zip(texts, (_LABEL_CHARACTERS, 80, 8, 8, 8, 8, 8, 80, 8, 32), strict=True))
