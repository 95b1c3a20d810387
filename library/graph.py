"""Putting things that depend on one another in order, or naming the circle that makes it impossible."""

from collections.abc import Hashable, Iterable, Mapping


def in_order[Node: Hashable](needs: Mapping[Node, Iterable[Node]]) -> tuple[list[Node], list[Node]]:
    """This will order nodes so that each comes after all it needs, as (order, circle).

    Ties keep the order of the mapping. A need that is not a node itself is ignored. When there is a circle, `order`
    holds what could be ordered and `circle` one walk around it, its first node repeated at the end; else `circle` is
    empty. Linear, and without recursion, because a definition may chain thousands of questions.
    """
    waiting = {node: [need for need in dict.fromkeys(wanted) if need in needs] for node, wanted in needs.items()}
    open_needs = {node: len(wanted) for node, wanted in waiting.items()}
    needed_by: dict[Node, list[Node]] = {}
    for node, wanted in waiting.items():
        for need in wanted:
            needed_by.setdefault(need, []).append(node)
    order = [node for node, count in open_needs.items() if not count]
    for node in order:
        for dependent in needed_by.get(node, ()):
            open_needs[dependent] -= 1
            if not open_needs[dependent]:
                order.append(dependent)
    stuck = {node for node, count in open_needs.items() if count}
    return order, _circle(waiting, stuck) if stuck else []


def _circle[Node: Hashable](waiting: Mapping[Node, list[Node]], stuck: set[Node]) -> list[Node]:
    """Every stuck node needs another stuck node, so walking along the needs must come back to where it has been."""
    node = next(node for node in waiting if node in stuck)
    walk: dict[Node, int] = {}
    while node not in walk:
        walk[node] = len(walk)
        node = next(need for need in waiting[node] if need in stuck)
    return [*list(walk)[walk[node] :], node]
