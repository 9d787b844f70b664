"""The visit: a case and its recordings in, measurements and an assessment out."""

from twitchwise.examine.case_file import case_from_answers, read_case, read_recordings_of
from twitchwise.examine.examination import (
    Examination,
    examine_as_ordered,
    examine_case,
    examine_recording,
)
from twitchwise.examine.examined import ExaminedRecording
from twitchwise.examine.film_clips import write_clips
from twitchwise.examine.measuring import FolderPlan, MeasuredRecording, PlannedRecording, plan_folder
from twitchwise.examine.order import MeasuringOrder
from twitchwise.examine.phenopacket import (
    case_as_phenopacket,
    case_as_terms,
    findings_without_term,
    read_phenopacket,
    read_terms,
)

__all__ = [
    "Examination",
    "ExaminedRecording",
    "FolderPlan",
    "MeasuredRecording",
    "MeasuringOrder",
    "PlannedRecording",
    "case_as_phenopacket",
    "case_as_terms",
    "case_from_answers",
    "examine_as_ordered",
    "examine_case",
    "examine_recording",
    "findings_without_term",
    "plan_folder",
    "read_case",
    "read_phenopacket",
    "read_recordings_of",
    "read_terms",
    "write_clips",
]
