"""Phones and watches that record a simulated movement: sensors, clocks and export files, with the truth beside."""

from twitchwise.simulate.devices.device import Clock, Device, DeviceKind, Place, device_of
from twitchwise.simulate.devices.exports import EXPORTS, Export, write_export
from twitchwise.simulate.devices.sensing import Sensed, sense, sense_simulation
from twitchwise.simulate.devices.truth import write_truth

__all__ = [
    "EXPORTS",
    "Clock",
    "Device",
    "DeviceKind",
    "Export",
    "Place",
    "Sensed",
    "device_of",
    "sense",
    "sense_simulation",
    "write_export",
    "write_truth",
]
