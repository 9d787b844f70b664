"""What all knowledge entries share: frozen, named fields, no unknown keys."""

import msgspec


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every entry; a key that is not a field is an error, and nothing can be changed once read."""
