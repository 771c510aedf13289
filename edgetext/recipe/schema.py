"""The sections of a recipe: pydantic models of what each may say.

The sections `data`, `encoder` and `head` belong to components of the registry: their fields are
checked by the Config of the component that `type:` names (see recipe.components).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import ConfigDict, Field, field_validator, model_validator

from edgetext.recipe.hashed import HashedConfig
from edgetext.recipe.section import Section
from edgetext.recipe.segmentation import SEGMENTATION

# One file or folder, or several whose examples come one after the other.
Files = str | list[str] | None
# The names of text.clusters.SCRIPTS.
Script = Literal["thai", "lao", "burmese", "khmer", "kana", "hangul"]


# The component that runs several augmentations one after the other.
CHAIN = "chain"


def as_chain(value: Any) -> Any:
    """Read a list of augmentations as the one that runs them all; a word is a type."""
    if not isinstance(value, list):
        return value
    return {"type": CHAIN, "of": [{"type": x} if isinstance(x, str) else x for x in value]}


# In no checkpoint, which names the task that it leads to.
MULTI_LABEL = Field(
    False,
    exclude=True,
    description="of task classify: whether a text may have several labels, or none",
)


# What `training.freeze` calls the table of pieces, and all else that stands before the layers.
EMBEDDINGS = "embeddings"


class ComponentConfig(Section):
    """`type:` and the fields of that component's Config, inline."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="the registered name of the component")

    @property
    def own_fields(self) -> dict[str, Any]:
        """The component's own fields: `lookup(kind, section.type).Config(**section.own_fields)`."""
        return dict(self.model_extra or {})


class SplitConfig(Section):
    """Shares of the training file that become other splits, chosen by a hash of each text."""

    valid: float = Field(0.0, ge=0, lt=1)
    test: float = Field(0.0, ge=0, lt=1)

    @model_validator(mode="after")
    def _leaves_some(self) -> SplitConfig:
        if self.valid + self.test >= 1:
            raise ValueError("valid and test take the whole file; leave a share for training")
        return self


class DataConfig(ComponentConfig):
    """The reader and what it reads. Fields of the reader's Config stand beside these."""

    train: Files = Field(None, description="file or folder with the training examples, or several")
    valid: Files = Field(None, description="examples that choose the best epoch")
    test: Files = Field(None, description="examples for the reported metrics")
    split: SplitConfig | None = Field(
        None, description="take valid or test, as shares, out of the training file"
    )
    unseen: Literal["stop", "miss"] = Field(
        "stop",
        description="a label of valid or test that train lacks: stop, or count it as a miss",
    )
    augment: ComponentConfig | None = Field(
        None, description="made-up training examples; of a list, one after the other"
    )
    # Left out where nothing was chosen, so that checkpoints are as they were before it came.
    stream: int | None = Field(
        None,
        ge=2,
        exclude_if=lambda value: value is None,
        description="of data larger than memory: how many training examples are in memory at "
        "once, which are read anew in each epoch; null = all",
    )

    _several = field_validator("augment", mode="before")(as_chain)


class TextConfig(Section):
    """How text becomes pieces."""

    vocabulary: int = Field(3000, ge=50, le=100_000, description="pieces to train, at most")
    vocabulary_file: str | None = Field(
        None, description="a WordPiece vocab.txt to take instead of training one"
    )
    lowercase: bool = Field(True, description="fold case and strip accents")
    keep_accents: bool = Field(
        False, description="fold case alone: accents, and the vowel signs of Thai, carry meaning"
    )
    clusters: Literal["auto"] | bool | list[Script] = Field(
        "auto",
        description="scripts of which each letter, with the signs on it, is a word: auto = those "
        "of the training texts that are written without spaces (thai, lao, burmese, khmer, kana), "
        "true or false = all or none of these, or a list, which may have hangul too",
    )
    # Left out where nothing was chosen, so that checkpoints are as they were before it came.
    fold_width: bool = Field(
        False,
        exclude_if=lambda value: value is False,
        description="full-width letters and digits are read as ASCII, half-width kana as kana",
    )
    look_alikes: bool = Field(
        False,
        exclude_if=lambda value: value is False,
        description="letters that look like Latin ones (Cyrillic, Greek, mathematical) are read as "
        "those, but for scripts of the training texts, and hidden characters are dropped",
    )
    min_frequency: int = Field(1, ge=1, description="rarer pairs of pieces are not merged")
    hashed: HashedConfig | None = Field(
        None,
        exclude_if=lambda value: value is None,
        description="no vocabulary: words are hashed; {} for the defaults",
    )
    max_bytes: int = Field(512, ge=8, le=8192, description="longer texts are cut at a character")

    @field_validator("clusters", mode="before")
    @classmethod
    def _scripts(cls, value: Any) -> Any:
        return [value] if value in get_args(Script) else value

    @property
    def rules(self) -> dict[str, Any]:
        """The fields that say how words are formed, whatever the pieces."""
        names = ("lowercase", "keep_accents", "clusters", "fold_width", "look_alikes")
        return {name: getattr(self, name) for name in names}


