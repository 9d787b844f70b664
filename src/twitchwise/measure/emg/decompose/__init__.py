"""Motor units in recordings from electrode grids: their discharges, their shapes, and which is which the next time."""

from twitchwise.measure.emg.decompose.decomposition import decompose
from twitchwise.measure.emg.decompose.motor_unit import BidsRow, Decomposition, MotorUnit, bids_rows
from twitchwise.measure.emg.decompose.settings import DecomposeSettings, decompose_settings
from twitchwise.measure.emg.decompose.shapes import spike_triggered_shapes
from twitchwise.measure.emg.decompose.tracking import Match, Tracking, track

__all__ = [
    "BidsRow",
    "DecomposeSettings",
    "Decomposition",
    "Match",
    "MotorUnit",
    "Tracking",
    "bids_rows",
    "decompose",
    "decompose_settings",
    "spike_triggered_shapes",
    "track",
]
