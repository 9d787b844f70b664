"""How electromyographers call one event, electrodes, groups of people and the middles of ranges."""

from collections.abc import Mapping
from types import MappingProxyType

from twitchwise.knowledge.schema.published_range import Middle, Population
from twitchwise.vocabulary import EventKind
from twitchwise.vocabulary.text import say

EVENT_NAMES: Mapping[EventKind, str] = MappingProxyType(
    {
        EventKind.FASCICULATION_POTENTIAL: say("fasciculation potential"),
        EventKind.TREMOR_BURST: say("tremor burst"),
        EventKind.TWITCH: say("twitch"),
        EventKind.MYOKYMIC_DISCHARGE: say("myokymic discharge"),
        EventKind.NEUROMYOTONIC_DISCHARGE: say("neuromyotonic discharge"),
        EventKind.CRAMP_DISCHARGE: say("cramp discharge"),
        EventKind.MYOTONIC_DISCHARGE: say("myotonic discharge"),
        EventKind.FIBRILLATION_POTENTIAL: say("fibrillation potential"),
        EventKind.SPASM: say("spasm"),
        EventKind.JERK: say("jerk"),
        EventKind.CLONUS_BEAT: say("clonus beat"),
        EventKind.REFLEX: say("reflex"),
        EventKind.CONTRACTION: say("contraction"),
        EventKind.TENDON_TAP: say("tendon tap"),
        EventKind.STRETCH: say("stretch"),
        EventKind.NERVE_STIMULUS: say("nerve stimulus"),
        EventKind.MOTOR_UNIT_DISCHARGE: say("motor unit discharge"),
        EventKind.POSITIVE_SHARP_WAVE: say("positive sharp wave"),
        EventKind.COMPLEX_REPETITIVE_DISCHARGE: say("complex repetitive discharge"),
        EventKind.CONTINUOUS_UNIT_DISCHARGE: say("continuous unit discharge"),
        EventKind.M_WAVE: say("m wave"),
        EventKind.VISIBLE_TWITCH: say("visible twitch"),
        EventKind.TREMOR: say("tremor"),
        EventKind.CLONUS: say("clonus"),
        EventKind.FALL: say("fall"),
        EventKind.HYPNIC_JERK: say("hypnic jerk"),
        EventKind.LEG_MOVEMENT: say("leg movement"),
        EventKind.PERIODIC_LEG_MOVEMENT: say("periodic leg movement"),
        EventKind.FRAGMENTARY_MYOCLONUS: say("fragmentary myoclonus"),
    }
)
"""What one event of a kind is called."""

ELECTRODE_WORDS: Mapping[str | None, str] = MappingProxyType(
    {
        "surface": say("surface electrodes"),
        "high_density_surface": say("a high-density surface grid"),
        "needle": say("a needle"),
        None: say("no electrodes"),
    }
)

POPULATION_WORDS: Mapping[Population, str] = MappingProxyType(
    {
        Population.HEALTHY: say("healthy people"),
        Population.BENIGN_FASCICULATION: say("benign fasciculations"),
        Population.AMYOTROPHIC_LATERAL_SCLEROSIS: say("amyotrophic lateral sclerosis"),
        Population.MOTOR_NEURON_DISEASE: say("motor neuron disease"),
        Population.SPINAL_CORD_INJURY: say("spinal cord injury"),
        Population.MIXED: say("a mixture of people"),
    }
)

MIDDLE_WORDS: Mapping[Middle | None, str] = MappingProxyType(
    {
        Middle.MEAN: say("mean"),
        Middle.MEDIAN: say("median"),
        Middle.MODE: say("most frequent value"),
        Middle.SHARE: "",
        Middle.TIMES: "",
        Middle.NOT_SAID: say("middle"),
        None: "",
    }
)
