"""The anchors of a page: made from wire names alone, so that a link holds as long as the name does."""

from __future__ import annotations

from urllib.parse import quote

__all__ = ["anchor"]


def anchor(kind: str, name: str, number: int = 1) -> str:
    """Return an anchor that no other name gets; `number` tells apart what has one name.

    It needs no escaping, neither in HTML nor in an URL: other characters become ~ and the hex of their UTF-8 bytes.
    """
    # What quote leaves alone are letters, digits and -._~, and % is followed by two digits always.
    encoded = quote(name, safe="").replace("~", "%7E").replace("%", "~")
    return f"{kind}-{encoded}" if number == 1 else f"{kind}-{encoded}~-{number}"
