"""Whether the packages are there that studies need beside those of the rest."""

from importlib.util import find_spec

from twitchwise.vocabulary import MissingExtraError

_NEEDED = ("distributed", "fsspec", "pandas", "pyarrow", "statsmodels")


def require_packages() -> None:
    """Raise MissingExtraError where the packages for studies are missing."""
    if any(find_spec(name) is None for name in _NEEDED):
        raise MissingExtraError("A study", "cohort")
