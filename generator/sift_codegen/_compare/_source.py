"""What changes in the Python names of a package, and in what its users have to give."""

from __future__ import annotations

from collections.abc import Iterator

from sift_codegen._compare._change import Change, ChangeClass, Side
from sift_codegen._compare._symbol_table import Scope, Symbol, symbol_table
from sift_codegen._config import TelemetryConfig

__all__ = ["source_changes"]


def source_changes(before: TelemetryConfig, after: TelemetryConfig) -> Iterator[Change]:
    """Yield each name that is gone or another, and each field that has to be given now and had not.

    Of a class that is gone or new as a whole, its fields and members are not told one by one.
    """
    new = symbol_table(after)
    for key, scope in symbol_table(before).items():
        if key in new:
            yield from _renamed(scope, new[key])
            yield from _required(scope, new[key])


def _renamed(before: Scope, after: Scope) -> Iterator[Change]:
    names = {symbol.name for symbol in after.values()}
    for key, symbol in before.items():
        its = after.get(key)
        if its is not None and its.name != symbol.name:
            yield _change("Python name", symbol, _side(symbol), _side(its))
        elif its is None and symbol.name not in names:
            yield _change("Python name removed", symbol, _side(symbol), None)


def _required(before: Scope, after: Scope) -> Iterator[Change]:
    for key, symbol in after.items():
        its = before.get(key)
        if symbol.is_required and its is None:
            yield _change("newly required", symbol, None, _side(symbol))
        elif symbol.is_required and its and not its.is_required:
            yield _change("newly required", symbol, _side(its, " = None"), _side(symbol))
        elif its and its.is_required and not symbol.is_required:
            yield _change("may be left out", symbol, _side(its), _side(symbol, " = None"), ChangeClass.ADDED)


def _change(
    message: str,
    symbol: Symbol,
    before: Side | None,
    after: Side | None,
    kind: ChangeClass = ChangeClass.SOURCE,
) -> Change:
    return Change(kind, symbol.flow, symbol.channel, message, before, after)


def _side(symbol: Symbol, default: str = "") -> Side:
    return Side(symbol.written + default, symbol.position)
