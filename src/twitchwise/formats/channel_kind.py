"""What a channel measures and how its electrode touched the muscle, judged from the words of the file."""

import re

from twitchwise.vocabulary import ChannelKind, Electrode, Side, Unit

# In this order: a sensor box named after its EMG amplifier may also give acceleration.
_WORDS = (
    (ChannelKind.ACCELERATION, re.compile(r"(?<![a-z])(acc|accel\w*)(?![a-z])")),
    (ChannelKind.ANGULAR_VELOCITY, re.compile(r"(?<![a-z])(gyr|gyro\w*|angular[ _-]?velocity)(?![a-z])")),
    (ChannelKind.DISPLACEMENT, re.compile(r"displacement")),
    (ChannelKind.FORCE, re.compile(r"(?<![a-z])(force|load[ _-]?cell|dynamometer)(?![a-z])")),
    (ChannelKind.EMG, re.compile(r"emg|electromyogra")),
    (ChannelKind.ECG, re.compile(r"ecg|ekg|electrocardiogra")),
    (ChannelKind.EEG, re.compile(r"eeg|electroencephalogra")),
)
# Muscles and places that sleep laboratories and clinics label without the word EMG; believed only of voltages.
_MUSCLES = re.compile(
    r"(?<![a-z])(chin|[lr]?legs?|[lr]at|plm[lr]?|calf|tib(ialis)?|soleus|gastroc\w*|vastus|biceps|triceps|deltoid|trapezius|masseter|tongue"
    r"|orbicularis|frontalis|fdi|apb|adm|submental\w*)(?![a-z])"
)
# Pairs of electrodes of the 10-20 system, as sleep laboratories label EEG without the word; and eyes, which are no EMG.
_ELECTRODE = r"(fp[12z]|af\d|f[3478z]|c[34z]|t[3-6]|p[34z]|o[12z]|m[12]|a[12])"
_BRAIN = re.compile(rf"{_ELECTRODE}\s*[-:/]?\s*{_ELECTRODE}(\s*[-:/]?\s*{_ELECTRODE})?")
_UNITS = {
    Unit.NEWTON: ChannelKind.FORCE,
    Unit.METER_PER_SECOND_SQUARED: ChannelKind.ACCELERATION,
    Unit.RADIAN_PER_SECOND: ChannelKind.ANGULAR_VELOCITY,
    Unit.METER: ChannelKind.DISPLACEMENT,
}
_NEEDLE = re.compile(r"needle|concentric|intramuscular|fine[ -]?wire|single[ -]?fib(er|re)")
_SURFACE = re.compile(
    r"surface|semg|hd-?s?emg|(?<![a-z])skin(?![a-z])|(?<![a-z])(gr|hd)\d{2}mm\d{4}"
)  # the last: OTB skin grids
_SIDES = ((Side.LEFT, re.compile(r"(?<![a-z])left(?![a-z])")), (Side.RIGHT, re.compile(r"(?<![a-z])right(?![a-z])")))


def kind_of(label: str, hint: str, unit: Unit) -> ChannelKind:
    """Judge what a channel measures from its label, then from other words of the file about it, then from its unit."""
    for words in (label.lower(), hint.lower()):
        for kind, pattern in _WORDS:
            if pattern.search(words):
                return kind
    if unit in {Unit.VOLT, Unit.UNKNOWN} and _BRAIN.fullmatch(label.strip().lower()):
        return ChannelKind.EEG
    if unit in {Unit.VOLT, Unit.UNKNOWN} and _MUSCLES.search(label.lower()):
        return ChannelKind.EMG
    return _UNITS.get(unit, ChannelKind.OTHER)


def electrode_of(words: str) -> Electrode:
    """Judge the electrode from the words of the file; both or neither named is ``unknown``."""
    needle, surface = (pattern.search(words.lower()) is not None for pattern in (_NEEDLE, _SURFACE))
    if needle == surface:
        return Electrode.UNKNOWN
    return Electrode.NEEDLE if needle else Electrode.SURFACE


def side_of(words: str) -> Side | None:
    """Return the side that is named, or nothing when none or both are."""
    named = [side for side, pattern in _SIDES if pattern.search(words.lower())]
    return named[0] if len(named) == 1 else None
