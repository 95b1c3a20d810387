"""Makes the two environments: `.tools`, which holds uv, and `.venv`, which holds what the product runs on.

    python3 requirements/install.py embedded|test

Any Python from 3.9 can run it. A second run does nothing and needs no network; what is found half-made is made anew.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "requirements"
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
UV = TOOLS / "bin" / "uv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed"
VERSION = (ROOT / ".python-version").read_text().strip()


def main(wanted: str) -> None:
    """This will bring both environments to what the lock files say."""
    if wanted not in ("embedded", "test"):
        raise SystemExit("usage: install.py embedded|test")
    with (ROOT / ".install.lock").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not answers(PYTHON, "-c", f"import sys; sys.exit('%d.%d' % sys.version_info[:2] != '{VERSION}')"):
            make_environment()
        if installed().get(wanted) != fingerprint(wanted):
            install(wanted)


def installed() -> "dict[str, str]":
    """This will return the name and fingerprint of each lock file the environment was last brought to."""
    lines = STAMP.read_text().splitlines() if STAMP.is_file() else []
    return {name: value for name, _, value in (line.partition(" ") for line in lines)}


def fingerprint(name: str) -> str:
    """This will return the SHA-256 of a lock file."""
    return hashlib.sha256((REQUIREMENTS / f"{name}.txt").read_bytes()).hexdigest()


def install(wanted: str) -> None:
    """This will install exactly the packages of a lock file, each checked against its hash.

    "test" contains "embedded", and an environment that once had the tools of tests keeps them.
    """
    names = ["embedded", "test"] if "test" in (wanted, *installed()) else ["embedded"]
    make_tools()
    say(f"Installing the packages of requirements/{names[-1]}.txt …")
    STAMP.unlink(missing_ok=True)
    lock = REQUIREMENTS / f"{names[-1]}.txt"
    run(UV, "pip", "sync", "--quiet", "--compile-bytecode", "--python", PYTHON, "--require-hashes", lock)
    STAMP.write_text("".join(f"{name} {fingerprint(name)}\n" for name in names))


def make_environment() -> None:
    """This will make an empty `.venv` of the Python named in .python-version, fetching that Python if need be."""
    make_tools()
    say(f"Making .venv with Python {VERSION} …")
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        run(UV, "venv", "--quiet", "--python", VERSION, VENV)
    except subprocess.CalledProcessError:
        raise SystemExit(
            f"Python {VERSION} is neither on this machine nor could it be fetched: install it, then retry."
        ) from None


def make_tools() -> None:
    """This will make `.tools` with the locked uv, unless a working one is there."""
    if answers(UV, "--version"):
        return
    say("Making .tools with uv …")
    shutil.rmtree(TOOLS, ignore_errors=True)
    try:
        run(sys.executable, "-m", "venv", TOOLS)
    except subprocess.CalledProcessError:
        shutil.rmtree(TOOLS, ignore_errors=True)
        raise SystemExit(
            "This Python cannot make environments. On Debian and Ubuntu: apt-get install python3-venv"
        ) from None
    lock = str(REQUIREMENTS / "tools.txt")
    run(
        TOOLS / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "-r",
        lock,
    )


def answers(program: "Path", *arguments: str) -> bool:
    """This will say whether a program can be started and ends well."""
    try:
        return subprocess.run([str(program), *arguments], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def run(*command: object) -> None:
    """This will run a command in the project, whatever environment is active around it."""
    environment = {
        key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH")
    }
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT, env=environment)


def say(words: str) -> None:
    """This will tell the person waiting what takes time."""
    print(words, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "")
    except subprocess.CalledProcessError as error:
        raise SystemExit(
            f"Could not finish: {' '.join(error.cmd[:4])} … ended with {error.returncode}. Run make again to retry."
        ) from None
