"""What is known, as files with sources, strictly read."""

from twitchwise.knowledge.library import Library, library

__all__ = ["Library", "library"]
