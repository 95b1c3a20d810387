"""One stylesheet and one script for the browser, assembled from the many small files people edit.

Many small files compress badly: linked one by one they would cost half as much again on a first visit.
"""

import re
from pathlib import Path

STATIC = Path(__file__).resolve().parents[2] / "static"

# In the order of the cascade; the files in css/pages/, which each belong to a few pages, stand before the utilities.
STYLES = (
    "tokens",
    "base",
    "components/buttons",
    "components/labels",
    "components/cards",
    "components/forms",
    "components/answers",
    "components/tables",
    "components/lists",
    "components/charts",
    "components/navigation",
    "components/overlays",
    "components/feedback",
    "shells/app",
    "shells/runner",
    "shells/plain",
)
LAST_STYLES = ("utilities", "print")
# Files of css/pages/ that come with every page. All others are linked by the pages that need them: "admin" by the shell of
# the admin area, those of AUTHORING joined for authors of definitions.
FOR_ALL = ("assessments",)
AUTHORING = ("editor", "exchange", "explanation", "library", "rules", "trial")
SCRIPTS = (
    "portal-object",
    "theme",
    "toasts",
    "clipboard",
    "times",
    "bulk",
    "dialogs",
    "hotkeys",
    "partials",
    "forms",
)
RUNNER_SCRIPTS = ("answering",)

STYLESHEET = STATIC / "css" / "portal.css"
AUTHORING_STYLESHEET = STATIC / "css" / "authoring.css"
SCRIPT = STATIC / "js" / "portal.js"
RUNNER_SCRIPT = STATIC / "js" / "runner.js"
_NOTE = "Assembled by manage.py build_assets: edit the files beside it instead."


def stylesheet() -> str:
    """This will be the whole of portal.css: all files in order."""
    return _styles((*STYLES, *(f"pages/{page}" for page in FOR_ALL), *LAST_STYLES))


def authoring_stylesheet() -> str:
    """This will be the whole of authoring.css. Its rules stand in the layers that portal.css has put in order."""
    return _styles(tuple(f"pages/{page}" for page in AUTHORING))


def _styles(names: tuple[str, ...]) -> str:
    """This will join files, without comments and spare white space."""
    text = "".join((STATIC / "css" / f"{name}.css").read_text(encoding="utf-8") for name in names)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s*\n\s*", " ", text)
    text = re.sub(r"\s*([{};,])\s*", r"\1", text)
    text = re.sub(r":\s+", ":", text).replace(";}", "}")
    return f"/* {_NOTE} */\n{text.strip()}\n"


def script() -> str:
    """This will be the whole of portal.js: the files of SCRIPTS in order."""
    return _script(SCRIPTS)


def runner_script() -> str:
    """This will be the whole of runner.js, which only pages on which one answers load."""
    return _script(RUNNER_SCRIPTS)


def _script(names: tuple[str, ...]) -> str:
    """This will join files, without comment lines and indentation."""
    text = "\n".join((STATIC / "js" / f"{name}.js").read_text(encoding="utf-8") for name in names)
    lines = (line.strip() for line in text.splitlines())
    kept = [line for line in lines if line and not line.startswith("//")]
    return f"// {_NOTE}\n" + "\n".join(kept) + "\n"
