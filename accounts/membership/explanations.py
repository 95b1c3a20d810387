"""Why can or can't this person see this? The rules that decide are asked, one after the other, until one says no.

Nothing here knows who may do what: each step is the decision itself (the person's own Viewer, what it can, what its
querysets find), and the rows it rests on are named beside it. Apps above add the things they own with `thing`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import grants
from accounts.models import Account, Membership, Override, User
from accounts.roles import (
    COMPANY_ADMIN,
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


MOST_OTHERS = MOST_THINGS = 300


@dataclass(frozen=True, slots=True)
class Step:
    """One decision on the way: what it says, and the row it rests on, "" where it is the lack of one."""

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
    yield from ask(viewer, about)


def entry(person: User, account: Account, viewer: Viewer | None) -> Step:
    """This will say whether the account exists for the person at all, and for the lack or the sake of which row."""
    held = _membership(person, account)
    row = row_of(held) if held else ""
    if viewer is not None and held is not None:
        role = Role(held.role).label
        if held.account_id is None:
            return Step(
                True, _("%(name)s holds the role %(role)s of the organization.") % {"name": person, "role": role}, row
            )
        names = {"name": person, "role": role, "account": account}
        return Step(True, _("%(name)s holds the role %(role)s in %(account)s.") % names, row)
    if viewer is not None:  # a grant without a membership: drift, which `check_grants` shows
        return Step(True, _("A grant stands without a membership that explains it. Run the check of grants."))
    return Step(False, _why_a_stranger(person, account, held), row)


def _why_a_stranger(person: User, account: Account, held: Membership | None) -> str:
    names = {"name": person, "account": account}
    if account.deleted_at is not None:
        return _("%(account)s is deleted. It exists for nobody.") % names
    if held is None:
        return _("%(name)s has no role in %(account)s.") % names
    if not person.is_active or held.suspended_at is not None:
        return _("%(name)s is deactivated. The role is kept, and grants nothing.") % names
    if account.archived_at is not None and held.role == Role.CLIENT:
        return _("%(account)s is archived. Its clients have no access.") % names
    return _("%(name)s has a role, and its grants are missing. Run the check of grants.") % names


def can(viewer: Viewer, ability: Can) -> Step:
    """This will ask for an ability, and name what gives it or keeps it away."""
    assert viewer.user is not None and viewer.account is not None
    says = viewer.can(ability)
    held = _membership(viewer.user, viewer.account)
    own = Override.objects.filter(membership=held, ability=ability).select_related("set_by").first() if held else None
    grant = grants.row_of(viewer.user, viewer.account, ability)
    if own is not None and (own.effect == Override.Effect.ALLOW) == says:
        words = _("Allowed to this person: %(ability)s.") if says else _("Denied to this person: %(ability)s.")
        return Step(says, words % {"ability": ability.label}, _joined(_override_row(own), grant))
    giving = _membership_giving(viewer.user, viewer.account, ability) if says else held
    if giving is not None and giving.account_id not in (None, viewer.account.pk):
        # A row of another account: whoever asks here may know nothing of that account, so neither it nor its grant.
        words = _("%(name)s may %(ability)s, by a role elsewhere in the organization.")
        return Step(says, words % {"name": viewer.user, "ability": ability.label})
    names = {"ability": ability.label, "from": given_by(giving, ability) if giving else str(viewer.user)}
    words = _("%(from)s may %(ability)s.") if says else _("%(from)s may not %(ability)s.")
    return Step(says, words % names, _joined(row_of(giving) if giving else "", grant))


def given_by(held: Membership, ability: Can) -> str:
    """This will name the roles of a membership that give an ability, or its roles when none does."""
    base = str(Role(held.role).label)
    if held.role != Role.CLIENT or ability in IN_ACCOUNT[Role.CLIENT] or ability not in COMPANY_ADMIN:
        return base
    giving = [role for role in held.portal_roles if ability in FOR_PORTAL_ROLE.get(role, ())]
    return ", ".join(str(PortalRole(role).label) for role in giving or held.portal_roles) or base


def is_found(rows: QuerySet, about: str, yes: str, no: str) -> Step:
    """This will ask a queryset that the person's viewer narrowed whether the thing is in it."""
    row = rows.filter(pk=about).first()
    return Step(row is not None, yes if row is not None else no, row_of(row) if row is not None else "")


def row_of(row: Model) -> str:
    """This will name a stored row so that it can be looked up: what it is, its id, since when."""
    since = getattr(row, "created_at", None)
    words = f"{row._meta.verbose_name} {row.pk}"
    if since is None:
        return words
    day = formats.date_format(timezone.localtime(since).date(), "DATE_FORMAT")
    return _("%(row)s, since %(day)s") % {"row": words, "day": day}


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


def _named(held: QuerySet[Membership]) -> list[tuple[str, str]]:
    rows = held.order_by("user__name", "user_id").values_list("user_id", "user__name", "user__email").distinct()
    return [(str(user_id), f"{name} ({email})" if name else email) for user_id, name, email in rows]


def person_to_ask_about(asker: Viewer, person_id: str) -> User | None:
    """This will read one of those people, or return None for anybody else."""
    known = {key for _label, group in people_to_ask_about(asker) for key, _name in group}
    return User.objects.filter(pk=person_id).first() if person_id in known else None
