"""Films: read with the time stamps of their container, upright, and written as clips; needs PyAV."""

from twitchwise.formats.video.reading import VIDEO_SUFFIXES, open_video

__all__ = ["VIDEO_SUFFIXES", "open_video"]
