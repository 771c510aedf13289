"""What a server is told when it starts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf
from pathlib import Path

from edgetext.publishing.reference import Reference, read_reference
from edgetext.serving.live.settings import LiveSettings

MEGABYTE = 1 << 20

# A model's file or a version of a repository, and the name that it is given, None for its own.
File = tuple[Path, str | None]
Published = tuple[Reference, str | None]


@dataclass(frozen=True)
class Limits:
    """What a server takes.

    body: bytes of a request; texts: of a request; waiting: requests for one model that may wait;
    longest: seconds that one may be expected to wait, inf for any; deadline: seconds from a
    request's arrival to its answer, 0 for none.
    """

    body: int = MEGABYTE
    texts: int = 256
    waiting: int = 256
    deadline: float = 5.0
    longest: float = 0.016

    def end(self, arrival: float) -> float:
        """Give when a request that came then must be answered, in the same clock."""
        return arrival + self.deadline if self.deadline else inf


@dataclass(frozen=True)
class Settings:
    """models: the files, and the name that each is given, None for its own. threads: of each model.
    published: versions of repositories, and the names that they are given; poll: seconds between
    looks at the stages among them; trusted_keys: of which one must have signed each version.
    token: what a client must show, None for nothing. log: whether a line a request is written;
    log_text: with the text. grpc_port: None for no gRPC. live: what is judged, None for nothing."""

    models: tuple[File, ...]
    host: str = "127.0.0.1"
    port: int = 8080
    workers: int = 1
    threads: int = 1
    limits: Limits = field(default_factory=Limits)
    token: str | None = None
    log: bool = True
    log_text: bool = False
    grpc_port: int | None = None
    live: LiveSettings | None = None
    published: tuple[Published, ...] = ()
    poll: float = 2.0
    trusted_keys: tuple[Path, ...] = ()


def model_and_name(word: str) -> tuple[Path, str | None]:
    """Read FILE or FILE=NAME; a file whose own name has a = is taken as it is."""
    before, mark, name = word.rpartition("=")
    if not mark or Path(word).exists():
        return Path(word), None
    return Path(before), name


def divided(words: Iterable[str]) -> tuple[tuple[File, ...], tuple[Published, ...]]:
    """Tell the files that a server is given from versions of repositories, REPOSITORY#NAME@REF or
    REPOSITORY#NAME@REF=NAME; EdgetextError for a word with # that is neither."""
    files: list[File] = []
    published: list[Published] = []
    for word in words:
        path, name = model_and_name(word)
        if "#" not in word or path.exists():
            files.append((path, name))
            continue
        repository, mark, rest = word.rpartition("#")
        model, equals, name = rest.partition("=")
        published.append((read_reference(f"{repository}{mark}{model}"), name if equals else None))
    return tuple(files), tuple(published)
