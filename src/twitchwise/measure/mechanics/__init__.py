"""Twitch mechanics: what force and motion sensors beside the EMG say of single involuntary twitches."""

from twitchwise.measure.mechanics.recording import measure_twitches
from twitchwise.measure.mechanics.results import ChannelTwitches, TwitchMechanics, TwitchValues, UnitTwitch

__all__ = ["ChannelTwitches", "TwitchMechanics", "TwitchValues", "UnitTwitch", "measure_twitches"]
