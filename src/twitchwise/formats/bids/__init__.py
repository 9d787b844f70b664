"""Writes recordings with their truth as an EMG-BIDS data set, subject by subject.

Electromyography is part of BIDS since version 1.11 (BEP042). Gorgolewski et al. 2016, doi:10.1038/sdata.2016.44.
"""

from twitchwise.formats.bids.data_set import BidsDataset, BuiltRecording, build_recording
from twitchwise.formats.bids.subject import BidsSubject, DischargeTable, EmgSetup

__all__ = ["BidsDataset", "BidsSubject", "BuiltRecording", "DischargeTable", "EmgSetup", "build_recording"]
