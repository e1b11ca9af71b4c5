"""Talks to yaml-language-server as editors do: JSON-RPC on its standard input and output."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

__all__ = ["LanguageServer", "language_server"]

_SETTINGS: Final = {"validate": True, "completion": True, "hover": True, "schemaStore": {"enable": False}}


@dataclass(slots=True)
class LanguageServer:
    """A running server, with what it has said of each file."""

    process: subprocess.Popen[bytes]
    requests: int = 0
    diagnostics: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def open(self, path: Path) -> list[tuple[int, str]]:
        """Open a file as in an editor, and return what is marked in it: line (from 1) and message."""
        uri = path.as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": path.read_text("utf-8")}
        self.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        while uri not in self.diagnostics:
            self._take(self._receive())
        return sorted((found["range"]["start"]["line"] + 1, found["message"]) for found in self.diagnostics[uri])

    def completions(self, path: Path, line: int, column: int) -> dict[str, str]:
        """Return what is offered at a place (from 1), each with its documentation."""
        position = {"line": line - 1, "character": column - 1}
        offered = self.ask("textDocument/completion", {"textDocument": {"uri": path.as_uri()}, "position": position})
        return {item["label"]: str(item.get("documentation", "")) for item in offered["items"]}

    def ask(self, method: str, params: dict[str, object]) -> dict[str, Any]:
        """Send a request and return its result."""
        self.requests += 1
        self.send({"id": self.requests, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == self.requests and "method" not in message:
                return dict(message["result"])
            self._take(message)

    def _take(self, message: dict[str, Any]) -> None:
        if message.get("method") == "textDocument/publishDiagnostics":
            self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "id" in message and "method" in message:
            asked = message["params"].get("items", ()) if message["method"] == "workspace/configuration" else ()
            result = [_SETTINGS if item.get("section") == "yaml" else {} for item in asked]
            self.send({"id": message["id"], "result": result})

    def send(self, message: dict[str, object]) -> None:
        """Send a message."""
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(content) + content)
        self.process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        assert self.process.stdout
        length = 0
        while line := self.process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        if not length:
            raise EOFError("the language server has ended")
        return dict(json.loads(self.process.stdout.read(length)))


@contextmanager
def language_server(command: list[str], folder: Path) -> Iterator[LanguageServer]:
    """Run a server for the files of a folder."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    server = LanguageServer(process)
    try:
        capabilities = {"workspace": {"configuration": True}}
        workspace = [{"uri": folder.as_uri(), "name": "rover"}]
        server.ask("initialize", {"processId": None, "capabilities": capabilities, "workspaceFolders": workspace})
        server.send({"method": "initialized", "params": {}})
        yield server
    finally:
        process.kill()
        process.communicate()
