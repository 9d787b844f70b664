"""A description in own words becomes findings, with negation, side, site, duration, course and whose it is."""

from twitchwise.assess.intake.reader import Intake, Mention, read_description

__all__ = ["Intake", "Mention", "read_description"]
