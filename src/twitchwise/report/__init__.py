"""One examination shown: as terminal text, as JSON, as one HTML file, as PDF, FHIR and phenopacket.

Each form loads what it needs when it is asked for, so that importing this costs nothing.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
