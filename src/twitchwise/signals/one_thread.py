"""One thread of linear algebra while something is measured or simulated.

Several threads add up the parts of a product in another order, so that a result would depend on the machine's cores;
and they wait for one another longer than small products take.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController, threadpool_limits


class _Limit:
    """The limit of this process, which holds as long as anybody needs it."""

    def __init__(self) -> None:
        self._lock, self._users = Lock(), 0
        self._held: threadpool_limits | None = None
        self._libraries: ThreadpoolController | None = None
        self._n_modules = 0

    def take(self) -> None:
        with self._lock:
            if self._users == 0:
                libraries = self._controller()
                _set_free(libraries)
                self._held = libraries.limit(limits=1, user_api="blas")
            self._users += 1

    def leave(self) -> None:
        with self._lock:
            self._users -= 1
            if self._users == 0 and self._held is not None and self._libraries is not None:
                _set_free(self._libraries)
                self._held.restore_original_limits()
                _set_free(self._libraries)

    def _controller(self) -> "ThreadpoolController":
        """Return what knows the libraries; to look for them takes as long as a tenth of a block of a grid."""
        from threadpoolctl import ThreadpoolController  # noqa: PLC0415 - loads when something is measured

        if self._libraries is None or self._n_modules != len(sys.modules):  # a library comes with a module
            self._libraries, self._n_modules = ThreadpoolController(), len(sys.modules)
        return self._libraries


def _set_free(libraries: "ThreadpoolController") -> None:
    """Let whichever thread comes next set a limit; since threadpoolctl 3.8 only the one that did so first may."""
    for library in libraries.lib_controllers:
        if hasattr(library, "clear_controlling_thread"):
            library.clear_controlling_thread(force=True)


_LIMIT = _Limit()


@contextmanager
def one_thread() -> Iterator[None]:
    """Have linear algebra done by one thread; those who need it at the same time in one process do not disturb it.

    Libraries that are loaded meanwhile keep their threads: whoever enters has loaded SciPy.
    """
    # SciPy brings a linear algebra of its own
    import scipy.linalg  # noqa: PLC0415, F401 - loads when something is measured

    _LIMIT.take()
    try:
        yield
    finally:
        _LIMIT.leave()
