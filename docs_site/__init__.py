"""The documentation as a site: the README and all pages of docs/, every link in them checked."""

from __future__ import annotations

from docs_site._links import broken_links
from docs_site._site import Site, read_site
from docs_site._write import write_site

__all__ = ["Site", "broken_links", "read_site", "write_site"]
