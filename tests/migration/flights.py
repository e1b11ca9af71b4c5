"""Runs the halves of the page's pairs as processes, each against a receiver of its own."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sift_receiver import Receiver, ReceiverSettings
from tests.peers.environment import peers_environment

from .calls import seen_calls
from .facts import Facts, stored_facts
from .page import ADDRESS, IMPORTS, START, Block, blocks, sections

__all__ = ["Workshop", "code_of"]

_END_OF_OURS: Final = "assert sdk.close(30).acknowledged_all"


@dataclass(frozen=True, slots=True)
class Workshop:
    """A folder with the page's files and the packages that its commands make of them."""

    folder: Path

    def furnish(self) -> None:
        """Write the files, and run the commands that generate packages."""
        self._write_files(ADDRESS)
        for block in blocks():
            if block.language == "console" and "push-rules" not in block.text:
                self._run(_command(block), ADDRESS)

    def fly(self, half: Block, store: Path) -> Facts:
        """Run a half of a pair; return what is stored in the end, and what was called for it."""
        began = time.time_ns()
        settings = ReceiverSettings(store=store, api_key="key", users=("ripley@example.com",))
        with seen_calls() as seen, Receiver(settings) as receiver:
            address = f"127.0.0.1:{receiver.port}"
            self._write_files(address)
            self._run(_command(half) if half.language == "console" else _program(half), address)
        return stored_facts(store, began) | seen.facts()

    def _write_files(self, address: str) -> None:
        for block in blocks():
            if block.language in {"yaml", "toml"}:
                path = self.folder / block.label
                path.parent.mkdir(exist_ok=True)
                path.write_text(block.text.replace(ADDRESS, address), "utf-8")

    def _run(self, command: list[str], address: str) -> None:
        credentials = {"SIFT_GRPC_URI": f"http://{address}", "SIFT_API_KEY": "key", "SIFT_CONFIG_FILE": "sift.toml"}
        words = [word.replace(ADDRESS, address) for word in command]
        done = subprocess.run(
            words,
            cwd=self.folder,
            env=os.environ | credentials,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def code_of(half: Block) -> str:
    """Return a half as a whole program: after the imports, and where it does not connect itself, after the start."""
    before = {section.heading: section.half(half.label) for section in sections()}
    begins = half == before[START]
    parts = [before[IMPORTS], *([] if half.connects or begins else [before[START]]), half]
    code = "\n".join(block.text for block in parts if block is not None)
    ends_itself = half.label == "sift_py" or (half.connects and not begins)
    return code if ends_itself else f"{code}\n{_END_OF_OURS}\n"


def _program(half: Block) -> list[str]:
    theirs = [peers_environment().command("python"), "-W", "ignore"]
    return [*(theirs if half.label == "sift_py" else [sys.executable, "-W", "error"]), "-c", code_of(half)]


def _command(block: Block) -> list[str]:
    words = shlex.split(block.text.removeprefix("$ ").replace("\\\n", " "))
    assert words[0] == "sift-codegen"
    return [sys.executable, "-m", "sift_codegen", *words[1:]]
