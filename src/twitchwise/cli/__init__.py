"""The command line: it asks the other rooms and prints what they say."""

from twitchwise.cli.application import main

__all__ = ["main"]
