"""The visit: a case and its recordings in, measurements and an assessment out."""

from twitchwise.examine.case_file import case_from_answers, read_case
from twitchwise.examine.examination import Examination, ExaminedRecording, examine_case, examine_recording
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
    "case_as_phenopacket",
    "case_as_terms",
    "case_from_answers",
    "examine_case",
    "examine_recording",
    "findings_without_term",
    "read_case",
    "read_phenopacket",
    "read_terms",
]
