"""Configs that say what is wrong with them, and the test that takes them at their word."""

from __future__ import annotations
