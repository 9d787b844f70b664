"""Words for what sentences about a measured recording name: kinds of channels."""

from collections.abc import Mapping
from types import MappingProxyType

from twitchwise.vocabulary import ChannelKind
from twitchwise.vocabulary.text import say, say_in

CHANNEL_WORDS: Mapping[ChannelKind, str] = MappingProxyType(
    {
        ChannelKind.EMG: say("EMG"),
        ChannelKind.FORCE: say("force"),
        ChannelKind.ACCELERATION: say("acceleration"),
        ChannelKind.ANGULAR_VELOCITY: say("angular velocity"),
        ChannelKind.DISPLACEMENT: say("displacement"),
        ChannelKind.ANGLE: say("angle"),
        ChannelKind.ECG: say("ECG"),
        ChannelKind.EEG: say("EEG"),
        ChannelKind.OTHER: say_in("kind of channel", "other"),
    }
)
"""What channels measure, in sentences that list them."""
