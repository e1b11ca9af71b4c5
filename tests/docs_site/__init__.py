"""The documentation's site, and the links of all its pages."""

from __future__ import annotations
