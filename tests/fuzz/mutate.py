"""Inputs: files that mean something, changed in ways that matter to the readers of them; a number gives each again."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.config.test_any_bytes import YAML_WORDS

__all__ = ["Seed", "input_of", "seeds"]

_TESTS: Final = Path(__file__).parents[1]
_LARGEST_SEED: Final = 6000  # bytes: small files are read fast, and their parts are all there
_LONGEST_INPUT: Final = 40_000
_WORDS: Final = (
    *(word.encode("utf-8", "surrogatepass") for word in YAML_WORDS),
    *(b"0x10", b"010", b"yes", b"1:30", b"nan", b"!!binary ", b"!!python/object:os.system ", b"? ", b"<<: [*a, *a]"),
    *(b"4294967296", b"-1", b"9" * 400, b"1e999999999", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"),
    *(b'"', b'""', b"\\", b",", b";", b"(", b"[m]", b"$1", b"$", b" && ", b" ? 1 : 2", b"((", b"matches('(a+)+')"),
    *(b"true", b"null", b"{}", b"[]", b"- - - -", b"&a [*a]", b"sift-codegen: ignore[SC010] x", b"\r\n", b" " * 70),
    *(b" SG_ ", b"BO_ 1 ", b"VAL_ ", b"@1+ (1,0) ", b"0|64@0-", b"|", b": ", b"CM_ ", b"m0 ", b"BA_ "),
)


@dataclass(frozen=True, slots=True)
class Seed:
    """A file to begin with, or an input made of it."""

    suffix: str
    content: bytes
    is_good: bool = True
    """Whether the commands have nothing against it: more comes of such a file than of one refused at once."""


def seeds() -> list[Seed]:
    """Return the files to begin with, in an order that does not change."""
    yaml = [*_TESTS.glob("invalid/*.yaml"), *_TESTS.glob("golden/*/config.yaml"), *_TESTS.glob("configs/*.yml")]
    paths = [*yaml, *_TESTS.glob("importing/files/*"), *_TESTS.glob("fuzz/corpus/*")]
    found = [(path, path.read_bytes()[:_LARGEST_SEED]) for path in sorted(paths)]
    return [
        Seed(path.suffix.replace(".yml", ".yaml"), content, path.parent.name != "invalid") for path, content in found
    ]


def input_of(number: int, run: int, beginnings: list[Seed]) -> tuple[Seed, random.Random]:
    """Return an input of a run, and the chance that goes on from it; the same for the same numbers."""
    chance = random.Random(f"{run}/{number}")
    is_wanted_good = chance.random() < 0.8
    seed = chance.choice([each for each in beginnings if each.is_good or not is_wanted_good])
    if chance.random() < 0.05:
        return Seed(seed.suffix, chance.randbytes(chance.randrange(200))), chance
    if chance.random() < 0.1:
        words = b"".join(chance.choice(_WORDS) for _ in range(chance.randrange(60)))
        return Seed(seed.suffix, words), chance
    content = bytearray(seed.content)
    others = [each.content for each in beginnings if each.suffix == seed.suffix]
    for _ in range(chance.choice((1, 1, 1, 2, 3, 5, 8, 20))):
        chance.choice(_CHANGES)(content, chance, others)
    return Seed(seed.suffix, bytes(content[:_LONGEST_INPUT])), chance


_Change = Callable[[bytearray, random.Random, list[bytes]], None]


def _place(content: bytearray, chance: random.Random) -> int:
    return chance.randrange(len(content) + 1)


def _put_word(content: bytearray, chance: random.Random, _: list[bytes]) -> None:
    start = _place(content, chance)
    content[start : start + chance.randrange(6)] = chance.choice(_WORDS)


def _flip(content: bytearray, chance: random.Random, _: list[bytes]) -> None:
    if content:
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def _cut(content: bytearray, chance: random.Random, _: list[bytes]) -> None:
    start = _place(content, chance)
    del content[start : start + chance.choice((1, 2, 10, 100, 10_000))]


def _change_token(content: bytearray, chance: random.Random, _: list[bytes]) -> None:
    """Put a word in the place of all that stands between two blanks."""
    start = content.find(b" ", _place(content, chance)) + 1
    end = min(each for each in (content.find(b" ", start), content.find(b"\n", start), len(content)) if each >= 0)
    content[start:end] = chance.choice(_WORDS)


def _change_value(content: bytearray, chance: random.Random, _: list[bytes]) -> None:
    """Put another value behind a key, so that the file most often stays what it was: YAML."""
    start = content.find(b": ", _place(content, chance)) + 2
    if start < 2:
        return
    ends = [content.find(mark, start) for mark in (b"\n", b",", b"}")]
    end = min(each for each in ends if each >= 0) if b"\n" in content[start:] else len(content)
    text = "".join(chr(chance.choice((chance.randrange(32, 127), chance.randrange(0xD800)))) for _ in range(3))
    content[start:end] = chance.choice((json.dumps(text), str(chance.randrange(-9, 70)), "double", "enum")).encode()


def _move_lines(content: bytearray, chance: random.Random, others: list[bytes]) -> None:
    """Put some lines of this file, or of another one, somewhere into it."""
    lines = chance.choice((bytes(content), chance.choice(others))).split(b"\n")
    start = chance.randrange(len(lines))
    own = bytes(content).split(b"\n")
    own[(at := chance.randrange(len(own))) : at + chance.randrange(3)] = lines[start : start + chance.randrange(1, 12)]
    content[:] = b"\n".join(own)


def _indent(content: bytearray, chance: random.Random, _: list[bytes]) -> None:
    lines = bytes(content).split(b"\n")
    at = chance.randrange(len(lines))
    lines[at] = chance.choice((b"  " + lines[at], lines[at].lstrip(), b"\t" + lines[at], b"- " + lines[at].lstrip()))
    content[:] = b"\n".join(lines)


def _repeat(content: bytearray, chance: random.Random, _: list[bytes]) -> None:
    start = _place(content, chance)
    part = content[start : start + chance.choice((1, 3, 20))]
    content[start:start] = part * chance.choice((2, 10, 300))


_CHANGES: Final[tuple[_Change, ...]] = (
    _put_word, _change_value, _change_value, _change_value, _change_token, _flip, _cut,
    _move_lines, _move_lines, _indent, _repeat,
)  # fmt: skip
