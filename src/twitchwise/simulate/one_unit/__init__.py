"""One motor unit, from the action potential of its axon to the movement of the skin; it follows a slider at once."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
