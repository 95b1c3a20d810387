"""Names the locked packages whose locked release is older than two years: `make audit-age`.

Asks the package index through uv, so it is a command and not a test. Exit code 1 when one we chose ourselves is old;
what others brought along is named, too.
"""

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
UV = FOLDER.parent / ".tools" / "bin" / "uv"
LIMIT = timedelta(days=2 * 365)


def main() -> int:
    """This will check every package of the largest lock file and print the old ones."""
    since = (datetime.now(UTC) - LIMIT).date().isoformat()
    pins = re.findall(r"^([\w.-]+==[\w.]+)", (FOLDER / "test.txt").read_text(), re.MULTILINE)
    wishes = "\n".join(path.read_text() for path in FOLDER.glob("*.in"))
    chosen = set(re.findall(r"^\w[\w-]*", wishes, re.MULTILINE))
    old = [pin for pin in pins if existed_before(pin, since)]
    ours = [pin for pin in old if pin.split("==")[0] in chosen]
    print(f"{len(pins)} packages, {len(old)} of them released before {since}:")
    for pin in old:
        print(f"  {pin}" + ("" if pin in ours else "  (brought along by another package)"))
    return 1 if ours else 0


def existed_before(pin: str, day: str) -> bool:
    """This will say whether the index already offered that very release on the day."""
    command = [
        UV,
        "pip",
        "compile",
        "--quiet",
        "--no-deps",
        "--universal",
        "--exclude-newer",
        day,
        "-",
    ]
    return subprocess.run(command, input=pin, capture_output=True, text=True, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
