"""The spool on disk: its format, its command, and what disks do to it."""

from __future__ import annotations
