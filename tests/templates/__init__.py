"""Templates of the user's: what they can do, what they cannot, and the model that they are given."""

from __future__ import annotations
