"""Many recordings: a data set in, a study's tables out, on one machine or on a Dask cluster."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
