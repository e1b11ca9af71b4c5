"""docs/reliability.md: the part between its marks is made of the results, all else is written by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from faults.peers import PEERS
from faults.rows import ROWS

__all__ = ["RESULTS", "printed", "table", "write_page"]

RESULTS: Final = Path(__file__).with_name("results.json")
_PAGE: Final = Path(__file__).parents[1] / "docs" / "reliability.md"
_BEGIN: Final = "<!-- made by `make faults` -->"
_END: Final = "<!-- end of what `make faults` makes -->"


def table(results: dict[str, Any]) -> str:
    """Return the table in Markdown; each row has an anchor that promises link to."""
    lines = [f"| fault | how often | promise | figure | | {' | '.join(PEERS.values())} |"]
    lines.append(f"| --- | ---: | --- | --- | --- {'| ---: ' * len(PEERS)}|")
    for row in ROWS:
        found = results.get(row.name)
        if found is not None:
            verdict = "kept" if found["kept"] else "**not kept**"
            often = {"outage": "1", "damage": "all"}.get(row.name, f"{found['times']:,}")
            name = f'<a id="{row.name}"></a>{row.fault}'
            peers = " | ".join(_peer(found["peers"].get(peer)) for peer in PEERS)
            lines.append(f"| {name} | {often} | {row.promise} | {found['figure']} | {verdict} | {peers} |")
    return "\n".join(lines)


def _peer(found: dict[str, int] | None) -> str:
    """Say what a peer lost; nothing, where the fault does not apply to it or was not made."""
    if found is None:
        return ""
    again = f", {found['duplicates']:,} sent again" if found["duplicates"] else ""
    return f"{found['lost']:,} of {found['accepted']:,} lost{again}"


def printed(results: dict[str, Any]) -> str:
    """Return the table for a terminal."""
    rows = [row for row in ROWS if row.name in results]
    parts = []
    for row in rows:
        found = results[row.name]
        verdict = "kept" if found["kept"] else "NOT KEPT"
        head = f"{row.name}: {row.fault} ({found['times']:,} x, {found['seconds']:g} s): {verdict}"
        parts.append(f"{head}\n    promised: {row.promise}\n    found: {found['figure'].replace('**', '')}")
        parts += [f"    {PEERS[peer]}: {_peer(loss)}" for peer, loss in found["peers"].items()]
    return "\n".join(parts)


def write_page(results: dict[str, Any]) -> None:
    """Write the table into the page."""
    text = _PAGE.read_text("utf-8")
    before, after = text[: text.index(_BEGIN)], text[text.index(_END) :]
    _PAGE.write_text(f"{before}{_BEGIN}\n\n{table(results)}\n\n{after}", "utf-8")
