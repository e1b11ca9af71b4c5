"""Frames of one generation that stay together on their way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from sift_runtime._frames import FrameBytes, count_messages, flow_name, messages
from sift_runtime._generation import Generation

__all__ = ["CHUNK_OVERHEAD", "FRAME_OVERHEAD", "Batch", "Chunk", "Drop"]

# Bytes of memory beside what is held: of a bytes object and its place in a list, and of a chunk with a block in it.
FRAME_OVERHEAD: Final = 48
CHUNK_OVERHEAD: Final = 640


@dataclass(slots=True)
class Chunk:
    """Pieces of one frame, or of several frames of one flow, in the order in which they were tracked."""

    generation: Generation
    pieces: list[FrameBytes] = field(default_factory=list)
    count: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class Drop:
    """The oldest piece of a chunk, which makes room: the flow of its frames, and how many they are."""

    piece: FrameBytes
    size: int
    flow: str
    count: int

    @classmethod
    def of(cls, piece: FrameBytes) -> Drop:
        """Look what is in a piece."""
        return cls(piece, len(piece), flow_name(next(messages(piece))), count_messages(piece))


@dataclass(frozen=True, slots=True)
class Batch:
    """The oldest frames, on their way; `first` is the sequence number of the first."""

    first: int
    count: int
    pieces: list[FrameBytes]
    generation: Generation
