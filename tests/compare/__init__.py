"""Tests of what changes from one config to another, of lock files, and of the commands that tell it."""

from __future__ import annotations
