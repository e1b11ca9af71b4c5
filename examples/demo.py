"""The whole way on one machine: generate, receive, fly, and look at what arrived."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from sift_runtime import Sdk

HERE: Final = Path(__file__).resolve().parent
COMMANDS: Final = Path(sys.executable).parent
PACKAGE: Final = HERE / "generated" / "vehicle_telemetry"
SECONDS: Final = 4.0


def main() -> None:
    """Run the demo; the store is written anew each time."""
    store = HERE / "flight.duckdb"
    for leftover in (store, store.with_suffix(".duckdb.wal")):
        leftover.unlink(missing_ok=True)
    _say("generate the package")
    _run("sift-codegen", "vehicle.yaml", "-o", PACKAGE, "--named-expressions", "named_expressions.yml")
    _say("start the receiver")
    with _receiver(store) as uri:
        click.echo(f"{uri}, storing in {store.name}")
        _say(f"fly for {SECONDS:g} seconds")
        _fly(uri)
    _say("what arrived")
    _run("sift-receiver", "show", store)


def _say(step: str) -> None:
    click.secho(f"\n== {step}", bold=True)


def _run(command: str, *words: str | Path) -> None:
    subprocess.run([COMMANDS / command, *words], cwd=HERE, check=True)  # noqa: S603  # our own commands


@contextlib.contextmanager
def _receiver(store: Path) -> Iterator[str]:
    """Run a receiver on a free loopback port and yield its URI."""
    command: list[str | Path] = [COMMANDS / "sift-receiver", "--port", "0", "--store", store]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # our own command
        assert process.stdout is not None  # noqa: S101  # for the type checker: a pipe was asked for
        line = process.stdout.readline()
        if not line.startswith("listening on "):
            raise click.ClickException(f"the receiver did not start; it said {line!r}")
        try:
            yield line.removeprefix("listening on ").strip()
        finally:
            process.send_signal(signal.SIGTERM)


def _fly(uri: str) -> None:
    sys.path.insert(0, str(PACKAGE.parent))
    from fly import fly  # noqa: PLC0415  # the package it needs has only just been generated

    from vehicle_telemetry import TELEMETRY  # noqa: PLC0415

    with click.progressbar(length=1000, label="flying", show_eta=False) as bar:
        with Sdk(TELEMETRY, uri=uri, api_key="demo") as sdk:
            fly(sdk, SECONDS, lambda share: bar.update(int(share * 1000) - bar.pos))
        bar.update(1000 - bar.pos)
    stats = sdk.stats
    click.echo(f"{stats.tracked} flows tracked, {stats.acknowledged} acknowledged in {stats.batches} batches")
    if stats.acknowledged != stats.tracked:
        raise click.ClickException(f"not everything arrived: {stats}")


if __name__ == "__main__":
    main()
