"""Several recordings of one tremor compared: tasks, sides, load, tapping, quick movements of the other hand, visits."""

from twitchwise.measure.motion.tremor.together.battery import BatteryItem
from twitchwise.measure.motion.tremor.together.session import TremorComparison, TremorRecordings, compare_tremor

__all__ = ["BatteryItem", "TremorComparison", "TremorRecordings", "compare_tremor"]
