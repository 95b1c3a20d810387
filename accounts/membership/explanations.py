"""Why can or can't this person see this? The rules that decide are asked, one after the other, until one says no.

Nothing here knows who may do what: each step is the decision itself (the person's own Viewer, what it can, what its
querysets find), said in a sentence that names the rule and what it decided from; the stored rows stand beside it. Apps
above add the things they own with `thing`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import formats, timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import grants, second_factors
from accounts.models import Account, Membership, Override, User
from accounts.roles import (
    FOR_PORTAL_ROLE,
    IN_ACCOUNT,
    IN_ORGANIZATION,
    Can,
    PortalRole,
    Role,
    abilities_in_account,
)
from accounts.viewer import Viewer, viewer_of_account

SEE, LAUNCH, ANSWER, EDIT, RESULTS, MAY = "see", "launch", "answer", "edit", "results", "may"
QUESTIONS: dict[str, Any] = {
    SEE: gettext_lazy("see it"),
    LAUNCH: gettext_lazy("launch it"),
    ANSWER: gettext_lazy("answer it"),
    RESULTS: gettext_lazy("see its results"),
    EDIT: gettext_lazy("edit it"),
    MAY: gettext_lazy("do it"),
}
# question: (what is said to a yes, what to a no).
_ANSWERS: dict[str, tuple[Any, Any]] = {
    SEE: (gettext_lazy("%(name)s can see “%(about)s”."), gettext_lazy("%(name)s cannot see “%(about)s”.")),
    LAUNCH: (gettext_lazy("%(name)s can launch “%(about)s”."), gettext_lazy("%(name)s cannot launch “%(about)s”.")),
    ANSWER: (gettext_lazy("%(name)s can answer “%(about)s”."), gettext_lazy("%(name)s cannot answer “%(about)s”.")),
    RESULTS: (
        gettext_lazy("%(name)s can see the results of “%(about)s”."),
        gettext_lazy("%(name)s cannot see the results of “%(about)s”."),
    ),
    EDIT: (gettext_lazy("%(name)s can edit “%(about)s”."), gettext_lazy("%(name)s cannot edit “%(about)s”.")),
    MAY: (gettext_lazy("%(name)s can %(about)s."), gettext_lazy("%(name)s cannot %(about)s.")),
}


MOST_OTHERS = MOST_THINGS = 300


@dataclass(frozen=True, slots=True)
class Step:
    """One decision on the way: what it says, a sentence, and the stored rows it rests on, "" where it is the lack of one."""

    is_met: bool
    text: str
    row: str = ""


@dataclass(frozen=True)
class Verdict:
    """The answer and how it comes about. The steps end with the first that says no."""

    steps: list[Step]

    @property
    def is_yes(self) -> bool:
        """This will say whether every step said yes."""
        return bool(self.steps) and all(step.is_met for step in self.steps)

    @property
    def decided_by(self) -> Step:
        """This will return the step that decides: the one that says no, or the last."""
        return next((step for step in self.steps if not step.is_met), self.steps[-1])

    @property
    def rows(self) -> list[str]:
        """This will list the stored rows the steps rest on, as technicians look them up."""
        return list(dict.fromkeys(step.row for step in self.steps if step.row))

    def answer(self, *, person: User, question: str, about: str) -> str:
        """This will say yes or no in a sentence."""
        yes, no = _ANSWERS[question]
        return (yes if self.is_yes else no) % {"name": person, "about": about}


# Gets the person's own viewer of the account and the thing's id, and asks on until a step says no.
Ask = Callable[[Viewer, str], Iterator[Step]]
Choices = Callable[[Viewer], Iterable[tuple[str, str]]]


@dataclass(frozen=True)
class Thing:
    """A kind of thing one can ask about: `choices` are those the asker may see, `questions` how each is decided."""

    name: str
    label: Any
    choices: Choices
    questions: dict[str, Ask] = field(default_factory=dict)


_THINGS: dict[str, Thing] = {}


def thing(name: str, label: Any, *, choices: Choices, questions: dict[str, Ask]) -> None:
    """This will let people ask about a kind of thing; kinds are offered in the order they were declared."""
    _THINGS[name] = Thing(name, label, choices, questions)


def things() -> list[Thing]:
    """This will list the kinds of things one can ask about."""
    return list(_THINGS.values())


def thing_named(name: str) -> Thing | None:
    return _THINGS.get(name)


def explain(*, person: User, account: Account, kind: Thing, about: str, question: str) -> Verdict:
    """This will answer a question about a person and a thing of an account, from the rules that decide it."""
    steps: list[Step] = []
    for step in _asked(person, account, kind.questions[question], about):
        steps.append(step)
        if not step.is_met:
            break
    return Verdict(steps)


def _asked(person: User, account: Account, ask: Ask, about: str) -> Iterator[Step]:
    viewer = viewer_of_account(person, account.organization, account.pk)
    yield entry(person, account, viewer)
    assert viewer is not None
    if viewer.is_staff and second_factors.is_asked_of_staff():
        yield _second_factor(person)
    yield from ask(viewer, about)


def entry(person: User, account: Account, viewer: Viewer | None) -> Step:
    """This will say whether the account exists for the person at all, and for the lack or the sake of which row."""
    held = _membership(person, account)
    row = row_of(held) if held else ""
    if viewer is None:
        return Step(False, _why_a_stranger(person, account, held), row)
    if held is None:  # drift
        words = _("%(name)s can enter %(account)s, although no role says so. %(check)s")
        return Step(True, words % {"name": person, "account": account, "check": _to_be_checked()})
    return Step(True, _("%(name)s has the role %(role)s in %(place)s.") % _names(person, account, held), row)


def _second_factor(person: User) -> Step:
    if second_factors.is_lacking(person):
        words = _("%(name)s has not set up a second factor yet. Until then, every page of the admin area leads there.")
        return Step(False, words % {"name": person})
    return Step(True, _("%(name)s has set up a second factor, as staff have to.") % {"name": person})


def _why_a_stranger(person: User, account: Account, held: Membership | None) -> str:
    names = _names(person, account, held)
    if account.deleted_at is not None:
        names["day"] = day_of(account.deleted_at)
        return _("%(account)s was deleted on %(day)s, so nobody can open it.") % names
    if held is None:
        return _("%(name)s has no role in %(account)s, and a role elsewhere opens nothing here.") % names
    if held.suspended_at is not None:
        names["day"] = day_of(held.suspended_at)
        words = _("%(name)s was deactivated on %(day)s. The role %(role)s in %(place)s is kept, and gives nothing.")
        return words % names
    if not person.is_active:
        return _("%(name)s can no longer sign in. The role %(role)s in %(place)s is kept, and gives nothing.") % names
    if account.archived_at is not None and held.role == Role.CLIENT:
        names["day"] = day_of(account.archived_at)
        return _("%(account)s was archived on %(day)s, so its clients have no access.") % names
    on_accounts, everywhere = grants.expected_grants(person, account.organization)
    if not everywhere and not any(account_id == account.pk for account_id, _ability in on_accounts):
        return _("Everything the role %(role)s in %(place)s includes was denied to %(name)s.") % names
    return _("%(name)s has the role %(role)s in %(place)s, and nothing is let through. %(check)s") % names  # drift


def can(viewer: Viewer, ability: Can) -> Step:
    """This will ask for an ability, and name what gives it or keeps it away."""
    assert viewer.user is not None and viewer.account is not None
    says = viewer.can(ability)
    held = _membership(viewer.user, viewer.account)
    own = Override.objects.filter(membership=held, ability=ability).select_related("set_by").first() if held else None
    stored = _joined(grants.row_of(viewer.user, viewer.account, ability), ability.value)
    names = _names(viewer.user, viewer.account, held) | {"ability": str(ability.label)}
    if own is not None and (own.effect == Override.Effect.ALLOW) == says:
        names |= {"by": str(own.set_by), "day": day_of(own.created_at)}
        return Step(says, _because_of_override(own) % names, _joined(_override_row(own), stored))
    if not says:
        row = _joined(row_of(held) if held else "", stored)
        return Step(False, _why_not(held, viewer.account, ability) % names, row)
    giving = _membership_giving(viewer.user, viewer.account, ability)
    if giving is not None and giving.account_id not in (None, viewer.account.pk):
        # A row of another account: whoever asks here may know nothing of that account, so neither it nor its grant.
        return Step(True, _("%(name)s may %(ability)s, because of a role elsewhere in the organization.") % names)
    if giving is None:  # drift
        words = _("%(name)s may %(ability)s, although no role of theirs includes it. %(check)s")
        return Step(True, words % names, stored)
    roles = roles_giving(giving, ability)
    names["roles"] = get_text_list(roles, _("and"))
    words = ngettext(
        "%(name)s may %(ability)s, because the role %(roles)s includes it.",
        "%(name)s may %(ability)s, because the roles %(roles)s include it.",
        len(roles),
    )
    return Step(True, words % names, _joined(row_of(giving), stored))


def _because_of_override(own: Override) -> str:
    if own.effect == Override.Effect.ALLOW:
        by_somebody = _("%(name)s may %(ability)s, because %(by)s allowed it to them on %(day)s.")
        by_nobody_known = _("%(name)s may %(ability)s, because it was allowed to them on %(day)s.")
    else:
        by_somebody = _("%(name)s may not %(ability)s, because %(by)s denied it to them on %(day)s.")
        by_nobody_known = _("%(name)s may not %(ability)s, because it was denied to them on %(day)s.")
    return by_somebody if own.set_by else by_nobody_known


def _why_not(held: Membership | None, account: Account, ability: Can) -> str:
    if held is None:
        return _("%(name)s may not %(ability)s, because no role of theirs includes it.")
    if _gives(held, account, ability):  # drift
        return _("%(name)s may not %(ability)s, although the role %(role)s includes it. %(check)s")
    return _("%(name)s may not %(ability)s, because the role %(role)s does not include it.")


def roles_giving(held: Membership, ability: Can) -> list[str]:
    """This will name the roles of a membership that give an ability, or its role when none does."""
    giving = [role for role in held.portal_roles if ability in FOR_PORTAL_ROLE.get(role, ())]
    if ability in IN_ACCOUNT.get(held.role, ()) or not giving:
        return [str(Role(held.role).label)]
    return [str(PortalRole(role).label) for role in giving]


def role_of(held: Membership) -> str:
    """This will name a membership's role, with its portal roles behind it."""
    role = str(Role(held.role).label)
    portal_roles = ", ".join(str(PortalRole(one).label) for one in held.portal_roles)
    return f"{role} ({portal_roles})" if portal_roles else role


