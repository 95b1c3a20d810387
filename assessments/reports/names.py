"""How a report's file is called: by account, assessment and day, safe in every file system."""

import unicodedata

_LONGEST = 60


def file_name(account: str, assessment: str, day: str) -> str:
    """This will write "Northwind-Dental_Cyber-resilience_2026-11-21", without an ending."""
    parts = (part(account, "Account"), part(assessment, "Report"), day)
    return "_".join(part for part in parts if part)


def part(text: str, otherwise: str) -> str:
    """This will keep letters and digits of any script, hyphens for all else: no slash, dot, control or direction mark gets through."""
    kept = "".join(letter if letter.isalnum() else " " for letter in unicodedata.normalize("NFC", text))
    return "-".join(kept.split())[:_LONGEST].strip("-") or otherwise
