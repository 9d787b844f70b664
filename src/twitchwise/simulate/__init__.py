"""The forward model: from a cause through axon, motor neurons, junction, muscle and limb to what sensors record."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
