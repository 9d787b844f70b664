"""Tremor: whether there is one, how fast, how large, where and in which task, or that it cannot be answered."""

from twitchwise.measure.motion.tremor.recording import measure_tremor

__all__ = ["measure_tremor"]
