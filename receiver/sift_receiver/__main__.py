"""`python -m sift_receiver` is `sift-receiver`."""

from __future__ import annotations

from sift_receiver.cli import main

__all__: list[str] = []

if __name__ == "__main__":
    main(prog_name="sift-receiver")
