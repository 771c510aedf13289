"""The tasks that a model can learn: importing this package registers them."""

from __future__ import annotations

from edgetext.tasks.classify import Classify
from edgetext.tasks.embed import Embed
from edgetext.tasks.joint import Joint
from edgetext.tasks.lm import Lm
from edgetext.tasks.match import Match
from edgetext.tasks.multi import Multi
from edgetext.tasks.parse import Parse
from edgetext.tasks.qa import Qa
from edgetext.tasks.summarize import Summarize
from edgetext.tasks.tag import Tag
from edgetext.tasks.task import Labels, Task, task_of

__all__ = [
    "Classify",
    "Embed",
    "Joint",
    "Labels",
    "Lm",
    "Match",
    "Multi",
    "Parse",
    "Qa",
    "Summarize",
    "Tag",
    "Task",
    "task_of",
]
