"""The visit: a case and its recordings in, measurements and an assessment out."""

from twitchwise.examine.case_file import case_from_answers, read_case
from twitchwise.examine.examination import Examination, ExaminedRecording, examine_case, examine_recording

__all__ = ["Examination", "ExaminedRecording", "case_from_answers", "examine_case", "examine_recording", "read_case"]
