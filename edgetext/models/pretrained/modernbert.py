"""ModernBERT (Warner et al. 2024): rotated positions, gated layers, mostly local attention."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgetext.configs.pretrained import ModernBertConfig
from edgetext.models.layers.dropout import Dropout
from edgetext.models.pretrained.activations import ACTIVATIONS
from edgetext.registry import register

# Added to a score of attention so that its probability is 0.
NEVER = -1e4


class RotatedAttention(nn.Module):
    """Self-attention whose queries and keys are turned by their places (Su et al. 2021, §3.4).

    Queries, keys and values come from one Linear. window: how far a piece sees; 0: all pieces.
    """

    def __init__(self, config: ModernBertConfig, window: int) -> None:
        super().__init__()
        self.heads, self.window = config.heads, window
        self.width = config.embedding // config.heads
        self.qkv = nn.Linear(config.embedding, 3 * config.embedding, bias=config.attention_bias)
        self.output = nn.Linear(config.embedding, config.embedding, bias=config.attention_bias)

    def forward(self, x: Tensor, turn: tuple[Tensor, Tensor], hidden: Tensor | None) -> Tensor:
        """turn: cosines and sines float[T, width]; hidden: float, NEVER where a key is not seen."""
        batch, length, dimension = x.shape
        qkv = self.qkv(x).view(batch, length, 3, self.heads, self.width).permute(2, 0, 3, 1, 4)
        both, value = turned(qkv[:2], *turn), qkv[2]
        scores = torch.matmul(both[0] * self.width**-0.5, both[1].transpose(-1, -2))
        if hidden is not None:
            scores = scores + hidden
        mixed = torch.matmul(torch.softmax(scores, dim=-1), value)
        return self.output(mixed.transpose(1, 2).reshape(batch, length, dimension))


class ModernBertLayer(nn.Module):
    """x + attention(norm(x)), then x + feed_forward(norm(x)); the first has no norm before it."""

    def __init__(self, config: ModernBertConfig, number: int) -> None:
        super().__init__()
        self.attention_norm = layer_norm(config) if number else nn.Identity()
        self.attention = RotatedAttention(config, config.windows[number])
        self.norm = layer_norm(config)
        self.widen = nn.Linear(config.embedding, 2 * config.feed_forward, bias=config.bias)
        self.activation = ACTIVATIONS[config.activation]
        self.narrow = nn.Linear(config.feed_forward, config.embedding, bias=config.bias)
        self.dropout = Dropout(config.dropout)

    def forward(self, x: Tensor, turn: tuple[Tensor, Tensor], hidden: Tensor | None) -> Tensor:
        x = x + self.attention(self.attention_norm(x), turn, hidden)
        value, gate = self.widen(self.norm(x)).chunk(2, dim=-1)
        return x + self.narrow(self.dropout(self.activation(value) * gate))


@register("encoder", "modernbert")
class ModernBertEncoder(nn.Module):
    """float[B, T, D], T at most `positions`, -> float[B, T, D]."""

    Config = ModernBertConfig

    def __init__(self, config: ModernBertConfig) -> None:
        super().__init__()
        self.output_dimension = config.embedding
        self.width = config.embedding // config.heads
        self.bases = config.bases
        self.embedding_norm = layer_norm(config)
        self.layers = nn.ModuleList(ModernBertLayer(config, i) for i in range(config.layers))
        self.norm = layer_norm(config)

    @property
    def last_norm(self) -> nn.LayerNorm:
        """Give what the output comes from."""
        return self.norm

    def forward(
        self, x: Tensor, mask: Tensor | None = None, second: Tensor | None = None
    ) -> Tensor:
        """second: not looked at, since this encoder does not mark texts."""
        places = torch.arange(x.shape[1], device=x.device).unsqueeze(0).to(torch.float32)
        apart = (places.unsqueeze(-1) - places.unsqueeze(-2)).abs()
        padding = None if mask is None else (~mask).to(x.dtype)[:, None, None, :] * NEVER
        turns: dict[float, tuple[Tensor, Tensor]] = {}
        hides: dict[int, Tensor | None] = {0: padding}
        x = self.embedding_norm(x)
        for layer, base in zip(self.layers, self.bases, strict=True):
            window = int(layer.attention.window)  # type: ignore[union-attr, arg-type]
            if base not in turns:
                turns[base] = rotations(places, self.width, base)
            if window not in hides:
                far = torch.clamp(apart - window, 0, 1).unsqueeze(1) * NEVER
                hides[window] = far if padding is None else far + padding
            x = layer(x, turns[base], hides[window])
        return self.norm(x)


def layer_norm(config: ModernBertConfig) -> nn.LayerNorm:
    """Make a layer norm, with a bias where the weights have one."""
    return nn.LayerNorm(config.embedding, eps=config.epsilon, bias=config.norm_bias)


def rotations(places: Tensor, width: int, base: float) -> tuple[Tensor, Tensor]:
    """Give cosines and sines float[B, 1, T, width] of places float[B, T]."""
    speeds = base ** -(torch.arange(0, width, 2, device=places.device) / width)
    angles = places.unsqueeze(-1) * speeds
    angles = torch.cat([angles, angles], -1).unsqueeze(1)
    return angles.cos(), angles.sin()


def turned(x: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
    """Turn pairs of the values of x float[..., T, width], half a width apart."""
    one, other = x.chunk(2, dim=-1)
    return x * cosines + torch.cat([-other, one], -1) * sines
