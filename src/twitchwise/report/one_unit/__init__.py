"""One motor unit for a reader: what can be changed, and every stage in words, numbers, curves and sources."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
