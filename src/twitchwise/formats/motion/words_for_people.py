"""What people call the tasks and places that names of files speak of."""

from collections.abc import Mapping
from types import MappingProxyType

from twitchwise.vocabulary import Task
from twitchwise.vocabulary.text import say, say_in

TASK_WORDS: Mapping[Task, str] = MappingProxyType(
    {
        Task.REST: say_in("task", "rest"),
        Task.POSTURE: say_in("task", "posture"),
        Task.ACTION: say_in("task", "action"),
        Task.STANDING: say_in("task", "standing"),
    }
)
PLACE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "wrist": say("wrist"),
        "hand": say("hand"),
        "finger": say("finger"),
        "thumb": say("thumb"),
        "arm": say("arm"),
        "forearm": say("forearm"),
        "elbow": say("elbow"),
        "head": say("head"),
        "neck": say("neck"),
        "trunk": say("trunk"),
        "chest": say("chest"),
        "waist": say("waist"),
        "lumbar": say("lumbar"),
        "back": say_in("part of the body", "back"),
        "thigh": say("thigh"),
        "knee": say("knee"),
        "shank": say("shank"),
        "leg": say("leg"),
        "ankle": say("ankle"),
        "foot": say("foot"),
        "calf": say("calf"),
        "toe": say("toe"),
        "chin": say("chin"),
        "shoulder": say("shoulder"),
    }
)
"""The places that names of columns and files are searched for."""
