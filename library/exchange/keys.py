"""Keys for what a foreign file names in its own way: valid, each used once, as near to the file's as can be."""

from collections import Counter

from library.exchange.cells import slug

LONGEST_KEY = 120


class Keys:
    """The keys given out so far, of one kind of thing."""

    def __init__(self) -> None:
        self.used: set[str] = set()
        self.counts: Counter[str] = Counter()

    def give(self, *wanted: object) -> str:
        """This will return the first of the wanted names that makes a key, numbered when it is taken already."""
        key = next((key for name in wanted if (key := slug(str(name)[:400], LONGEST_KEY))), "item")
        # Counted by key, so that ten thousand of the same name are no work.
        given = key
        while given in self.used:
            self.counts[key] += 1
            given = f"{key}-{self.counts[key] + 1}"
        self.used.add(given)
        return given
