"""Clonus, spasms, stretches and falls near them, in motion, force and EMG."""

from twitchwise.measure.motion.spasticity.recording import measure_spasticity

__all__ = ["measure_spasticity"]
