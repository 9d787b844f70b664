"""A description in own words becomes findings, with negation, side, site, duration, course and whose it is."""

from twitchwise.assess.intake.reader import Intake, Mention, read_description
from twitchwise.assess.intake.which_language import is_in_no_language, language_of, read_in_its_language

__all__ = ["Intake", "Mention", "is_in_no_language", "language_of", "read_description", "read_in_its_language"]
