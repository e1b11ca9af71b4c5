"""Prints what sift_py's ingestion offers: classes, methods and functions with their arguments, a JSON list."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

MODULES = (
    "sift_py.ingestion.service",
    "sift_py.ingestion.buffer",
    "sift_py.ingestion.manager",
    "sift_py.ingestion.flow",
    "sift_py.ingestion.channel",
    "sift_py.ingestion.config.telemetry",
    "sift_py.ingestion.config.yaml.load",
    "sift_py.rule.config",
    "sift_py.rule.service",
    "sift_py.grpc.transport",
)
SPECIAL = ("__enter__", "__exit__")


def offered(module: ModuleType) -> Iterator[str]:
    for name, thing in vars(module).items():
        is_own = getattr(thing, "__module__", None) == module.__name__ and not name.startswith("_")
        if is_own and inspect.isclass(thing):
            yield from offered_by_class(name, thing)
        elif is_own and inspect.isfunction(thing):
            yield f"{name}({arguments(thing)})"


def offered_by_class(name: str, kind: type) -> Iterator[str]:
    made = vars(kind).get("__init__")
    yield f"{name}({arguments(made, 1)})" if inspect.isfunction(made) else name
    for method, member in vars(kind).items():
        work = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if inspect.isfunction(work) and (not method.startswith("_") or method in SPECIAL):
            yield f"{name}.{method}({arguments(work)})"


def arguments(work: object, first: int = 0) -> str:
    assert callable(work)
    return ", ".join(list(inspect.signature(work).parameters)[first:])


sys.stdout.write(json.dumps([each for module in MODULES for each in offered(import_module(module))]))
