"""Conditions that go in a circle: other programs live with them, a definition does not."""

from collections.abc import Iterator, Sequence
from typing import Any

from library.graph import in_order

# A section or question as data, and what stands for it while circles are looked for.
type Item = dict[str, Any]
type Node = tuple[str, str]


def break_circles(sections: Sequence[Item]) -> list[Item]:
    """This will take `show_if` from one section or question of every circle, and return those it was taken from."""
    found = list(_placed(sections, ()))
    items = {node: item for node, item, __ in found}
    around = {node: outer for node, __, outer in found}
    needs = {node: [*around[node], *_asked(items[node])] for node in items}
    opened: list[Item] = []
    while circle := in_order(needs)[1]:
        node = next(node for node in circle if "show_if" in items[node])
        del items[node]["show_if"]
        needs[node] = list(around[node])
        opened.append(items[node])
    return opened


def questions_in(condition: Any) -> Iterator[str]:
    """This will yield the keys of the questions a condition (as data) looks at."""
    if isinstance(condition, dict):
        if isinstance(condition.get("question"), str):
            yield condition["question"]
        for part in condition.values():
            yield from questions_in(part)
    elif isinstance(condition, list):
        for part in condition:
            yield from questions_in(part)


def _placed(sections: Sequence[Item], outer: tuple[Node, ...]) -> Iterator[tuple[Node, Item, tuple[Node, ...]]]:
    for section in sections:
        here: Node = ("section", section["key"])
        yield here, section, outer
        for question in section.get("questions", ()):
            yield ("question", question["key"]), question, (here,)
        yield from _placed(section.get("sections", ()), (here,))


def _asked(item: Item) -> Iterator[Node]:
    return (("question", key) for key in questions_in(item.get("show_if")))
