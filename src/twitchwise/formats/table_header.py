"""What names of columns and comment lines of a text file say: units, sampling rate, resolution."""

import json
import re
from dataclasses import dataclass
from typing import Any

from twitchwise.formats.unit_text import parse_unit
from twitchwise.vocabulary import Unit

_NUMBER = r"([0-9]+\.?[0-9]*(?:[eE][+-]?[0-9]+)?)"
_RATE = re.compile(
    rf"(?:\bsampl\w*[ _-]*(?:rate|freq\w*)|\bfs\b)[^:=\n0-9]*[:=]+\s*{_NUMBER}\s*(k?)(?:hz|\b)", re.IGNORECASE
)
_RESOLUTION = re.compile(r"\bresolution\b[^:=\n]*[:=]+\s*([0-9]{1,2})\b(?!\.)", re.IGNORECASE)
_LABELS = re.compile(r"^(?:labels?|channels?|columns?)\s*[:=]+\s*(\S.*)$", re.IGNORECASE | re.MULTILINE)
_UNITS = re.compile(r"^units?\s*[:=]+\s*(\S.*)$", re.IGNORECASE | re.MULTILINE)
_IN_BRACKETS = re.compile(r"(?P<name>.*?)\s*[(\[]\s*(?P<unit>[^()\[\]]+?)\s*[)\]]\s*")
_AT_END = re.compile(
    r"(?P<name>.*\w)[ _](?P<unit>[munp\u00b5\u03bc]?v|[mun\u00b5\u03bc]?s|m?n|m?g|m/s\^?2|mps2|hz|%|rad/s|dps|deg/s)",
    re.IGNORECASE,
)
_MOST_BITS = 32


@dataclass(frozen=True, slots=True)
class Column:
    """Name and unit of a column, and the sensor it comes from; empty where the file does not say."""

    name: str
    unit_text: str
    sensor: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Remarks:
    """What the comment lines say."""

    text: str = ""
    sampling_rate_hz: float | None = None
    resolution_bits: int | None = None
    labels: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    sensors: tuple[str, ...] = ()


def is_unit(text: str) -> bool:
    """Tell whether a text is a unit and nothing else; an empty one may stand where a column has none."""
    parsed = parse_unit(text)
    return not text.strip() or parsed.unit is not Unit.UNKNOWN or parsed.foreign


def column_of(name: str, unit_text: str = "", sensor: str = "") -> Column:
    """Part the unit from a name that carries it.

    Examples
    --------
    >>> [(c.name, c.unit_text) for c in map(column_of, ("EMG (uV)", "emg_mV", "EMG (left)"))]
    [('EMG', 'uV'), ('emg', 'mV'), ('EMG (left)', '')]
    """
    plain = name.strip()
    if unit_text.strip():
        return Column(plain, unit_text.strip(), sensor)
    for pattern in (_IN_BRACKETS, _AT_END):
        match = pattern.fullmatch(plain)
        if match and is_unit(match["unit"]):
            return Column(match["name"], match["unit"], sensor)
    return Column(plain, "", sensor)


def read_remarks(text: str) -> Remarks:
    """Read comment lines, without their signs, one a line: ``key := value`` or the JSON header of OpenSignals."""
    for line in text.splitlines():
        if line.startswith("{"):
            device = _device(line)
            if device is not None:
                return _of_device(device, text)
    rate, bits = _RATE.search(text), _RESOLUTION.search(text)
    rate_hz = float(rate[1]) * (1000 if rate[2] else 1) if rate else 0.0
    return Remarks(
        text=text,
        sampling_rate_hz=rate_hz or None,
        resolution_bits=_bits(int(bits[1])) if bits else None,
        labels=_listed(_LABELS, text),
        units=_listed(_UNITS, text),
    )


def _listed(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    match = pattern.search(text)
    return tuple(part.strip() for part in re.split(r"[,;\t|]", match[1])) if match else ()


def _bits(bits: object) -> int | None:
    return bits if isinstance(bits, int) and 0 < bits <= _MOST_BITS else None


def _device(line: str) -> dict[str, Any] | None:
    """Return the description of the first device in an OpenSignals header, or nothing if it is none."""
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        return None
    device = next(iter(content.values()), None) if isinstance(content, dict) else None
    return device if isinstance(device, dict) else None


def _of_device(device: dict[str, Any], text: str) -> Remarks:
    rate, bits, labels, sensors = (device.get(key) for key in ("sampling rate", "resolution", "column", "sensor"))
    bits = bits[-1] if isinstance(bits, list) and bits else bits
    return Remarks(
        text=text,
        sampling_rate_hz=float(rate) if isinstance(rate, int | float) and 0 < rate < float("inf") else None,
        resolution_bits=_bits(bits),
        labels=tuple(map(str, labels)) if isinstance(labels, list) else (),
        sensors=_sensors(sensors, labels),
    )


def _sensors(sensors: object, labels: object) -> tuple[str, ...]:
    """Set the sensors beside the last columns, which are the channels; counters stand before them."""
    if not isinstance(sensors, list) or not isinstance(labels, list) or len(sensors) > len(labels):
        return ()
    return ("",) * (len(labels) - len(sensors)) + tuple(map(str, sensors))
