"""Any valid config: generated, imported, encoded and decoded again, by protobuf and by `explain`, it is what it was."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from hypothesis import Phase, event, given, reject, settings
from hypothesis import strategies as st

from sift_codegen import ConfigError, GenerateRequest, SideInputs, generate
from sift_codegen._explain import ConfigSource, read_configs
from sift_runtime.messages.ingest_pb2 import IngestWithConfigDataStreamRequest as Request
from tests.explain.test_bytes import expected, explained, same
from tests.generator.any_config import AnyConfig, any_configs
from tests.generator.packages import import_package
from tests.generator.protobuf_reference import draw_flow, protobuf_bytes
from tests.typing.checkers import mypy_findings

_CHECKED_PACKAGES: Final = 8


def written(directory: Path, config: AnyConfig) -> Path:
    path = directory / "vehicle.yaml"
    path.write_text(config.text, "utf-8")
    return path


def refuse_collisions(error: ConfigError) -> None:
    """Accept that names are one in Python, which users have to resolve; nothing else may be said of a valid config."""
    assert {each.code for each in error.diagnostics} == {"SC311"}, str(error)


def flow_classes(package: ModuleType) -> dict[str, Any]:
    exports = [getattr(package, name) for name in package.__all__ if name.endswith("Flow") and name != "AnyFlow"]
    return {flow.schema().name: flow for flow in exports}


@settings(max_examples=25)
@given(config=any_configs(), data=st.data())
def test_what_is_encoded_is_what_is_decoded(config: AnyConfig, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = written(Path(directory), config)
        try:
            package = import_package(Path(directory), path)
        except ConfigError as error:
            refuse_collisions(error)
            reject()
        configs, errors = read_configs((ConfigSource(path, SideInputs()),))
    assert errors == ()
    classes = flow_classes(package)
    assert list(package.TELEMETRY.flows) == [classes[flow.name] for flow in config.flows]
    for flow in config.flows:
        schema = classes[flow.name].schema()
        kinds = [each.data_type.name.lower().replace("_32", "32").replace("_64", "64") for each in schema.channels]
        assert list(zip((each.name for each in schema.channels), kinds, strict=True)) == list(flow.channels)
        value = draw_flow(data, package, classes[flow.name], optional=flow.optional, types=config.types)
        encoded = value.encode()
        assert encoded == protobuf_bytes(value)
        decoded = Request.FromString(encoded).channel_values
        taken = [getattr(value, each.field) is not None for each in schema.channels]
        sent = [kind if is_taken else "empty" for kind, is_taken in zip(kinds, taken, strict=True)]
        assert [each.WhichOneof("type") for each in decoded] == sent
        (message,) = explained(encoded, configs, flow.name).messages
        assert message.problems == ()
        assert [each.channel for each in message.values] == [name for name, _ in flow.channels]
        assert same([each.value for each in message.values], expected(value))
        event(f"channels: {len(flow.channels)}")


def test_packages_of_any_configs_pass_mypy_strict(tmp_path: Path) -> None:
    """One run over several packages: a run of mypy costs more than what it checks here."""
    made: list[str] = []

    @settings(max_examples=3 * _CHECKED_PACKAGES, database=None, phases=[Phase.generate])
    @given(any_configs())
    def generate_some(config: AnyConfig) -> None:
        if len(made) == _CHECKED_PACKAGES:
            return
        name = f"package_{len(made)}"
        try:
            generate(GenerateRequest(config=written(tmp_path, config), output=tmp_path / name, rule_mistakes="warning"))
        except ConfigError as error:
            refuse_collisions(error)
            reject()
        made.append(name)

    generate_some()
    assert len(made) == _CHECKED_PACKAGES
    (tmp_path / "uses.py").write_text("".join(f"import {name}\n" for name in made))
    assert mypy_findings(tmp_path) == []
