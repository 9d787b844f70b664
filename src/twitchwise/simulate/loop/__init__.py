"""The loop: two pools of motor neurons, the drive to them, the joint they move, and the reflexes it sends back."""

from twitchwise.simulate.loop.events import LoopEvent, LoopEventKind
from twitchwise.simulate.loop.result import LoopMotion, LoopResult, PoolDischarges
from twitchwise.simulate.loop.run import Subject, run, run_many, run_one
from twitchwise.simulate.loop.settings import DriveSettings, LoopSettings, PoolSettings, Protocol, ReflexSettings

__all__ = [
    "DriveSettings",
    "LoopEvent",
    "LoopEventKind",
    "LoopMotion",
    "LoopResult",
    "LoopSettings",
    "PoolDischarges",
    "PoolSettings",
    "Protocol",
    "ReflexSettings",
    "Subject",
    "run",
    "run_many",
    "run_one",
]
