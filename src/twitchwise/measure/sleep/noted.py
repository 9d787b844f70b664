"""What somebody noted beside the stages: leg movements, arousals, breathing, and when the lights went off and on."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

import numpy as np

from twitchwise.measure.sleep.movements import BOTH, LEFT, RIGHT, Movements
from twitchwise.measure.sleep.stages import is_stage
from twitchwise.signals import Annotation, Recording
from twitchwise.vocabulary.arrays import FloatArray


class _Kind(Enum):
    RESPIRATORY = auto()
    AROUSAL = auto()
    MOVEMENT = auto()
    LIGHTS_OFF = auto()
    LIGHTS_ON = auto()


# In this order: an arousal from breathing is a respiratory event, one from a movement is an arousal.
_PATTERNS = {
    _Kind.RESPIRATORY: re.compile(
        r"apn(?:o|oe|e|\u00e9|\u00f6)|hypop|(?<![a-z])rera(?![a-z])|respiratory (?:event|effort)|obstructive event"
    ),
    _Kind.AROUSAL: re.compile(
        r"arousal|micro[- ]?(?:e|\u00e9)veil|mikroerregung|despertar breve|microrisveglio|microdespertar"
    ),
    _Kind.MOVEMENT: re.compile(
        r"(?:limb|leg)s?[\s-]*mov|(?<![a-z])lma?s?(?![a-z])|(?<![a-z])plm[sw]?|bein[\s-]*bewegung|mouvements? .*jambe"
        r"|movimient\w* .*piern|moviment\w* .*(?:gamb|pern)|beenbeweging"
    ),
    _Kind.LIGHTS_OFF: re.compile(
        r"lights?[\s-]*(?:off|out)|licht[\s-]*aus|lumi\wre[\s-]*\wteinte|luces?[\s-]*apagad|luci?[\s-]*spent"
    ),
    _Kind.LIGHTS_ON: re.compile(
        r"lights?[\s-]*on|licht[\s-]*an|lumi\wre[\s-]*allum|luces?[\s-]*encendid|luci?[\s-]*acces"
    ),
}
_SERIES = re.compile(r"series?(?![a-z])|sequence|sequenz|episode")
_LEFT = re.compile(r"left|(?<![a-z])l(?:leg|at|t)?(?![a-z])|links|gauche|izquierd|sinistr|esquerd|(?<=plm)l\b")
_RIGHT = re.compile(r"right|(?<![a-z])r(?:leg|at|t)?(?![a-z])|rechts|droite?|derech|destr|direit|(?<=plm)r\b")
_BOTH_LEGS = re.compile(r"bilateral|both|beid|bilat")


@dataclass(frozen=True, kw_only=True, eq=False)
class Noted:
    """What was noted on a recording.

    Parameters
    ----------
    movements
        Leg movements, each of one leg or both; ``None`` where nobody noted any.
    arousals, respiratory
        Starts and stops of arousals, and of apneas, hypopneas and other respiratory events, each of shape ``(n, 2)``;
        ``None`` where nobody noted any.
    lights_out
        From when to when the lights were out, in seconds.
    without_length
        Leg movements, arousals and respiratory events that were left out because they have no length.
    without_side
        Leg movements whose leg was not said; they are taken for those of one leg.
    """

    movements: Movements | None
    arousals: FloatArray | None
    respiratory: FloatArray | None
    lights_out: tuple[float, float]
    without_length: int
    without_side: int


def noted_on(recording: Recording) -> Noted:
    """Sort the annotations of a recording."""
    sorted_out: dict[_Kind, list[tuple[Annotation, str]]] = {kind: [] for kind in _Kind}
    for one in recording.annotations:
        text = " ".join(one.text.replace("_", " ").lower().split())
        kind = None if is_stage(one) else _kind_of(text)
        if kind is not None:
            sorted_out[kind].append((one, text))
    judged = [pair for kind in (_Kind.MOVEMENT, _Kind.AROUSAL, _Kind.RESPIRATORY) for pair in sorted_out[kind]]
    lasting = [(one, side_in(text)) for one, text in sorted_out[_Kind.MOVEMENT] if one.duration_s > 0]
    return Noted(
        movements=_movements(lasting) if sorted_out[_Kind.MOVEMENT] else None,
        arousals=_spans(sorted_out[_Kind.AROUSAL]),
        respiratory=_spans(sorted_out[_Kind.RESPIRATORY]),
        lights_out=_lights(sorted_out, recording.duration_s),
        without_length=sum(one.duration_s <= 0 for one, _ in judged),
        without_side=sum(side is None for _, side in lasting),
    )


@lru_cache(maxsize=4096)
def _kind_of(text: str) -> "_Kind | None":
    # a mark over a whole series is no movement
    if _SERIES.search(text):
        return None
    return next((kind for kind, pattern in _PATTERNS.items() if pattern.search(text)), None)


def side_in(text: str) -> int | None:
    """Return the leg that lower-case words name: 1 left, 2 right, 3 both; ``None`` where none is named.

    Examples
    --------
    >>> side_in("limb movement left"), side_in("plm@@emg rat"), side_in("leg movement")
    (1, 2, None)
    """
    left, right = _LEFT.search(text) is not None, _RIGHT.search(text) is not None
    if _BOTH_LEGS.search(text) or (left and right):
        return BOTH
    return LEFT if left else RIGHT if right else None


def _movements(noted: Sequence[tuple[Annotation, int | None]]) -> Movements:
    spans: dict[int, list[tuple[float, float]]] = {LEFT: [], RIGHT: [], BOTH: []}
    for one, side in noted:
        spans[side or LEFT].append((one.start_s, one.start_s + one.duration_s))
    # a movement that was noted for both legs is one of each
    legs = ((leg, [*spans[leg], *spans[BOTH]]) for leg in (LEFT, RIGHT))
    return Movements.together(Movements.of(found, leg) for leg, found in legs)


def _spans(noted: Sequence[tuple[Annotation, str]]) -> FloatArray | None:
    """Return starts and stops of what has a length, or ``None`` where nothing was noted."""
    rows = [(one.start_s, one.start_s + one.duration_s) for one, _ in noted if one.duration_s > 0]
    return np.array(sorted(rows), dtype=np.float64).reshape(-1, 2) if noted else None


def _lights(noted: "Mapping[_Kind, Sequence[tuple[Annotation, str]]]", duration_s: float) -> tuple[float, float]:
    """Return from the first time the lights went out to the last time they went on, cut to the recording."""
    start = max(min((one.start_s for one, _ in noted[_Kind.LIGHTS_OFF]), default=0.0), 0.0)
    stop = min(max((one.start_s for one, _ in noted[_Kind.LIGHTS_ON]), default=duration_s), duration_s)
    return (start, stop) if start < stop else (0.0, duration_s)
