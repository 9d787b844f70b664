"""Spontaneous activity other than fasciculations in EMG: fibers, units, bursts and cramps, told by their rhythm."""

from twitchwise.measure.emg.rhythms.other_activity import OtherActivity, find_other_activity
from twitchwise.measure.emg.rhythms.trace import Causes, ChannelTrace

__all__ = ["Causes", "ChannelTrace", "OtherActivity", "find_other_activity"]
