"""What both floors work out of their rows before they write a page."""

from typing import Any
from uuid import UUID

from benchmarks.floors import queries

KEY = "q040"


def client_frame(account: UUID) -> dict[str, Any]:
    """This will read the frame of a client's page, ready to be written."""
    frame = queries.client_frame(account)
    return {
        "organization": frame.organization,
        "brand": frame.brand_color.lstrip("#"),
        "account_id": frame.account_id,
        "account": frame.account,
        "executive": frame.executive,
        "executive_email": frame.executive_email,
        "initials": initials(frame.executive or "?"),
        "open": frame.open,
    }


def staff_frame(user: UUID) -> dict[str, Any]:
    """This will read the frame of a staff page, ready to be written."""
    frame = queries.staff_frame(user)
    return {
        "organization": frame.organization,
        "brand": frame.brand_color.lstrip("#"),
        "person": frame.person,
        "initials": initials(frame.person),
        "accounts": frame.accounts,
    }


def initials(name: str) -> str:
    """This will return the first letters of the first two words."""
    return "".join(word[0] for word in name.split()[:2])


def areas(result: Any) -> list[dict[str, Any]]:
    """This will return the scores of a result's sections."""
    return queries.plain(result.sheet)["sections"][:8]


def sections(run: Any, key: str = "") -> list[dict[str, Any]]:
    """This will say how far a run is in each section; `key` is the question one is at."""
    counts = queries.plain(run.progress)["sections"]
    found = []
    for section in queries.document(run.version_id)["sections"]:
        answered, asked = counts.get(section["key"], (0, 0))
        keys = [question["key"] for question in section["questions"]]
        found.append({
            "name": section["name"], "first": keys[0], "answered": answered, "asked": asked, "done": answered == asked,
            "current": key in keys,
        })  # fmt: skip
    return found


def place(run: Any, key: str) -> dict[str, Any]:
    """This will find a question in its definition: the question, its section, its number."""
    number = 0
    for section in queries.document(run.version_id)["sections"]:
        for asked in section["questions"]:
            number += 1
            if asked["key"] == key:
                found = {"asked": asked, "section_name": section["name"], "number": number}
                return found | {"run": run, "sections": sections(run, key)}
    raise LookupError(key)


def question(run: Any, key: str) -> dict[str, Any]:
    """This will gather what the page of a question shows."""
    found = place(run, key)
    answer = queries.answer(run.id, key)
    options = [option | {"letter": chr(65 + at)} for at, option in enumerate(found["asked"]["options"])]
    chosen = queries.plain(answer.value) if answer else ""
    return found | {"options": options, "chosen": chosen, "revision": answer.revision if answer else ""}


def parts(run: Any) -> list[dict[str, Any]]:
    """This will gather every answer of a run in words, by section."""
    given = queries.answers(run.id)
    found, number = [], 0
    for section in queries.document(run.version_id)["sections"]:
        told = []
        for asked in section["questions"]:
            answer = given.get(asked["key"])
            if answer is None:
                continue
            number += 1
            value = queries.plain(answer.value)
            words = {option["key"]: option["text"] for option in asked.get("options", ())}
            told.append({
                "number": number, "text": asked["text"], "words": words.get(value, value or "I'm not sure"),
                "person": answer.person, "updated_at": answer.updated_at,
            })  # fmt: skip
        found.append({"name": section["name"], "answers": told})
    return found


def account(pk: UUID) -> dict[str, Any]:
    """This will gather the head of an account's pages."""
    return {
        "frame": staff_frame(queries.executive_of(pk)),
        "account": queries.account(pk),
        "people": queries.people(pk),
        "sites": queries.sites(pk),
        "counts": queries.counts(pk),
    }
