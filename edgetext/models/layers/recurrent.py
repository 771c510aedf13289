"""An LSTM over a padded batch, each direction of which begins at a text's own end."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from edgetext.models.layers.dropout import dropped_out


class TextLstm(nn.LSTM):
    """A batch-first LSTM with biases that is called (x, mask) and gives states alone.

    Packed sequences would do the same by steps of PyTorch's own, since oneDNN takes none: forward
    and backward of a batch take two to four times as long. So each direction runs by itself over
    the padded batch, the one that reads from the end over each text turned round. What comes behind
    a text reaches no state before it.
    """

    def forward(  # type: ignore[override]
        self, x: Tensor, mask: Tensor | None = None
    ) -> Tensor:
        """x float[B, T, D], mask bool[B, T], True at real pieces or None without padding ->
        float[B, T, directions * hidden], 0 in padding."""
        on_cpu = x.device.type == "cpu"
        if on_cpu and torch.is_autocast_enabled("cpu") and not _rounds_lstms():
            with torch.autocast("cpu", enabled=False):
                return self._states(x.float(), mask)
        return self._states(x, mask)

    def _states(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """As `forward`, on whatever the device multiplies."""
        if mask is None:
            states: Tensor = super().forward(x)[0]
            return states
        turned = _turned(mask)
        for layer in range(self.num_layers):
            if layer and self.training:
                x = dropped_out(x, self.dropout)
            states = self._run(x, f"l{layer}")
            if self.bidirectional:
                back = self._run(_taken(x, turned), f"l{layer}_reverse")
                states = torch.cat([states, _taken(back, turned)], -1)
            x = states
        return x * mask.unsqueeze(-1).to(x.dtype)

    def _run(self, x: Tensor, name: str) -> Tensor:
        """One direction of one layer."""
        weights = [
            getattr(self, f"{kind}_{name}")
            for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        ]
        zeros = x.new_zeros(1, x.shape[0], self.hidden_size)
        lstm: Any = torch.lstm
        # Its weights, one layer without dropout between layers, in one direction, batch first.
        states: Tensor = lstm(x, (zeros, zeros), weights, True, 1, 0.0, self.training, False, True)[
            0
        ]
        return states


def _rounds_lstms() -> bool:
    """Whether oneDNN has an LSTM in bfloat16 for this processor, which on one without AVX-512 is an
    error and not a slower one; mixed precision then computes this layer in float32."""
    return torch.backends.cpu.get_cpu_capability().startswith("AVX512")


def _turned(mask: Tensor) -> Tensor:
    """int64[B * T]: where each piece stands, counted over all texts, when texts are turned round;
    padding stays."""
    texts, length = mask.shape
    place = torch.arange(length, device=mask.device)
    last = mask.sum(1, keepdim=True) - 1
    begin = torch.arange(texts, device=mask.device).unsqueeze(1) * length
    return (begin + torch.where(mask, last - place, place)).flatten()


def _taken(x: Tensor, places: Tensor) -> Tensor:
    """The pieces of float[B, T, D] at places int64[B * T], each of which comes once."""
    # Whole rows: `gather`, which looks up each value by itself, takes eight times as long, and four
    # times with its gradient.
    return x.flatten(0, 1).index_select(0, places).view(x.shape)