def place_of(held: Membership, account: Account) -> str:
    """This will name where a membership of an account's people counts: the account, or the organization."""
    return str(account if held.account_id else account.organization)


def day_of(moment: datetime) -> str:
    """This will write the day of a moment in full, by the reader's clock."""
    return formats.date_format(timezone.localtime(moment).date(), "F j, Y")


def _names(person: User, account: Account, held: Membership | None) -> dict[str, str]:
    names = {"name": str(person), "account": str(account), "check": _to_be_checked()}
    return names | ({"role": role_of(held), "place": place_of(held, account)} if held else {})


def _to_be_checked() -> str:
    # What `check_grants` finds, and the operators mend.
    return _("The stored permissions have to be checked.")


def is_found(rows: QuerySet, about: str, yes: str, no: str) -> Step:
    """This will ask a queryset that the person's viewer narrowed whether the thing is in it; `yes` and `no` are whole
    sentences."""
    row = rows.filter(pk=about).first()
    return Step(row is not None, yes if row is not None else no, row_of(row) if row is not None else "")


def row_of(row: Model) -> str:
    """This will name a stored row so that a technician can look it up: what it is, its id, since when."""
    since = getattr(row, "created_at", None)
    words = f"{row._meta.verbose_name} {row.pk}"
    return words if since is None else _("%(row)s, since %(day)s") % {"row": words, "day": day_of(since)}


