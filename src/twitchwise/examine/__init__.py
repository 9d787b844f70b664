"""The visit: a case and its recordings in, measurements and an assessment out."""

from twitchwise.examine.case_file import case_from_answers, read_case
from twitchwise.examine.examination import ExaminedRecording, Examination, examine, examine_recording

__all__ = ["ExaminedRecording", "Examination", "case_from_answers", "examine", "examine_recording", "read_case"]
