"""Both halves of each pair of docs/migration.md leave the same behind, or differ as the page says."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from tests.typing.checkers import mypy_findings

from .allowed import ALLOWED, Difference
from .facts import Facts
from .flights import Workshop, code_of
from .page import IMPORTS, Block, Section, sections

SECTIONS: Final = {section.heading: section for section in sections() if section.heading != IMPORTS}
PAIRS: Final = [
    heading for heading, section in SECTIONS.items() if section.half("sift_py") and section.half("sift_runtime")
]


class Mistake(NamedTuple):
    """A change to our half of a pair, and the fact that then differs."""

    heading: str
    was: str
    becomes: str
    noticed: str


BATCHED: Final = {"Buffer size, interval, flush"}
"""Where both send as many readings at once; elsewhere sift_py opens a stream for each call, we for each batch."""
MISTAKES: Final = (
    Mistake("An unchecked reading", "led=10", "led=9", "rover-v1, readings, reading 0"),
    Mistake("One flow", "1/min", "1/s", "rover-v1, engine"),
    Mistake("A run by its id", "5a0b8e0e", "5a0b8e0f", "rover-v1, logs, reading 0"),
    Mistake("A run by name", '"hop"', '"hops"', "run Hop 7: tags"),
    Mistake("The time is now", "sdk.track(", "pass  # (", "call IngestService/IngestWithConfigDataStream"),
    Mistake("Metadata and keepalive", ", network=network", "", "headers"),
    Mistake("Errors that end the stream", ", end_stream_on_validation_error=True", "", "mistakes end the stream"),
    Mistake("Buffer size, interval, flush", "limits=limits, ", "", "readings of each stream"),
    Mistake("Rule modules", " --rule-modules rules", "", "calls RuleService/CreateRule"),
)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    made = Workshop(tmp_path_factory.mktemp("workshop"))
    made.furnish()
    return made


def halves(section: Section) -> tuple[Block, Block]:
    theirs, ours = section.half("sift_py"), section.half("sift_runtime")
    assert theirs
    assert ours
    return theirs, ours


def fly_both(workshop: Workshop, folder: Path, theirs: Block, ours: Block) -> tuple[Facts, Facts]:
    return workshop.fly(theirs, folder / "sift_py.duckdb"), workshop.fly(ours, folder / "ours.duckdb")


def differences(theirs: Facts, ours: Facts) -> dict[str, tuple[object, object]]:
    pairs = {fact: (theirs.get(fact), ours.get(fact)) for fact in {**theirs, **ours}}
    return {fact: (mine, yours) for fact, (mine, yours) in pairs.items() if mine != yours}


def as_dict(allowed: tuple[Difference, ...]) -> dict[str, tuple[object, object]]:
    return {difference.fact: (difference.theirs, difference.ours) for difference in allowed}


@pytest.mark.parametrize("heading", PAIRS)
def test_both_halves_leave_the_same_behind(workshop: Workshop, tmp_path: Path, heading: str) -> None:
    theirs, ours = fly_both(workshop, tmp_path, *halves(SECTIONS[heading]))
    assert theirs["calls IngestionConfigService/CreateIngestionConfig"]
    found = differences(theirs, ours)
    if heading not in BATCHED:
        found.pop("readings of each stream", None)
    assert found == as_dict(ALLOWED.get(heading, ()))


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.heading)
def test_half_that_does_something_else_is_noticed(workshop: Workshop, tmp_path: Path, mistake: Mistake) -> None:
    theirs, ours = halves(SECTIONS[mistake.heading])
    assert mistake.was in ours.text
    changed = replace(ours, text=ours.text.replace(mistake.was, mistake.becomes))
    assert mistake.noticed in differences(*fly_both(workshop, tmp_path, theirs, changed))


def test_type_checkers_have_nothing_to_say_of_our_halves(workshop: Workshop, tmp_path: Path) -> None:
    project = Path(shutil.copytree(workshop.folder, tmp_path / "project"))
    for number, heading in enumerate(PAIRS):
        _, ours = halves(SECTIONS[heading])
        if ours.language == "python":
            (project / f"example_{number}.py").write_text(code_of(ours), "utf-8")
    assert mypy_findings(project) == []


def test_page_says_what_differs() -> None:
    for heading, allowed in ALLOWED.items():
        for difference in allowed:
            assert difference.said in SECTIONS[heading].prose, heading


def test_every_block_of_code_is_run() -> None:
    """A half is found by its first line; a block that is called something else would be shown and never run."""
    for section in sections():
        labels = [block.label for block in section.blocks if block.language == "python"]
        assert labels in (["sift_py", "sift_runtime"], ["sift_py"], []), section.heading
    assert len(PAIRS) > 25
