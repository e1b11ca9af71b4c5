"""The peers meet the same faults in the same harness; what they lose is measured by `make faults`."""

from __future__ import annotations

from pathlib import Path

from faults.peers import PEERS, compare_peers


def test_peers_are_compared_where_a_fault_applies_to_them(tmp_path: Path) -> None:
    found = compare_peers("client-killed", tmp_path, 1)
    assert found.keys() == PEERS.keys()
    assert all(loss.accepted >= 200 for loss in found.values())  # the restart's own
    assert not any(loss.invented for loss in found.values())
    assert compare_peers("damage", tmp_path, 1) == {}
