"""Sleep: hypnic jerks, leg movements and fragmentary myoclonus, scored by the published rules."""

from twitchwise.measure.sleep.recording import measure_sleep

__all__ = ["measure_sleep"]
