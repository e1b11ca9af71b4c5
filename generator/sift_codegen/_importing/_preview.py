"""The table that shows what an import gives, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sift_codegen._importing._imported import Imported
from sift_codegen._literals import comment_text

__all__ = ["preview"]

_HEAD: Final = ("flow", "channel", "type", "unit", "from")
_WIDEST: Final = 40


def preview(imported: Imported) -> str:
    """Return a table of all channels, a line each; nothing in it but printable text."""
    rows = [_HEAD, *_rows(imported)]
    widths = [min(_WIDEST, max(map(len, column))) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def _rows(imported: Imported) -> Iterator[tuple[str, ...]]:
    for flow in imported.flows:
        for channel in flow.channels:
            labels = f" ({len(channel.labels)})" if channel.labels else ""
            data_type = channel.data_type.value + labels + (", optional" if channel.is_optional else "")
            texts = (flow.name, channel.name, data_type, channel.unit, channel.origin)
            yield tuple(map(comment_text, texts))
