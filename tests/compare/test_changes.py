"""Each change of a config gets its class, its place and both sides."""

from __future__ import annotations

from pathlib import Path

import pytest

from sift_codegen._compare import Change, compare_configs, compare_flows
from sift_codegen._config import TelemetryConfig
from sift_codegen._read_config import read_telemetry_config
from tests.compare.drifts import BASE, CASES, Case, mutated
from tests.generator.packages import Config, write_config


def read(directory: Path, name: str, config: Config) -> TelemetryConfig:
    (directory / name).mkdir()
    return read_telemetry_config(write_config(directory / name, config))


def told(changes: tuple[Change, ...]) -> set[tuple[str, str, str | None, str, str | None, str | None]]:
    return {
        (
            change.kind.name,
            change.flow,
            change.channel,
            change.message,
            change.before.text if change.before else None,
            change.after.text if change.after else None,
        )
        for change in changes
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_change_is_told_with_its_class_and_both_sides(tmp_path: Path, case: Case) -> None:
    before, after = read(tmp_path, "before", BASE), read(tmp_path, "after", mutated(case))
    changes = compare_configs(before, after)
    assert told(changes) == set(case.told)
    assert len(changes) == len(case.told)
    for change in changes:
        for side, name in ((change.before, "before"), (change.after, "after")):
            if side is not None:
                assert side.position is not None
                assert f"/{name}/vehicle.yaml:" in str(side.position)
    flows_only = {each for each in case.told if each[0] != "SOURCE" and each[3] != "may be left out"}
    assert told(compare_flows(before.flows, after.flows)) == flows_only
