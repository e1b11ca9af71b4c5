"""Rules: inline, from modules, with named expressions; every key is carried."""

from __future__ import annotations

from pathlib import Path

import pytest

from sift_codegen import ConfigError, SideInputs
from sift_codegen._config import RuleConfig
from sift_codegen._read_config import read_telemetry_config
from tests.config.reading import read

CONFIGS = Path(__file__).parents[1] / "configs"
EXPRESSIONS = CONFIGS / "named_expressions.yml"

EVERY_KEY = """\
asset_name: rover
channels:
  v: &v {name: velocity, data_type: double, component: motor}
rules:
- name: every key
  type: review
  expression: $1 > $limit && $2 == $label
  description: d
  assignee: a@example.com
  rule_client_key: k
  tags: [t, u]
  asset_names: [rover, lander]
  tag_names: [n]
  contextual_channels: [log]
  channel_references:
  - {$1: *v, $2: state}
  sub_expressions:
  - {$limit: 4.5, $label: "Stopped"}
  is_external: true
  is_live_evaluation_enabled: True
- {name: none of them, type: phase, expression: "true", assignee: , tags: ~, is_external: }
"""


def rules_by_name(rules: tuple[RuleConfig, ...]) -> dict[str, RuleConfig]:
    return {rule.name: rule for rule in rules}


def test_every_key_is_carried(tmp_path: Path) -> None:
    full, empty = read(tmp_path, EVERY_KEY).rules
    assert full == RuleConfig(
        name="every key",
        type="review",
        expression="$1 > $limit && $2 == $label",
        description="d",
        channel_references=(("$1", "motor.velocity"), ("$2", "state")),
        sub_expressions=(("$limit", 4.5), ("$label", "Stopped")),
        contextual_channels=("log",),
        assignee="a@example.com",
        tags=("t", "u"),
        asset_names=("rover", "lander"),
        tag_names=("n",),
        rule_client_key="k",
        is_external=True,
        is_live_evaluation_enabled=True,
        position=full.position,
    )
    assert empty == RuleConfig(name="none of them", type="phase", expression="true", position=empty.position)


def test_a_real_config_with_named_expressions() -> None:
    config = read_telemetry_config(CONFIGS / "nostromo.yml", SideInputs(named_expressions=(EXPRESSIONS,)))
    assert (config.asset_name, config.client_key) == ("NostromoLV426", "nostromo_lv_426")
    assert [(flow.name, [channel.name for channel in flow.channels]) for flow in config.flows] == [
        ("readings", ["mainmotor.velocity", "voltage", "vehicle_state", "gpio"]),
        ("voltage", ["voltage"]),
        ("gpio_channel", ["gpio"]),
        ("logs", ["log"]),
    ]
    rules = rules_by_name(config.rules)
    assert rules["overheating"].channel_references == (("$1", "vehicle_state"), ("$2", "voltage"))
    assert rules["overheating"].expression_name is None
    assert rules["kinetic_energy"].expression == "0.5 * $mass * $1 * $1 > $threshold"
    assert rules["kinetic_energy"].expression_name == "kinetic_energy_gt"
    assert rules["kinetic_energy"].sub_expressions == (("$mass", 10), ("$threshold", 470))
    assert rules["failure"].sub_expressions == (("$sub_string", "failure"),)
    assert [source.name for source in config.sources] == ["nostromo.yml", "named_expressions.yml"]
    assert [str(warning.position) for warning in config.warnings] == [f"{CONFIGS / 'nostromo.yml'}:15:16"]


def test_a_real_directory_of_rule_modules(tmp_path: Path) -> None:
    config = read(tmp_path, "asset_name: NostromoLV426\n", SideInputs(rule_modules=(CONFIGS / "rule_modules",)))
    rules = rules_by_name(config.rules)
    assert list(rules) == [
        "overheating",
        "kinetic_energy",
        "failure",
        "vehicle_stuck",
        "vehicle_not_stopped",
        "overvoltage",
        "undervoltage",
    ]
    assert rules["kinetic_energy"].sub_expressions == (("$mass", 10), ("$threshold", 470))
    assert rules["vehicle_stuck"].channel_references == (("$1", "vehicle_state"), ("$2", "mainmotor.velocity"))
    assert rules["overvoltage"].contextual_channels == ("log",)
    assert rules["overvoltage"].asset_names == ("NostromoLV426",)
    assert [source.name for source in config.sources] == ["vehicle.yaml", "nostromo.yml", "velocity.yml", "voltage.yml"]


def test_only_yaml_files_of_a_directory_are_modules(tmp_path: Path) -> None:
    modules = tmp_path / "modules"
    (modules / "below").mkdir(parents=True)
    (modules / "below/one.yaml").write_text('rules: [{name: one, type: phase, expression: "1 > 0"}]\n')
    (modules / "README.md").write_text("# not: [a module\n")
    (modules / "rules.yml.orig").write_text("[")
    config = read(tmp_path, "asset_name: rover\n", SideInputs(rule_modules=(modules,)))
    assert [rule.name for rule in config.rules] == ["one"]


def test_a_module_names_its_expression_and_shares_channels_of_its_own(tmp_path: Path) -> None:
    module = tmp_path / "module.yml"
    module.write_text(
        "x-channels: [&v {name: voltage, data_type: double}]\n"
        "rules: [{name: r, type: phase, expression: {name: rod_torque_gt}, channel_references: [$1: *v]}]\n"
    )
    (rule,) = read(tmp_path, "asset_name: rover\n", SideInputs((EXPRESSIONS,), (module,))).rules
    assert rule.expression == "(1 / 12) * $mass * $rod_length * $rod_length * $1"
    assert rule.channel_references == (("$1", "voltage"),)


def test_a_directory_without_rule_modules_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/README.md").write_text("none yet")
    with pytest.raises(ConfigError, match="rules:1:1: holds no rule module"):
        read(tmp_path, "asset_name: rover\n", SideInputs(rule_modules=(tmp_path / "rules",)))
