"""One model of a muscle twitch in both directions: from cause to sensor, and from recording to cause."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
