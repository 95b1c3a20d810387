"""What is asked on the page "Why can or can't this person see this?", as its address says it, and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from accounts.membership import explanations
from accounts.membership.explanations import QUESTIONS, Thing, Verdict
from accounts.models import User
from accounts.viewer import Viewer


@dataclass
class Question:
    """One person, one kind of thing, one of its things, one question; what an address cannot mean is left out."""

    viewer: Viewer
    person: User | None
    kind: Thing
    about: str
    asked: str

    @classmethod
    def of_query(cls, viewer: Viewer, query: Mapping[str, str]) -> "Question":
        """This will read `person`, `thing`, `about` and `question`."""
        kind = explanations.thing_named(query.get("thing", "")) or explanations.things()[0]
        asked, about = query.get("question", ""), query.get("about", "")
        known = dict(kind.choices(viewer))
        if about not in known:
            about = next(iter(known)) if len(known) == 1 else ""
        return cls(
            viewer=viewer,
            person=explanations.person_to_ask_about(viewer, query.get("person", "")),
            kind=kind,
            about=about,
            asked=asked if asked in kind.questions else next(iter(kind.questions)),
        )

    @property
    def people(self) -> list[tuple[str, list[tuple[str, str]]]]:
        return explanations.people_to_ask_about(self.viewer)

    @property
    def kinds(self) -> list[Thing]:
        return explanations.things()

    @cached_property
    def choices(self) -> list[tuple[str, str]]:
        return list(self.kind.choices(self.viewer))

    @property
    def questions(self) -> list[tuple[str, str]]:
        """This will list what can be asked about the kind of thing."""
        return [(name, str(QUESTIONS[name])) for name in self.kind.questions]

    @property
    def about_label(self) -> str:
        return dict(self.choices).get(self.about, "")

    @property
    def answer(self) -> str:
        """This will say yes or no in a sentence; "" while something is not chosen yet."""
        if self.verdict is None or self.person is None:
            return ""
        return self.verdict.answer(person=self.person, question=self.asked, about=self.about_label)

    @cached_property
    def verdict(self) -> Verdict | None:
        """This will be the answer, or None while something is not chosen yet."""
        if self.person is None or not self.about or self.viewer.account is None:
            return None
        account = self.viewer.account
        account.organization = self.viewer.organization
        return explanations.explain(
            person=self.person, account=account, kind=self.kind, about=self.about, question=self.asked
        )
