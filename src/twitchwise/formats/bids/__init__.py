"""Writes recordings as a BIDS data set: with their truth, subject by subject, or with what was found in them.

Electromyography is part of BIDS since version 1.11 (BEP042). Gorgolewski et al. 2016, doi:10.1038/sdata.2016.44.
"""

from twitchwise.formats.bids.data_set import BidsDataset, BuiltRecording, build_recording
from twitchwise.formats.bids.export import FoundIn, write_data_set
from twitchwise.formats.bids.fitted import Fitted
from twitchwise.formats.bids.packed import PackedRecording
from twitchwise.formats.bids.subject import BidsSubject, DischargeTable, EmgSetup

__all__ = [
    "BidsDataset",
    "BidsSubject",
    "BuiltRecording",
    "DischargeTable",
    "EmgSetup",
    "Fitted",
    "FoundIn",
    "PackedRecording",
    "build_recording",
    "write_data_set",
]
