"""A digest of an entry's meaning, without its review, so that a review is bound to what was reviewed."""

import hashlib
import json
from collections.abc import Mapping

import msgspec

from twitchwise.knowledge.schema.entry import Entry
from twitchwise.knowledge.schema.review import Review


def digest_of(entry: Entry) -> str:
    """Return the SHA-256 of an entry without its ``review``, as 64 hexadecimal digits.

    Comments, order of keys and layout of the file do not enter; every number and word does.
    """
    meaning = msgspec.to_builtins(entry, enc_hook=str)  # a text for people is its English
    meaning.pop("review", None)
    return _sha256(meaning)


def digest_of_all(entries: Mapping[str, Entry]) -> str:
    """Return one digest of many entries, for stating which knowledge a result rests on."""
    return _sha256({name: digest_of(entry) for name, entry in entries.items()})


def review_state(review: Review, digest: str) -> str:
    """Return ``reviewed`` only while the text is the one that was reviewed, else ``draft``."""
    return review.state if review.of_digest == digest else "draft"


def _sha256(meaning: object) -> str:
    text = json.dumps(meaning, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
