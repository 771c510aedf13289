"""A model: a checkpoint put together once, with all that training and export work with."""

from __future__ import annotations

import contextlib
import copy
import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Self

from torch import Tensor, nn

from edgetext.core.errors import EdgetextError
from edgetext.core.files import read_bytes
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.contract import CONTRACT, Metadata, as_metadata
from edgetext.model.header import Header
from edgetext.model.history import next_header
from edgetext.model.network import load_network
from edgetext.models import Network
from edgetext.models.batch import BatchPipeline
from edgetext.models.network import Head
from edgetext.models.quantized.layer import schemes_of
from edgetext.recipe import Recipe
from edgetext.tasks.learner import Learner, decoder_of, learner_of
from edgetext.text.tokenization import Tokenization, read_tokenization


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A network with its header, its vocabulary and what it learned by.

    header: what it says of itself. learner: of its task, bound to its labels. vocabulary: how it
    cuts texts. network: in evaluation mode; it is shared, so who changes it takes `copied_network`.
    source: the file that it came from, None where it was only just made. sha256: of that file.
    """

    header: Header
    learner: Learner
    vocabulary: Tokenization
    network: Network
    source: Path | None = None
    sha256: str | None = None

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read the checkpoint at `path`; EdgetextError as in `read`."""
        return cls.read(read_bytes(path), Path(path))

    @classmethod
    def read(cls, content: bytes, source: Path) -> Self:
        """Put together the checkpoint whose file at `source` has this content.

        EdgetextError for anything else than a good checkpoint, and for one whose header and tensors
        do not describe the same network.
        """
        checkpoint = Checkpoint.read(content, source)
        return cls.of(checkpoint, source, hashlib.sha256(content).hexdigest())

    @classmethod
    def of(
        cls, checkpoint: Checkpoint, source: Path | None = None, sha256: str | None = None
    ) -> Self:
        """Put together what a file holds; EdgetextError where its header and tensors do not fit."""
        header = checkpoint.header
        name = _name(header, source)
        with _complete(name):
            return cls(
                header=header,
                learner=learner_of(header.task, header.labels, header.calibration),
                vocabulary=read_tokenization(header.vocabulary),
                network=load_network(checkpoint, name),
                source=source,
                sha256=sha256,
            )

    @property
    def tensors(self) -> dict[str, Tensor]:
        """The parameters and buffers of the network, by name."""
        return self.network.state_dict()

    def checkpoint(self) -> Checkpoint:
        """Return what its file holds."""
        return Checkpoint(self.header, self.tensors)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it as a checkpoint; EdgetextError when the file cannot be written."""
        self.checkpoint().save(path)

    def digest(self) -> str:
        """Return the SHA-256 of its file, or of the one that `save` would write, in hexadecimal."""
        return self.sha256 or hashlib.sha256(self.checkpoint().content()).hexdigest()

    def recipe(self, overrides: Sequence[str] = ()) -> Recipe:
        """Return the recipe that it was trained by, with some fields changed."""
        return Recipe.from_dict(self.header.recipe, str(self), overrides)

    def with_data_of(self, recipe: Recipe) -> Self:
        """Return it with the data of a recipe where it was imported, and has none of its own."""
        trained_by = self.header.recipe
        if trained_by["data"] is not None or trained_by["tasks"] is not None:
            return self
        resolved = recipe.resolved()
        data = {name: resolved[name] for name in ("data", "import")}
        return self.with_header(recipe={**trained_by, **data})

    def with_header(self, **fields: Any) -> Self:
        """Return the same network under a header with other fields, with the same history."""
        header = replace(self.header, **fields)
        learner = learner_of(header.task, header.labels, header.calibration)
        return replace(self, header=header, learner=learner)

    def replace(
        self,
        network: Network,
        variant: str,
        metrics: dict[str, dict[str, float]],
        worst_classes: Sequence[Mapping[str, Any]] = (),
    ) -> Self:
        """Return what the command that runs made of this model: another network of the same
        vocabulary and labels, and a step more in the history.

        variant: see model.variants. metrics: by split, "test" or "valid" among them.
        worst_classes: see Header, measured with them.
        """
        schemes = schemes_of(network)
        header = next_header(
            self.header, self.digest(), variant, metrics, worst_classes, quantization=schemes
        )
        return self.of(Checkpoint(header, network.state_dict()))

    def copied_network(self) -> Network:
        """Return a network like its own that may be changed."""
        return copy.deepcopy(self.network)

    def first_stage(self, *, for_executorch: bool = False) -> nn.Module:
        """Make the module from bytes, uint8[1, n], to what the second stage takes.

        A new one at each call, since a target may change what it is given.
        """
        limit, head = self.header.max_bytes, self.network.head
        with _complete(str(self)):
            stage = None
            if isinstance(head, Head):
                stage = head.first_stage(self.vocabulary, limit, for_executorch=for_executorch)
            if stage is None:
                stage = self.learner.first_stage(
                    self.vocabulary, limit, for_executorch=for_executorch
                )
            return stage.eval()

    def second_stage(self, network: Network) -> Any:
        """Make the module from there to the outputs, around its own network or a target's."""
        head, labels = network.head, self.header.labels
        with _complete(str(self)):
            stage = None
            if isinstance(head, Head):
                decoder = partial(decoder_of, network, self.learner, labels)
                stage = head.second_stage(network, decoder)
            if stage is None:
                stage = self.learner.second_stage(network, labels, self.vocabulary)
            return stage.eval()

    def pipeline(self) -> Any:
        """Make the module from bytes to outputs around its own network."""
        return self.learner.pipeline(self.first_stage(), self.second_stage(self.network)).eval()

    def batch_pipeline(self, network: Network) -> BatchPipeline:
        """Make the module from several texts to outputs, around its own network or a target's."""
        limit = self.header.max_bytes
        graph = self.vocabulary.graph(max_bytes=limit)
        decoder = decoder_of(network, self.learner, self.header.labels)
        return BatchPipeline(graph, limit, network, decoder).eval()

    @property
    def outputs(self) -> tuple[str, ...]:
        """The names of a file's outputs, in their order, "truncated" last."""
        head = self.network.head
        if isinstance(head, Head) and head.outputs:
            return (*head.outputs, "truncated")
        return self.learner.outputs

    def metadata(self) -> Metadata:
        """Return what an artifact made of it says of itself, but for its runtime's fields."""
        header, task, digest = self.header, self.learner.task, self.digest()
        pieces = "\n".join(header.pieces).encode("utf-8")
        with _complete(str(self)):
            fields = {
                "contract": CONTRACT,
                "task": header.task,
                "name": header.name,
                "variant": header.variant,
                "labels": self.learner.names(header.labels),
                "max_bytes": header.max_bytes,
                "vocabulary_size": len(header.pieces),
                "vocabulary_sha256": hashlib.sha256(pieces).hexdigest(),
                "model_version": digest[:12],
                "edgetext_version": header.edgetext_version,
                "checkpoint_sha256": digest,
                "metrics": header.metrics.get("test", {}),
                "inputs": list(task.inputs),
                "outputs": list(self.outputs),
                **self.vocabulary.published(),
                **self.learner.published(self.network.head),
            }
            return as_metadata(fields)

    def __str__(self) -> str:
        """Name it in messages: by its file, or by what its header says."""
        return _name(self.header, self.source)


def _name(header: Header, source: Path | None) -> str:
    return f"model {header.name} ({header.variant})" if source is None else str(source)


@contextlib.contextmanager
def _complete(source: str) -> Iterator[None]:
    """Raise an EdgetextError that names the field which the header of `source` lacks."""
    try:
        yield
    except KeyError as error:
        raise EdgetextError(
            f"{source}: the checkpoint's header lacks {error}; train it again"
        ) from error
