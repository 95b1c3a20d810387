"""A room of its own for what takes files from outside: a program that gets bytes, gives bytes and touches nothing else.

The program limits itself (memory, processor time) as its first act; here its clock is watched, and its surroundings are
kept bare: none of the worker's secrets, none of its open files.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path


class NothingCame(Exception):
    """The program ended badly, or was too slow: what it said is in the message."""


def enter(
    program: Path, order: bytes, *, most_seconds: float, environment: Mapping[str, str] | None = None
) -> tuple[bytes, str]:
    """This will run a Python program on its own with `order` on its standard input.

    Returns what it wrote and what it remarked. Raises NothingCame.
    """
    bare = {"PATH": os.defpath, "LANG": "C.UTF-8", "RAYON_NUM_THREADS": "2", **(environment or {})}
    command = [sys.executable, "-I", str(program)]
    try:
        done = subprocess.run(command, input=order, capture_output=True, timeout=most_seconds, env=bare)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise NothingCame(f"took longer than {most_seconds} seconds") from error
    said = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode != 0:
        raise NothingCame(said[:2000] or f"ended with {done.returncode}")
    return done.stdout, said
