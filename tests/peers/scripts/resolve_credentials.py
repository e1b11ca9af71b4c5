"""What sift_client makes of arguments and environments: resolve_credentials.py FILE CASES; prints a list."""

from __future__ import annotations

import json
import sys

from sift_client._internal.credentials import resolve_credentials
from sift_client.errors import SiftCredentialsError


def resolved(path, arguments, environment):
    names = {"uri": "grpc_url"}
    given = {names.get(name, name): value for name, value in arguments.items()}
    try:
        found = resolve_credentials(
            **given, rest_url="http://given.example", env={"SIFT_CONFIG_FILE": path, **environment}
        )
    except SiftCredentialsError:
        return None
    scheme, _, host = found.grpc_url.rpartition("://")
    return [f"{scheme or ('https' if found.use_ssl else 'http')}://{host}", found.api_key]


def main(path, cases):
    json.dump([resolved(path, *case) for case in json.loads(cases)], sys.stdout)


main(*sys.argv[1:])
