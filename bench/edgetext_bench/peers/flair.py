"""Flair, which cannot stand in one environment with edgetext, and says so."""

from __future__ import annotations

from edgetext_bench.peers import Context, MissingPeer, Peer


def prepare(context: Context) -> list[Peer]:
    # pip install --dry-run flair: Flair 0.15.1 takes transformers 4, and that tokenizers below
    # 0.23; pip would put tokenizers 0.22 in the place of the one that edgetext needs.
    raise MissingPeer(
        "Flair 0.15 needs a tokenizers below 0.23 and edgetext one from 0.23 on, so the two cannot "
        "be installed together"
    )
