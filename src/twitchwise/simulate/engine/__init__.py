"""The one door to JAX: state equations stepped in compiled loops, the same code on a CPU and on a GPU.

Compiled functions are kept in a ``__pycache__`` folder beside this file, as Python keeps its compiled modules, so that
only the first run on a machine pays for compiling. Where nothing can be written there, each run compiles anew.
"""

from contextlib import suppress
from pathlib import Path

from twitchwise.vocabulary import MissingExtraError
from twitchwise.vocabulary.text import say

try:
    import jax
    from jax import lax
    from jax import numpy as jnp
except ImportError as error:
    raise MissingExtraError(say("Simulating motor neurons, axons and muscle"), "simulate") from error

__all__ = ["double_precision", "jax", "jnp", "lax"]

_SHORTEST_COMPILE_S = 0.2  # what compiles faster is not worth a file

with suppress(OSError):
    _KEPT = Path(__file__).parent / "__pycache__" / "compiled"
    _KEPT.mkdir(parents=True, exist_ok=True)
    jax.config.update("jax_compilation_cache_dir", str(_KEPT))  # type: ignore[no-untyped-call]
    jax.config.update("jax_persistent_cache_min_compile_time_secs", _SHORTEST_COMPILE_S)  # type: ignore[no-untyped-call]

double_precision = jax.enable_x64
"""``with double_precision(True):`` computes in 64 bits, where a threshold or a velocity is sought to a part in 1000."""
