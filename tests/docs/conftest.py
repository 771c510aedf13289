"""README and the pages of docs/, cut into their code blocks."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and the last line of words before it."""

    language: str
    text: str
    before: str

    def commands(self) -> list[list[str]]:
        """The words of each line of a block of shell, comments left out."""
        lines = self.text.replace("\\\n", " ").splitlines()
        return [words for line in lines if (words := shlex.split(line, comments=True))]


def _blocks(page: str) -> list[Block]:
    cut, language, before, lines = [], None, "", []
    for line in (ROOT / page).read_text("utf-8").splitlines():
        if line.startswith("```") and language is None:
            language, lines = line[3:] or "text", []
        elif line.startswith("```"):
            cut.append(Block(language or "", "\n".join(lines), before))
            language = None
        elif language is not None:
            lines.append(line)
        elif line.strip():
            before = line
    return cut


@pytest.fixture(scope="session")
def pages() -> SimpleNamespace:
    """root: the repository; names: README and each page of docs/; blocks(name): its blocks."""
    docs = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("docs/**/*.md"))
    return SimpleNamespace(root=ROOT, names=["README.md", *docs], blocks=_blocks)
