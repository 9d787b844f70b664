"""What people call sides, sexes, parts of the body and kinds of channels, wherever a sentence names them."""

from collections.abc import Mapping
from types import MappingProxyType

from twitchwise.vocabulary.enums import ChannelKind, Sex, Side
from twitchwise.vocabulary.text import say, say_in

SIDE_WORDS: Mapping[Side, str] = MappingProxyType(
    {
        Side.LEFT: say_in("side of the body", "left"),
        Side.RIGHT: say_in("side of the body", "right"),
        Side.MIDLINE: say_in("side of the body", "midline"),
        Side.BOTH: say_in("side of the body", "both"),
    }
)
SEX_WORDS: Mapping[Sex, str] = MappingProxyType({Sex.FEMALE: say("female"), Sex.MALE: say("male")})
SITE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "eyelid": say("eyelid"),
        "face": say("face"),
        "tongue": say("tongue"),
        "jaw": say("jaw"),
        "neck": say("neck"),
        "head": say("head"),
        "shoulder": say("shoulder"),
        "arm": say("arm"),
        "hand": say("hand"),
        "trunk": say("trunk"),
        "back": say_in("part of the body", "back"),
        "thigh": say("thigh"),
        "calf": say("calf"),
        "leg": say("leg"),
        "foot": say("foot"),
        "whole_body": say("whole body"),
    }
)
"""The parts of the body that own words are read for; any other is as a person or a file named it."""

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
        ChannelKind.OTHER: say("another kind"),
    }
)
