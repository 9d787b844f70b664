"""A recording that ends the process which measures it; workers import this file, so it needs little."""

import os

from twitchwise.cohort.stored import StudyRecording
from twitchwise.examine import MeasuringOrder


class Deadly(StudyRecording):
    """A recording as it is when memory runs out; its name is the process that it spares."""

    def ordered(self, order: MeasuringOrder) -> MeasuringOrder:
        """End the process."""
        if os.getpid() != int(self.name):
            os._exit(1)
        return order
