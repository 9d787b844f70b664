from .page import Explored as Explored
from .page import explored as explored
from .page import in_file_units as in_file_units
from .page import offered as offered
from .page import refusal as refusal
from .page import usual_activity as usual_activity
from .sound import wav_of as wav_of
from .wording import ACTIVITIES as ACTIVITIES
