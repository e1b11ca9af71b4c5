"""The page that compares sift_py's calls with ours: both halves of each pair are run."""

from __future__ import annotations
