"""How the kinds of activity are called in sentences."""

from collections.abc import Mapping
from types import MappingProxyType

from twitchwise.measure.emg.rhythms.definitions import Kind, Other
from twitchwise.vocabulary import EventKind
from twitchwise.vocabulary.text import say

KIND_WORDS: Mapping[Kind, str] = MappingProxyType(
    {
        EventKind.FIBRILLATION_POTENTIAL: say("fibrillation potential"),
        EventKind.POSITIVE_SHARP_WAVE: say("positive sharp wave"),
        EventKind.MYOTONIC_DISCHARGE: say("myotonic discharge"),
        EventKind.COMPLEX_REPETITIVE_DISCHARGE: say("complex repetitive discharge"),
        EventKind.MYOKYMIC_DISCHARGE: say("myokymic discharge"),
        EventKind.NEUROMYOTONIC_DISCHARGE: say("neuromyotonic discharge"),
        EventKind.CONTINUOUS_UNIT_DISCHARGE: say("continuous unit discharge"),
        EventKind.CRAMP_DISCHARGE: say("cramp discharge"),
        EventKind.TREMOR_BURST: say("tremor burst"),
        EventKind.CLONUS_BEAT: say("clonus beat"),
        Other.WILLED: say("willed unit"),
        Other.CLOCKWORK: say("clockwork"),
        Other.HEARTBEAT: say("heartbeat"),
        Other.PART_OF_RUN: say("part of a run"),
        Other.UNEXPLAINED: say("unexplained"),
    }
)
"""Every kind that is weighed by a definition."""
