"""The process a report is set in: data in on standard input, a PDF out on standard output, nothing else touched.

Run as a program of its own (assessments/reports/pdf.py), so that neither memory nor time nor a crash of the typesetter is
ever the worker's. It imports nothing of the project, opens no connection and reads only its templates and fonts.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Final

import typst

HERE = Path(__file__).parent
ACCESSIBLE: Final = "ua-1"

# Far above what 2,000 questions take (benchmarks/reports.py), far below what would hurt the machine.
MOST_MEMORY = 3 * 1024**3
MOST_SECONDS = 60


def main() -> None:
    """This will set one report. When it cannot be made as PDF/UA-1, it is made as a tagged PDF and that is said."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    order = json.loads(sys.stdin.buffer.read())
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(HERE / "fonts")])
    compiler = typst.Compiler(
        input=str(HERE / "typst" / "report.typ"),
        root=str(HERE / "typst"),
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"report": order["report"]},
        # Nothing is ever downloaded: there is no package to find here.
        package_path=str(HERE / "typst" / "packages"),
        package_cache_path=str(HERE / "typst" / "packages"),
    )
    sys.stdout.buffer.write(_made(compiler, order["timestamp"]))


def _made(compiler: typst.Compiler, timestamp: int) -> bytes:
    try:
        return _whole(compiler.compile(format="pdf", pdf_standards=[ACCESSIBLE], timestamp=timestamp))
    except typst.TypstError as error:
        print(f"not {ACCESSIBLE}: {error.message}", file=sys.stderr)
        return _tagged(compiler, timestamp)


def _whole(made: bytes | list[bytes] | None) -> bytes:
    # A list is what pages as pictures would be.
    assert isinstance(made, bytes)
    return made


def _tagged(compiler: typst.Compiler, timestamp: int) -> bytes:
    try:
        return _whole(compiler.compile(format="pdf", timestamp=timestamp))
    except typst.TypstError as error:
        sys.exit(f"not set: {error.diagnostic or error.message}")


if __name__ == "__main__":
    main()
