"""Networks: piece ids in, intent and tag scores out."""

from edgetext.models.network import Network, build_network

__all__ = ["Network", "build_network"]
