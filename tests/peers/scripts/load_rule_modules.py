"""Have sift_py create the rules of modules: load_rule_modules.py ADDRESS KEY FOLDER."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from sift_py.grpc.transport import use_sift_channel
from sift_py.rule.service import RuleService


def main(address, key, folder):
    with use_sift_channel({"uri": address, "apikey": key, "use_ssl": False}) as channel:
        rules = RuleService(channel).load_rules_from_yaml(sorted(Path(folder).rglob("*.yml")))
    json.dump({"rules": len(rules)}, sys.stdout)


main(*sys.argv[1:])
