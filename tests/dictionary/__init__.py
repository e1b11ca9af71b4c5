"""The channel dictionary: what `sift-codegen docs` writes, read as its readers read it."""

from __future__ import annotations
