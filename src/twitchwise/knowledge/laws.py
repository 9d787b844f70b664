"""What must hold across knowledge files; each breach names its file, line and key."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from twitchwise.knowledge.schema import Condition, Evidence, FindingKind, FindingLink, Read, Rule, Share
from twitchwise.knowledge.shelf import Shelf
from twitchwise.vocabulary import FindingState, KnowledgeError, Setting, Unit, Urgency

if TYPE_CHECKING:
    from twitchwise.knowledge.library import Library

Breaches = Iterator[KnowledgeError]
