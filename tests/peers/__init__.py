"""Tests of the receiver with the official clients, unmodified, in an environment of their own."""

from __future__ import annotations
