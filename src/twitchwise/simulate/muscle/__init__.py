"""The muscle and the tissue around it: from the fibers of motor units to what skin and needle electrodes see."""

from twitchwise.simulate.muscle.contact import Contact, Contacts
from twitchwise.simulate.muscle.electrodes import BipolarPair, ConcentricNeedle, Grid, Montage
from twitchwise.simulate.muscle.layout import Layout, lay_out
from twitchwise.simulate.muscle.needle import NeedleFibers, needle_fibers
from twitchwise.simulate.muscle.superposition import add_to, superpose
from twitchwise.simulate.muscle.templates import Templates, templates

__all__ = [
    "BipolarPair",
    "ConcentricNeedle",
    "Contact",
    "Contacts",
    "Grid",
    "Layout",
    "Montage",
    "NeedleFibers",
    "Templates",
    "add_to",
    "lay_out",
    "needle_fibers",
    "superpose",
    "templates",
]
