"""A layer of rounded inputs that differ in size from row to row."""

from __future__ import annotations

from torch import Tensor, nn

# The least size of a row, so that one of zeros is not divided by it. To add it would not do: what
# is added and so small, torch's exporter takes for a zero and leaves out.
LEAST = 1e-30


class OnnxScaledRows(nn.Module):
    """A product that rounds all its inputs by one range, of rows that are brought to one size
    first: so each is rounded by itself.

    MatMulNBits rounds in blocks of each row, and does not use the tiles (AMX) by which processors
    that have them multiply other large matrices in half the time.

    product: from float32[..., T, K] to float32[..., T, N], without the bias float32[N].
    """

    bias: Tensor | None

    def __init__(self, product: nn.Module, bias: Tensor | None) -> None:
        super().__init__()
        self.product = product
        self.register_buffer("bias", bias)

    def forward(self, x: Tensor) -> Tensor:
        size = x.abs().amax(dim=-1, keepdim=True).clamp(min=LEAST)
        y: Tensor = self.product(x / size) * size
        return y if self.bias is None else y + self.bias
