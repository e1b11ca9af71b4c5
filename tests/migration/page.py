"""docs/migration.md, taken apart: sections, and what stands in them to be run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["ADDRESS", "IMPORTS", "PAGE", "START", "Block", "Section", "blocks", "sections"]

PAGE: Final = Path(__file__).parents[2] / "docs/migration.md"
ADDRESS: Final = "localhost:50051"
"""Where the page's examples connect to."""
IMPORTS: Final = "Moving from sift_py"
START: Final = "Start"
_BLOCK: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_HEADING: Final = re.compile(r"^#{1,3} (.+)$", re.MULTILINE)
_OWN_CONNECTION: Final = re.compile(r"\b(IngestionService|Sdk|SdkGroup)\(|IngestionServicesManager\.from_")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. What it is, its first line says: a client's name or a file's."""

    language: str
    text: str

    @property
    def label(self) -> str:
        """The first line's comment."""
        return self.text.partition("\n")[0].removeprefix("# ")

    @property
    def connects(self) -> bool:
        """Whether it makes a service or an Sdk of its own, and so does not go on from the start."""
        return bool(_OWN_CONNECTION.search(self.text))


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and all up to the next one."""

    heading: str
    text: str
    blocks: tuple[Block, ...]

    def half(self, client: str) -> Block | None:
        """Return the code of a client; a command of ours counts as ours where there is code of sift_py's."""
        labelled = [block for block in self.blocks if block.language == "python" and block.label == client]
        commands = [block for block in self.blocks if block.language == "console" and client == "sift_runtime"]
        is_pair = any(block.language == "python" for block in self.blocks)
        return next(iter(labelled or (commands if is_pair else [])), None)

    @property
    def prose(self) -> str:
        """What is said in words, on one line."""
        return " ".join(_BLOCK.sub("", self.text).split())


def blocks() -> list[Block]:
    """Return all blocks of the page."""
    return [block for section in sections() for block in section.blocks]


def sections() -> list[Section]:
    """Return the sections in the order of the page."""
    page = PAGE.read_text("utf-8")
    text = _BLOCK.sub(lambda block: block[0].replace("\n# ", "\n\0 "), page)  # comments in code are no headings
    parts = _HEADING.split(text)[1:]
    return [_section(heading, body.replace("\0", "#")) for heading, body in zip(parts[::2], parts[1::2], strict=True)]


def _section(heading: str, text: str) -> Section:
    return Section(heading, text, tuple(Block(language, code) for language, code in _BLOCK.findall(text)))
