"""What a data set of simulated people was asked for: small enough to send, and with a name to know it again by."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from twitchwise.simulate.condition import Setting
from twitchwise.simulate.people import ANYONE, People
from twitchwise.simulate.simulation import Apparatus

NAME_LENGTH = 12  # hexadecimal digits: two of a million orders share a name with a chance of one in 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What people of a data set have in common.

    Parameters
    ----------
    setting
        Condition, scene, muscle and own changes.
    duration_s
        Length of each recording in seconds; ``None`` for what the scene takes.
    apparatus
        How they are recorded.
    people
        Whom to draw; ``None`` for people of one body.

    Examples
    --------
    >>> order = Order(setting=Setting(condition="healthy"))
    >>> order.name == Order(setting=Setting(condition="healthy")).name != Order(setting=Setting(condition="cidp")).name
    True
    """

    setting: Setting
    duration_s: float | None = None
    apparatus: Apparatus = field(default_factory=Apparatus)
    people: People | None = ANYONE

    def as_json(self) -> Mapping[str, object]:
        """Return it as values that JSON can hold."""
        return {name: _plain(getattr(self, name)) for name in ("setting", "duration_s", "apparatus", "people")}

    @property
    def name(self) -> str:
        """A name that only what was asked for in the same words has."""
        text = json.dumps(self.as_json(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:NAME_LENGTH]


def _plain(value: object) -> object:
    """Return numbers, texts and mappings of them; of electrodes and ages also of which kind they are."""
    if hasattr(value, "__dataclass_fields__"):
        fields = {name: _plain(one) for name, one in _fields(value).items()}
        return {"kind": type(value).__name__, **fields}
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    return list(value) if isinstance(value, tuple) else value


def _fields(value: object) -> dict[str, Any]:
    return {name: getattr(value, name) for name in cast("Any", value).__dataclass_fields__}
