"""The official clients, and one that saves what failed, under the same faults."""

from __future__ import annotations

from faults.peers.comparison import PEERS, compare_peers

__all__ = ["PEERS", "compare_peers"]
