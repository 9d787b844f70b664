"""What the headers of OpenSignals say, and the line from converter counts to volts that PLUX publishes.

``volts = (count / 2**bits - 1/2) * VCC / gain`` for an EMG sensor: "EMG Sensor - Unit Conversion",
http://notebooks.pluxbiosignals.com/notebooks/Categories/Pre-Process/unit_conversion_emg_rev.html; VCC and gain of each
device are those of ``raw_to_phy`` in PLUX's package biosignalsnotebooks.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from twitchwise.formats.channel_kind import kind_of
from twitchwise.formats.draft import ChannelDraft
from twitchwise.vocabulary import Unit

_PLUX = (3.0, 1000.0)
_BITALINO = (3.3, 1009.0)
# Operating voltage in V, and gain of the EMG sensor, by the name of the device in the header.
_EMG_SENSORS: Mapping[str, tuple[float, float]] = {
    **dict.fromkeys(("bioplux", "bioplux_exp", "biosignalsplux", "rachimeter", "channeller", "swifter"), _PLUX),
    "ddme_openbanplux": _PLUX,
    "bitalino": (3.3, 1008.0),
    "bitalino_rev": _BITALINO,
    "bitalino_riot": _BITALINO,
}
_MOST_BITS = 32
_MOST_HZ = 1e6


@dataclass(frozen=True, kw_only=True, slots=True)
class Input:
    """A channel as the header describes it.

    Parameters
    ----------
    name, sensor
        Its label and the sensor on it, as in ``EMG``.
    device
        The device in the header's word, as in ``bitalino_rev``.
    bits
        Bits of the converter, 0 where the header does not say.
    rate_hz
        Samples per second, nothing where the header does not say.
    """

    name: str
    sensor: str
    device: str
    bits: int
    rate_hz: float | None

    @property
    def line(self) -> tuple[float, float]:
        """The line ``count * gain + offset`` to volts; 1 and 0 where it is not known, so that counts stay counts.

        Examples
        --------
        >>> emg = Input(name="A1", sensor="EMG", device="bitalino_rev", bits=10, rate_hz=1000.0)
        >>> gain, offset = emg.line
        >>> f"{(512 * gain + offset) * 1e6:.1f} uV at mid-range, {gain * 1e6:.3f} uV a step"
        '0.0 uV at mid-range, 3.194 uV a step'
        """
        known = _EMG_SENSORS.get(self.device.strip().lower())
        if known is None or self.sensor.strip().upper() != "EMG" or not self.bits:
            return 1.0, 0.0
        span_v = known[0] / known[1]
        return span_v / 2**self.bits, -span_v / 2

    def draft(self, n_samples: int) -> ChannelDraft:
        """Describe the channel for `settle`."""
        gain, offset = self.line
        top = 2**self.bits - 1
        return ChannelDraft(
            name=self.name,
            hint=self.sensor,
            unit_text="V" if offset else "count",
            sampling_rate_hz=self.rate_hz,
            n_samples=n_samples,
            kind=kind_of(self.sensor, self.name, Unit.UNKNOWN) if self.sensor else None,
            limits=(offset, top * gain + offset) if self.bits else None,
            resolution=gain,
        )


def rate_of(value: object) -> float | None:
    """Return a sampling rate, or nothing where it is no possible one."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < _MOST_HZ:
        return float(value)
    return None


def bits_of(value: object) -> int:
    """Return the bits of a converter, 0 where they are no possible ones."""
    return int(value) if isinstance(value, int | float) and 0 < value <= _MOST_BITS else 0


def start_of(date: object, time: object) -> datetime | None:
    """Return when the recording began, such as ``2019-10-15`` and ``17:7:28.685``."""
    for pattern in ("%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S"):
        with suppress(ValueError):
            return datetime.strptime(f"{date} {time}", pattern)  # noqa: DTZ007 - the header knows no time zone
    return None


def last(values: Sequence[object], count: int) -> list[object]:
    """Return the last values, which are those of the channels: counters and digital inputs stand before them."""
    return list(values[-count:]) if 0 < count <= len(values) else []
