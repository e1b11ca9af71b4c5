"""Runs what a page shows, in order, in one directory; `python -m tests.compare.pages PAGE` mends it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

__all__ = ["as_run"]

_BLOCK: Final = re.compile(r"```(yaml|console)\n(.*?)```", re.DOTALL)


def as_run(page: Path, directory: Path) -> str:
    """Return the page with console blocks as a shell gives them; the first YAML block is `vehicle.yaml`, committed."""
    text = page.read_text("utf-8")
    (directory / "vehicle.yaml").write_text(next(body for kind, body in _BLOCK.findall(text) if kind == "yaml"))
    _shell("git init -q && git add . && git -c user.name=a -c user.email=a@example.com commit -qm first", directory)

    def run(block: re.Match[str]) -> str:
        if block[1] == "yaml":
            return block[0]
        commands = [line for line in block[2].splitlines() if line.startswith("$ ")]
        return "```console\n" + "".join(f"{line}\n{_shell(line[2:], directory)}" for line in commands) + "```"

    return _BLOCK.sub(run, text)


def _shell(command: str, directory: Path) -> str:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return subprocess.run(
        command,
        shell=True,
        cwd=directory,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=120,
    ).stdout


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        Path(sys.argv[1]).write_text(as_run(Path(sys.argv[1]), Path(place)), "utf-8")
