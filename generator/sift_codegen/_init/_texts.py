"""The texts that a project begins with."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from typing import Final

__all__ = ["CONFIG", "OUTPUT", "PACKAGES_TABLE", "SCHEMA", "STARTER", "attributes_for", "hooks_for"]

CONFIG: Final = "vehicle.yaml"
OUTPUT: Final = "vehicle_telemetry"
SCHEMA: Final = "sift-telemetry.schema.json"

STARTER: Final = """\
# yaml-language-server: $schema=sift-telemetry.schema.json
#
# What this vehicle measures. `sift-codegen generate` makes the package vehicle_telemetry of it: a class for each flow,
# with a typed field for each channel. The line above has editors complete and check this file.

asset_name: rover

# By this key Sift knows these flows again. Choose it once, and do not change it.
ingestion_client_key: rover_telemetry

# Channels. Flows and rules use each by its anchor, the word behind the &.
channels:
  velocity: &velocity
    name: velocity
    data_type: double # or float, int32, int64, uint32, uint64, bool, string, bytes, enum, bit_field
    description: speed over ground
    unit: m/s

  battery_voltage: &battery_voltage
    name: battery.voltage # the field is battery_voltage: what Python cannot spell becomes an underscore
    data_type: float
    description: voltage at the battery
    unit: V

  # An enum becomes a Python enum. Its keys are what is sent: they may be added to, and should not change.
  state: &state
    name: state
    data_type: enum
    description: what the vehicle is doing
    enum_types:
      - {name: Stopped, key: 0}
      - {name: Driving, key: 1}
      - {name: Charging, key: 2}

  # A bit field becomes a class with a field for each element.
  switches: &switches
    name: switches
    data_type: bit_field
    description: what is switched on
    bit_field_elements:
      - {name: heater, index: 0, bit_count: 1}
      - {name: lights, index: 1, bit_count: 2}

  log: &log
    name: log
    data_type: string
    description: messages of the flight software

# Flows: what is measured together is sent together. The order of the channels is their order on the wire.
flows:
  - name: drive
    channels:
      - *velocity
      - *battery_voltage
      - *state
      - *switches

  - name: log
    channels:
      - *log

# Rules are checked against the channels, and created by `sift-codegen push-rules`.
rules:
  - name: undervoltage
    description: the battery is nearly empty while driving
    type: review
    expression: $1 == "Driving" && $2 < 22
    channel_references:
      - $1: *state
      - $2: *battery_voltage
"""

PACKAGES_TABLE: Final = f"""\
# What `sift-codegen generate` makes; a further package is a further entry.
[[tool.sift-codegen.packages]]
config = "{CONFIG}"
output = "{OUTPUT}"
# Channels that may be left out of a reading, and names for Python:
# optional.drive = ["state"]
# names.channels = {{ "battery.voltage" = "battery" }}
"""

_HOOKS: Final = """\
- repo: local
  hooks:
    - id: sift-codegen-lint
      name: lint telemetry configs
      entry: {lint}
      language: system
      pass_filenames: false
      files: '\\.(ya?ml|toml)$'
    - id: sift-codegen-check
      name: check that telemetry packages are current
      entry: {check}
      language: system
      pass_filenames: false
      files: '\\.(ya?ml|toml)$|{outputs}'
"""


def hooks_for(outputs: Iterable[str], folder: str = "") -> str:
    """Return the entry of pre-commit; `folder` is where the project is in its repository, empty at the root."""
    prefix = f"{re.escape(folder)}/" if folder else ""
    patterns = "|".join(f"^{prefix}{re.escape(output)}/" for output in outputs)
    lint, check = (_in_folder(f"sift-codegen {command}", folder) for command in ("lint", "check"))
    return _HOOKS.format(lint=lint, check=check, outputs=patterns.replace("'", "''"))


def _in_folder(command: str, folder: str) -> str:
    return f"sh -c {shlex.quote(f'cd {shlex.quote(folder)} && {command}')}" if folder else command


def attributes_for(output: str) -> str:
    """Return the line of .gitattributes: folded in reviews, and the same bytes on every system."""
    pattern = f"{output}/**" if " " not in output else f'"{output}/**"'
    return f"{pattern} linguist-generated -text"
