"""A track of an OTB4 file: what its description says, and in which columns of its signal file it lies."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass, replace

from twitchwise.formats.otb_archive import number_of, text_of
from twitchwise.formats.otb_channels import OtbChannel, is_volt
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.text import say

_SAMPLE_BYTES = (2, 3, 4, 8)
_MOST_CHANNELS = 4096
_NOT_SAID = {"unknown", "none", "not defined", "n/a"}
_PERCENT_OF_MAXIMUM = "%MVC"
_WORDS_OF_CONTROL = ("control", "ramp", "buffer", "quaternion")
_WORDS_OF_AUXILIARY = ("aux", "load cell", "loadcell", "force", "trigger", "accel", "torque")


@dataclass(frozen=True, kw_only=True, slots=True)
class Track:
    """Some channels of a signal file that belong together.

    Parameters
    ----------
    label, words
        Title and subtitle, and all that is said of the sensor.
    stream
        Name of the signal file.
    n_channels, n_in_file, sample_bytes
        Channels of the track, of the whole file, and bytes of a sample.
    column, other_column
        First column by the number of the channel in the device and in its packet; `with_columns` decides.
    rate_hz, bits
        Samples per second, and bits of the converter, 0 where there is none.
    step, unit_text
        Worth of a converter step in the unit.
    is_emg, is_path, is_processed
        Whether electrodes are connected, whether it is a path to be followed, and whether it was computed.
    muscle, side
        Where the electrodes are.
    """

    label: str
    words: str
    stream: str
    n_channels: int
    n_in_file: int
    sample_bytes: int
    column: int
    other_column: int
    rate_hz: float
    bits: int
    step: float
    unit_text: str
    is_emg: bool
    is_path: bool
    is_processed: bool
    muscle: str
    side: str

    def channel(self, number: int, n_samples: int) -> OtbChannel:
        """Describe one of its channels, by its number from 1."""
        return OtbChannel(
            label=self.label if self.n_channels == 1 else f"{self.label} ({number})",
            words=self.words,
            unit_text=self.unit_text,
            step=self.step,
            bits=self.bits,
            rate_hz=self.rate_hz,
            n_samples=n_samples,
            is_emg=self.is_emg,
            muscle=self.muscle,
            side=self.side,
        )

    def as_physical(self) -> "Track":
        """Return the track whose samples are already in its unit."""
        unit_text = self.unit_text if self.unit_text != "count" else ""
        return replace(self, step=1.0, bits=0, unit_text=_PERCENT_OF_MAXIMUM if self.is_path else unit_text)


def read_track(node: ET.Element, typed: str, *, is_path: bool) -> Track:
    """Read the description of a track.

    Raises
    ------
    UnreadableRecordingError
        If it does not say where its samples lie.
    """
    said = {child.tag: (child.text or "").strip() for child in node}
    label = " - ".join(dict.fromkeys(filter(_is_said, (said.get("Title", ""), said.get("SubTitle", "")))))
    words = _words(node, said)
    layout = _layout(said, typed, label)
    step, unit_text, bits = _scale(said)
    control = said.get("IsControl", "").lower() == "true" or _mentions(label, _WORDS_OF_CONTROL)
    auxiliary = is_path or control or _mentions(f"{label} {words}", _WORDS_OF_AUXILIARY)
    return Track(
        label=label or said.get("SignalStreamPath", ""),
        words=f"{words} force" if is_path and "performed" in label.lower() else words,
        stream=said.get("SignalStreamPath", ""),
        n_channels=layout["NumberOfChannels"],
        n_in_file=layout["TotalChannelsInFile"],
        sample_bytes=layout["SampleSize"],
        column=layout["AcquisitionChannel"],
        other_column=layout["ChannelOffsetInSubPacket"],
        rate_hz=number_of(said.get("SamplingFrequency"), 0.0),
        bits=bits,
        step=step,
        unit_text="count" if control and not is_path else unit_text,
        is_emg=not auxiliary and bits > 0 and (is_volt(unit_text) or unit_text == "count"),
        is_path=is_path,
        is_processed=said.get("IsProcessing", "").lower() == "true" and not is_path,
        muscle=_if_said(said.get("Muscle", "")),
        side=_if_said(said.get("Side", "")),
    )


def _is_said(text: str) -> bool:
    return bool(text) and text.lower() not in _NOT_SAID


def _if_said(text: str) -> str:
    return text if _is_said(text) else ""


def _mentions(text: str, words: Sequence[str]) -> bool:
    return any(word in text.lower() for word in words)


def _words(node: ET.Element, said: dict[str, str]) -> str:
    """Gather what is said of the sensor; the model first, since its name says the grid."""
    description, strings = node.find("Description"), node.find("StringsDescriptions")
    found = (
        text_of(description, "SensorType"),
        text_of(strings, "OriginalSensor"),
        text_of(description, "Name"),
        said.get("SubTitle", ""),
        said.get("Title", ""),
    )
    return " ".join(text for text in dict.fromkeys(found) if _is_said(text))


def _layout(said: dict[str, str], typed: str, label: str) -> dict[str, int]:
    """Return the whole numbers that say where samples lie; the size of a sample that is not said goes by the device."""
    default_bytes = 4.0 if said.get("Device", "").startswith("Novecento") else 2.0
    defaults = {"SampleSize": default_bytes, "AcquisitionChannel": 0.0, "ChannelOffsetInSubPacket": 0.0}
    keys = ("NumberOfChannels", "TotalChannelsInFile", *defaults)
    numbers = {key: number_of(said.get(key), defaults.get(key, -1.0)) for key in keys}
    within = all(number.is_integer() and 0 <= number <= _MOST_CHANNELS for number in numbers.values())
    whole = {key: int(number) for key, number in numbers.items()} if within else {}
    if (
        not whole
        or whole["SampleSize"] not in _SAMPLE_BYTES
        or not 1 <= whole["NumberOfChannels"] <= whole["TotalChannelsInFile"]
        or not said.get("SignalStreamPath")
    ):
        raise UnreadableRecordingError(
            say(
                "{file!r}: track {track!r} must say its signal file, its channels and the bytes of a"
                " sample, got {signal_file!r} and {layout!r}.",
                file=typed,
                track=label,
                signal_file=said.get("SignalStreamPath"),
                layout=[f"{key}={number:g}" for key, number in numbers.items()],
            )
        )
    return whole


def _scale(said: dict[str, str]) -> tuple[float, str, int]:
    """Return the worth of a converter step, its unit and the bits of the converter; volts wherever it has some."""
    bits, gain = number_of(said.get("ADC_Nbits"), 0.0), number_of(said.get("Gain"), 0.0)
    span_v, factor = number_of(said.get("ADC_Range"), 0.0), number_of(said.get("UnitOfMeasurementFactor"), 1.0)
    unit_text = said.get("UnitOfMeasurement", "")
    if not (0 < bits <= 32 and gain > 0 and span_v > 0):  # noqa: PLR2004 - no converter has more bits
        return 1.0, "count", 0
    volts = span_v / 2.0**bits / gain
    if not unit_text or is_volt(unit_text):
        return volts, "V", int(bits)
    return volts * factor, unit_text, int(bits)


def with_columns(tracks: Sequence[Track], typed: str) -> list[Track]:
    """Settle the columns of the tracks of one file.

    The number of a channel in the device is its column, as the maker's reader takes it; where that leads out of the
    file or two tracks onto one column, the number in the packet is.

    Raises
    ------
    UnreadableRecordingError
        If neither fits.
    """
    for candidate in (list(tracks), [replace(track, column=track.other_column) for track in tracks]):
        taken = [track.column + offset for track in candidate for offset in range(track.n_channels)]
        if len(set(taken)) == len(taken) and max(taken) < tracks[0].n_in_file:
            return candidate
    raise UnreadableRecordingError(
        say(
            "{file!r}: the tracks of {signal_file!r} must lie side by side in its {in_file} columns, got {columns!r}.",
            file=typed,
            signal_file=tracks[0].stream,
            in_file=tracks[0].n_in_file,
            columns=[(track.column, track.n_channels) for track in tracks],
        )
    )