class AdversarialConfig(Section):
    """A second pass over embeddings that were moved to where the loss is higher."""

    type: Literal["fgm", "pgd"] = Field("fgm", description="in one step, or in several")
    epsilon: float = Field(
        1.0,
        gt=0,
        description="how far a text's embeddings move, in standard deviations of their values",
    )
    weight: float = Field(1.0, gt=0, description="of that pass's loss, beside the first's")
    steps: int = Field(3, ge=1, le=20, description="of pgd, each a pass more")


class LoraConfig(Section):
    """Low-rank adapters of the encoder's layers, which learn in their place."""

    rank: int = Field(8, ge=1, le=1024)
    alpha: float = Field(16, gt=0, description="what an adapter counts is this by the rank")
    dropout: float = Field(0.0, ge=0, lt=1, description="of what an adapter reads")


class TrainingConfig(Section):
    """AdamW with a schedule and early stopping."""

    @field_validator("monitor", mode="before")
    @classmethod
    def _monitors(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @field_validator("class_weights", "label_shares", mode="before")
    @classmethod
    def _label_names(cls, value: Any) -> Any:
        """Labels that are whole numbers are numbers in YAML, too."""
        return {str(k): v for k, v in value.items()} if isinstance(value, dict) else value

    @field_validator("freeze", mode="before")
    @classmethod
    def _parts(cls, value: Any) -> Any:
        # To Python True is a number.
        counts = isinstance(value, int) and not isinstance(value, bool) and value > 0
        if value is not None and value != EMBEDDINGS and not counts:
            raise ValueError(f"{value!r} must be {EMBEDDINGS}, or a number of layers above 0")
        return value

    epochs: int = Field(20, ge=1)
    batch_size: int = Field(32, ge=1, description="texts in a step")
    learning_rate: float = Field(1e-3, gt=0, le=1)
    warmup: float = Field(0.05, ge=0, lt=1, description="share of the steps with a rising rate")
    schedule: Literal["cosine", "linear", "constant"] = Field(
        "cosine", description="how the rate falls after the warm-up"
    )
    # Left out where nothing was chosen, so that checkpoints are as they were before it came.
    learning_rate_decay: float = Field(
        1.0,
        gt=0,
        le=1,
        exclude_if=lambda value: value == 1,
        description="what a layer's rate is of that of the layer above it; heads have the full one",
    )
    freeze: int | str | None = Field(
        None,
        exclude_if=lambda value: value is None,
        description="what does not learn: embeddings, or these and so many layers; null = nothing",
    )
    lora: LoraConfig | None = Field(
        None,
        exclude_if=lambda value: value is None,
        description="adapters learn in the place of the encoder, and are merged into it at the "
        "end; {} for the defaults",
    )
    weight_decay: float = Field(0.01, ge=0, lt=1, description="of matrices, not of biases")
    gradient_clip: float = Field(1.0, ge=0, description="largest gradient norm; 0 = off")
    label_smoothing: float = Field(0.0, ge=0, lt=1)
    tag_weight: float = Field(1.0, ge=0, description="loss of the tags against the intent's")
    token_dropout: float = Field(0.0, ge=0, lt=1, description="share of pieces that become [UNK]")
    segmentation: float = SEGMENTATION
    patience: int = Field(5, ge=0, description="epochs without a better validation; 0 = never stop")
    ema_decay: float = Field(0.0, ge=0, lt=1, description="of the weights' moving average; 0 = off")
    precision: Literal["fp32", "bf16"] = Field("fp32", description="bf16 is mixed precision")
    # Left out where nothing was chosen, so that checkpoints are as they were before it came.
    strategy: Literal["ddp", "fsdp"] = Field(
        "ddp",
        exclude_if=lambda value: value == "ddp",
        description="of several processes: ddp = each has the whole network, fsdp = each keeps a "
        "part of it",
    )
    accelerator: Literal["auto", "cpu", "cuda", "mps"] = Field("cpu", description="where to train")
    threads: int | None = Field(None, ge=1, description="CPU threads; null = as many as cores")
    # Left out where nothing was chosen, so that checkpoints are as they were before it came.
    monitor: list[str] | None = Field(
        None,
        exclude_if=lambda value: value is None,
        description="metrics that choose the epoch, as macro_f1, later ones deciding between "
        "equals (-NAME: the lowest); null = the task's",
    )
    class_weights: Literal["balanced"] | dict[str, Annotated[float, Field(gt=0)]] | None = Field(
        None,
        exclude_if=lambda value: value is None,
        description="how much each label of a text counts in the loss: balanced, so that rare "
        "ones count as much as frequent ones, or a weight a label (else 1); null = alike",
    )
    label_shares: dict[str, Annotated[float, Field(gt=0, lt=1)]] | None = Field(
        None,
        exclude_if=lambda value: value is None,
        description="of labels of which texts in use have another share than training texts: that "
        "share, as {oos: 0.1} of texts that are about nothing known; null = as in training",
    )
    adversarial: AdversarialConfig | None = Field(
        None,
        exclude_if=lambda value: value is None,
        description="also learn from embeddings moved against the network; {} for the defaults",
    )
    r_drop: float = Field(
        0.0,
        ge=0,
        exclude_if=lambda value: value == 0,
        description="how much two passes with other dropout must agree; 0 = off",
    )
    # It changes no weight, so it is in no checkpoint.
    state_minutes: float = Field(
        10,
        gt=0,
        exclude=True,
        description="how often the state for --resume is written in an epoch",
    )