def _override_row(row: Override) -> str:
    words = row_of(row)
    return _("%(row)s, set by %(name)s") % {"row": words, "name": row.set_by} if row.set_by else words


def _joined(*rows: str) -> str:
    return " · ".join(filter(None, rows))


def _membership(person: User, account: Account) -> Membership | None:
    """The row that lets the person into an account: its own, or else that of an Admin; one in force before one that
    is not."""
    of_account = Q(account=account) | Q(account=None)
    held = Membership.objects.filter(of_account, user=person, organization=account.organization_id)
    return min(held, key=lambda one: (one.suspended_at is not None, one.account_id is None), default=None)


def _membership_giving(person: User, account: Account, ability: Can) -> Membership | None:
    """The row an ability comes from: it may stand in the organization, or come with being staff of another account."""
    held = Membership.objects.filter(user=person, organization=account.organization_id).active()
    giving = [one for one in held if _gives(one, account, ability)]
    return min(giving, key=lambda one: (one.account_id != account.pk, one.account_id is not None), default=None)


def _gives(held: Membership, account: Account, ability: Can) -> bool:
    if ability in IN_ORGANIZATION.get(held.role, ()):
        return True
    return held.account_id == account.pk and ability in abilities_in_account(held.role, held.portal_roles)


def people_to_ask_about(asker: Viewer) -> list[tuple[str, list[tuple[str, str]]]]:
    """This will list whom the asker may ask about: the account's people, the Admins, and the people of the other
    accounts whose people they may see."""
    account = asker.account
    assert account is not None
    here = _named(Membership.objects.visible_to(asker).filter(account=account))
    admins = _named(Membership.objects.filter(organization=asker.organization, role=Role.ADMIN))
    elsewhere = Membership.objects.visible_to(asker.of_organization()).exclude(account=account).exclude(account=None)
    if Can.VIEW_PEOPLE.value not in asker.organization_abilities:
        assert asker.user is not None
        elsewhere = elsewhere.filter(account_id__in=grants.account_ids_where(asker.user, Can.VIEW_PEOPLE))
    others = _named(elsewhere)
    seen = {key for key, _name in (*here, *admins)}
    groups = [
        (str(account), here),
        (_("Admins"), [choice for choice in admins if choice not in here]),
        (_("Others you know"), [choice for choice in others if choice[0] not in seen][:MOST_OTHERS]),
    ]
    return [group for group in groups if group[1]]


def _named(held: Any) -> list[tuple[str, str]]:
    rows = held.named().order_by("called", "user_id").values_list("user_id", "called", "user__email").distinct()
    return [(str(user_id), f"{name} ({email})" if name else email) for user_id, name, email in rows]


def person_to_ask_about(asker: Viewer, person_id: str) -> User | None:
    """This will read one of those people, or return None for anybody else."""
    known = {key for _label, group in people_to_ask_about(asker) for key, _name in group}
    if person_id not in known:
        return None
    # Through a membership, so that every sentence calls them what they are called here.
    held = Membership.objects.filter(organization=asker.organization, user_id=person_id).select_related("user")
    return next((one.user for one in held.order_by("-introduced_as")), None)
