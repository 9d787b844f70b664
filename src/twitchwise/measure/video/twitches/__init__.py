"""Visible twitches: found in a field of motion, localized, timed, counted; and how to track soft skin for it."""

from twitchwise.measure.video.twitches.finding import FEW_TOLD, FoundTwitches, find_twitches
from twitchwise.measure.video.twitches.pictures import Part
from twitchwise.measure.video.twitches.tracking import skin_field

__all__ = ["FEW_TOLD", "FoundTwitches", "Part", "find_twitches", "skin_field"]
