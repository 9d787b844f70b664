"""What a converter step of OT Bioelettronica's amplifiers is worth, by device and adapter.

A step is ``range / 2**bits / gain``. Range and gain are those of the maker's reader ``OpenOTBfilesConvFact.m`` in
https://github.com/OTBioelettronica/OTB-Matlab, which writes them into its comments.
"""

from dataclasses import dataclass

from twitchwise.vocabulary.text import say

_CONTROL = ("AdapterControl", "AdapterQuaternions")
_BITS_OF_TABLE = 16
_SAME_GAIN = 1e-3

_GENERAL = (4.8, 256.0)
_DUE_PLUS = (3.3, 202.0)
_DIRECT = (5.0, 0.5)
_DEVICES = {
    "QUATTROCENTO": (5.0, 150.0),
    "QUATTRO": (5.0, 150.0),
    "DUE": (5.0, 200.0),
    "DUE+": _DUE_PLUS,
    "QUATTRO+": _DUE_PLUS,
    "SYNCSTATION": _GENERAL,
    "SESSANTAQUATTRO": _GENERAL,
    "SESSANTAQUATTRO+": _GENERAL,
    "MUOVI": _GENERAL,
    "MUOVI+": _GENERAL,
}
_ADAPTERS = {
    ("QUATTROCENTO", "Direct connection"): _DIRECT,
    ("QUATTRO", "Direct connection"): _DIRECT,
    ("SYNCSTATION", "Direct connection to Syncstation Input"): _DIRECT,
    ("SYNCSTATION", "Due+"): _DUE_PLUS,
    ("SYNCSTATION", "Quattro+"): _DUE_PLUS,
    ("SYNCSTATION", "AdapterLoadCell"): (5.0, 205.0),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """The worth of a converter step in the unit that is named, and what is odd about it."""

    step: float
    unit_text: str
    remark: str | None = None


COUNTS = Scale(step=1.0, unit_text="count")


def is_control(adapter: str) -> bool:
    """Tell whether an adapter carries what the program or a motion sensor made, not a voltage."""
    return adapter in _CONTROL


def is_auxiliary(adapter: str) -> bool:
    """Tell whether an adapter leads to an auxiliary input or a load cell, not to electrodes."""
    return adapter.startswith("Direct connection") or adapter == "AdapterLoadCell"


def scale_of(device: str, adapter: str, *, bits: int, gain: float) -> Scale:
    """Return what a step is worth.

    Parameters
    ----------
    device, adapter
        Name of the amplifier, in capitals, and of the adapter, as the file spells it.
    bits
        Bits of the converter.
    gain
        Gain of adapter and channel as the file gives it; 1 where it does not say.

    Returns
    -------
    Scale
        In volts; in counts for control channels, for auxiliary inputs whose range the maker does not publish, and for
        amplifiers that its reader does not name.

    Examples
    --------
    >>> scale = scale_of("QUATTROCENTO", "AD1x64", bits=16, gain=150.0)
    >>> f"{scale.step * 1e6:.4f} uV"
    '0.5086 uV'
    """
    known = _ADAPTERS.get((device, adapter), None if is_auxiliary(adapter) else _DEVICES.get(device))
    if known is None or is_control(adapter):
        return COUNTS
    span_v, usual = known
    if (device, adapter) in _ADAPTERS or _same(gain, usual) or _is_unsaid(gain, bits):
        return Scale(step=span_v / 2**bits / usual, unit_text="V")
    if gain <= 0:
        return COUNTS
    # With 24 bits the amplifiers say the gain of the range; with 16, one that differs from the usual is worth a word.
    remark = say(
        "The file gives a gain of {gain:g} where the maker's own reader takes {usual:g}; the file was believed.",
        gain=gain,
        usual=usual,
    )
    return Scale(step=span_v / 2**bits / gain, unit_text="V", remark=remark if bits == _BITS_OF_TABLE else None)


def _same(gain: float, other: float) -> bool:
    return abs(gain - other) <= _SAME_GAIN * other


def _is_unsaid(gain: float, bits: int) -> bool:
    """Tell whether a gain of 1 stands for none; with 24 bits it is a real one."""
    return bits == _BITS_OF_TABLE and _same(gain, 1.0)
