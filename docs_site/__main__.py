"""`python -m docs_site DIRECTORY`: writes the site; exit code 1 where a link or an anchor leads nowhere."""

from __future__ import annotations

import sys
from pathlib import Path

from docs_site import broken_links, read_site, write_site


def main() -> int:
    """Read, check, write, and tell."""
    site = read_site(Path.cwd())
    broken = broken_links(site)
    for line in broken:
        sys.stderr.write(f"{line}\n")
    if broken:
        sys.stderr.write(f"{len(broken)} links lead nowhere; nothing was written\n")
        return 1
    directory = Path(sys.argv[1])
    write_site(site, directory)
    sys.stdout.write(f"{directory / 'index.html'}: {len(site.pages)} pages\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
