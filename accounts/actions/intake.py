"""Intake: the forms, what they bring, and what is decided about it.

What comes from outside is stored and nothing else: an account is only made or changed by a person's decision, and of two
who decide at once, the first has decided.
"""

import datetime
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import audit, intake
from accounts.intake import answering, catalog, guards, merging
from accounts.intake.catalog import Page
from accounts.models import (
    Account,
    AuditEntry,
    Contact,
    IntakeForm,
    IntakeSubmission,
    Membership,
    Organization,
    User,
)
from accounts.notices import notifications
from accounts.roles import Can, PortalRole, Role
from accounts.viewer import Viewer, system_viewer

from . import accounts, contacts, invitations, mails, memberships, sites, undoing

RECEIPT, REFUSAL, TOLD = "accounts.intake_receipt", "accounts.intake_refusal", "accounts.intake_received"
# A refusal can be taken back for as long as its mail has not gone out.
REFUSAL_WAITS = datetime.timedelta(minutes=10)
REJECTED_KEPT = datetime.timedelta(days=90)
VISITORS_KEPT = datetime.timedelta(days=7)
FORM_REMOVED = "intake_form.removed"
_KEPT = (
    "name", "slug", "is_default", "is_open", "intro", "thanks", "pages", "consent_text", "consent_version", "revision",
)  # fmt: skip
# Addresses of ours below /intake/.
_TAKEN = frozenset({"sent", "new", "preview"})

State = IntakeSubmission.State


class ChangedSince(Exception):
    """Somebody else saved the form meanwhile: `form` as it is now."""

    def __init__(self, form: IntakeForm):
        self.form = form
        super().__init__(form.revision)


class AlreadyDecided(Exception):
    """Somebody decided about the submission before: `submission` as it is now."""

    def __init__(self, submission: IntakeSubmission):
        self.submission = submission
        super().__init__(submission.state)


class AccountChanged(Exception):
    """The account is not as it was when it was laid beside the submission."""


class HasSubmissions(Exception):
    """A form that somebody has sent stays: what they agreed to belongs to it. It can be closed."""


@dataclass(frozen=True)
class Wished:
    """What accepting does beside making the account: invite the contact, with which portal roles, and start what."""

    invites: bool = False
    portal_roles: Sequence[str] = field(default=(PortalRole.COMPANY_ADMIN,))
    definition: uuid.UUID | None = None
    origin: str = ""


@dataclass(frozen=True)
class Sent:
    """What somebody sent: checked values, when the form was opened, the trap, the mark of where it comes from, and the
    consent: the number and words of what they read, None for a form that asks for none."""

    values: Mapping[str, Any]
    opened: guards.Opening
    trap: str = ""
    mark: str = ""
    consent: tuple[int, str] | None = None


# Forms


@transaction.atomic
def create(*, by: Viewer, name: str) -> IntakeForm:
    """This will make a closed form of two short steps, with an address made of its name."""
    by.require(Can.MANAGE_SETTINGS)
    known = catalog.entries(by.organization)
    form = IntakeForm(
        organization=by.organization,
        name=name,
        slug=_free_address(by.organization, name),
        is_default=not IntakeForm.objects.filter(organization=by.organization).exists(),
        intro=_("Tell us who you are. We read every message and come back to you."),
        thanks=_("We have received what you sent. Somebody of us reads it and comes back to you by email."),
        consent_text=_("I agree that %(organization)s keeps these details in order to answer me.")
        % {"organization": by.organization.name},
        pages=catalog.stored(catalog.first_pages(known)),
    )
    return _added(by, form, "intake_form.created")


@transaction.atomic
def duplicate(*, by: Viewer, form: IntakeForm) -> IntakeForm:
    """This will make a closed copy of a form, with a name and an address of its own."""
    by.require(Can.MANAGE_SETTINGS)
    name = (_("Copy of %(name)s") % {"name": form.name})[:120]
    copy = IntakeForm(
        organization=by.organization, name=name, slug=_free_address(by.organization, name), intro=form.intro,
        thanks=form.thanks, consent_text=form.consent_text, pages=form.pages, definition=form.definition,
    )  # fmt: skip
    return _added(by, copy, "intake_form.created")


@transaction.atomic
def save(*, by: Viewer, form: IntakeForm, seen: int, pages: Sequence[Page], **facts: Any) -> IntakeForm:
    """This will store a form as it was edited; `facts` are name, slug, is_open, intro, thanks, consent_text, definition.

    Another consent text is another version of it. Raises ChangedSince when somebody else saved the form since it was
    `seen`, ValidationError for an address that is taken.
    """
    by.require(Can.MANAGE_SETTINGS)
    now = IntakeForm.objects.select_for_update().get(pk=form.pk, organization=by.organization)
    if now.revision != seen:
        raise ChangedSince(now)
    before = {name: getattr(now, name) for name in facts} | {"pages": now.pages}
    if facts.get("slug") in _TAKEN:
        raise ValidationError({"slug": _("This address is taken. Choose another one.")})
    if facts.get("consent_text", now.consent_text) != now.consent_text:
        now.consent_version += 1
    for name, value in facts.items():
        setattr(now, name, value)
    now.pages = catalog.stored(pages)
    changed = [name for name in before if before[name] != getattr(now, name)]
    if not changed:
        return now
    now.revision += 1
    _stored(now)
    audit.record(
        by, "intake_form.changed", now, fields=changed, revision=now.revision, consent_version=now.consent_version
    )
    if "is_open" in changed:
        audit.record(by, "intake_form.opened" if now.is_open else "intake_form.closed", now)
    return now


@transaction.atomic
def make_default(*, by: Viewer, form: IntakeForm) -> None:
    """This will make a form the one at /intake/, in place of the one that was."""
    by.require(Can.MANAGE_SETTINGS)
    forms = IntakeForm.objects.filter(organization=by.organization)
    # All of them in one order: two who choose at once wait for each other, and the later one has chosen.
    list(forms.select_for_update().order_by("pk"))
    forms.filter(is_default=True).exclude(pk=form.pk).update(is_default=False)
    if forms.filter(pk=form.pk, is_default=False).update(is_default=True):
        audit.record(by, "intake_form.made_default", form)


@transaction.atomic
def remove(*, by: Viewer, form: IntakeForm) -> AuditEntry | None:
    """This will delete a form nobody has sent. `restore` takes the returned step back; None when it is deleted already.

    Raises HasSubmissions for any other form.
    """
    by.require(Can.MANAGE_SETTINGS)
    now = IntakeForm.objects.select_for_update().filter(pk=form.pk, organization=by.organization).first()
    if now is None:
        return None
    if now.submissions.exists():
        raise HasSubmissions
    kept = {name: getattr(now, name) for name in _KEPT} | {"definition": str(now.definition or "")}
    step = audit.record(by, FORM_REMOVED, now, kept=kept)
    now.delete()
    return step


@transaction.atomic
def restore(*, by: Viewer, step: uuid.UUID) -> IntakeForm:
    """This will bring back a form this person has just deleted; the default one again, unless another is by now.

    Raises TooLate, and ValidationError when its address is used by now.
    """
    by.require(Can.MANAGE_SETTINGS)
    Organization.objects.select_for_update(no_key=True).get(pk=by.organization.pk)
    entry = undoing.removal(by=by, verbs=(FORM_REMOVED,), step=step)
    kept = entry.details["kept"]
    definition = uuid.UUID(kept["definition"]) if kept["definition"] else None
    others = IntakeForm.objects.filter(organization=by.organization, is_default=True)
    form = IntakeForm(pk=entry.object_id, organization=by.organization, **kept | {"definition": definition})
    form.is_default = form.is_default and not others.exists()
    return _added(by, form, "intake_form.restored")


def _added(by: Viewer, form: IntakeForm, verb: str) -> IntakeForm:
    _stored(form, new=True)
    audit.record(by, verb, form)
    return form


def _stored(form: IntakeForm, new: bool = False) -> None:
    form.full_clean(validate_constraints=False)
    others = IntakeForm.objects.filter(organization=form.organization_id, slug=form.slug)
    taken = ValidationError({"slug": _("Another form already has this address.")})
    if others.exclude(pk=form.pk).exists():
        raise taken
    try:
        with transaction.atomic():
            form.save(force_insert=new)
    except IntegrityError:
        raise taken from None


def _free_address(organization: Organization, name: str) -> str:
    wanted = slugify(name)[:50].strip("-") or "form"
    there = set(IntakeForm.objects.filter(organization=organization).values_list("slug", flat=True)) | _TAKEN
    free = (f"{wanted}-{number}" if number > 1 else wanted for number in range(1, 10_000))
    return next(slug for slug in free if slug not in there)


# What comes from outside


@transaction.atomic
def receive(*, form: IntakeForm, sent: Sent) -> IntakeSubmission:
    """This will store what somebody sent, for a person to decide; sent again with the same key, it is the same.

    Nothing else changes but mails and what Admins are told. Raises guards.TooMany.
    """
    organization = form.organization
    there = IntakeSubmission.objects.filter(organization=organization, key=sent.opened.key).first()
    if there is not None:
        return there
    email = str(sent.values[catalog.CONTACT_EMAIL])
    guards.refuse_too_many(organization, sent.mark, email)
    fingerprint = guards.fingerprint_of(sent.values)
    submission = IntakeSubmission(
        organization=organization, form=form, company=str(sent.values[catalog.NAME]),
        contact_name=str(sent.values[catalog.CONTACT_NAME]), contact_email=email, values=dict(sent.values),
        suspicions=guards.suspicions_of(
            form=form, values=sent.values, fingerprint=fingerprint, trap=sent.trap, seconds=sent.opened.seconds
        ),
        visitor=sent.mark, fingerprint=fingerprint, key=sent.opened.key,
    )  # fmt: skip
    if sent.consent is not None:
        submission.consent_version, submission.consent_text = sent.consent
        submission.consented_at = timezone.now()
    try:
        with transaction.atomic():
            submission.save(force_insert=True)
    except IntegrityError:  # the same key at the same moment
        return IntakeSubmission.objects.get(organization=organization, key=sent.opened.key)
    if not submission.suspicions:
        _answer_and_tell(submission)
    return submission


def _answer_and_tell(submission: IntakeSubmission) -> None:
    """One mail a day to an address, whoever gives it, with nothing in it that was typed; and word to the Admins."""
    system = system_viewer(submission.organization)
    if guards.may_be_answered(submission.organization):
        mark = guards.mark_of(submission.organization, submission.contact_email.lower())
        mails.queue(
            by=system, kind=RECEIPT, about=submission, to_email=submission.contact_email,
            key=f"{RECEIPT}:{mark}:{timezone.now():%Y-%m-%d}",
        )  # fmt: skip
    admins = User.objects.filter(
        pk__in=Membership.objects.filter(
            organization=submission.organization, role=Role.ADMIN, suspended_at=None
        ).values("user")
    )  # fmt: skip
    notifications.tell(
        by=system, kind=TOLD, users=list(admins), key=f"{TOLD}:{submission.pk}", about=submission,
        data={"company": submission.company},
    )  # fmt: skip


# Decisions


@transaction.atomic
def accept(
    *, by: Viewer, submission: IntakeSubmission, values: Mapping[str, Any], wished: Wished | None = None
) -> Account:
    """This will make an account with its contact and sites of a submission, as the values were put right, and do what is
    wished for: invite the contact as a client, start a definition.

    Raises AlreadyDecided, and ValidationError by value's key for what cannot be, such as a name that is taken.
    """
    by.require(Can.MANAGE_SETTINGS)
    by.require(Can.CREATE_ACCOUNTS)
    wished = wished or Wished()
    _decide(by, submission, State.ACCEPTED)
    facts = answering.values_about(values, "account")
    with _said_of("account"):
        account = accounts.create(by=by, time_zone=by.organization.time_zone, **facts)
    _add_sites(by, account, values, merging.site_names(values))
    contact = _add_contact(by, account, values)
    membership = None
    if wished.invites:
        with _said_of("contact", "email"):
            membership = memberships.add(
                by=by, email=contact.email, name=contact.name, account=account, portal_roles=wished.portal_roles
            )
        invitations.invite(by=by, membership=membership, origin=wished.origin)
    _note(by, submission, account, "intake.accepted", invited=wished.invites)
    intake.carry_on(by, intake.Accepted(account, contact, membership, wished.definition, wished.origin))
    return account


@transaction.atomic
def merge(
    *,
    by: Viewer,
    submission: IntakeSubmission,
    account: Account,
    taken: Collection[str],
    site_names: Collection[str] = (),
    adds_contact: bool = True,
    seen: str = "",
) -> Account:
    """This will take over what was chosen of a submission into an account: facts, sites, the contact. What was not chosen
    stays as it is; a contact with the same email is that contact.

    Raises AlreadyDecided, AccountChanged when the account is no longer as it was `seen`, ValidationError.
    """
    by.require(Can.MANAGE_SETTINGS)
    by.require_on(Can.EDIT_ACCOUNT, account)
    _decide(by, submission, State.MERGED)
    account = Account.objects.visible_to(by).select_for_update(of=("self",)).get(pk=account.pk)
    plan = merging.plan(by, submission, account, catalog.entries(by.organization))
    if seen and seen != plan.seen:
        raise AccountChanged
    chosen = {key: submission.values[key] for key in taken if key in plan.keys}
    facts = answering.values_about(chosen, "account")
    if "custom" in facts:
        facts["custom"] = account.custom | facts["custom"]
    if facts:
        accounts.update(by=by, account=account, **facts)
    if plan.contact is not None:
        _update_contact(by, plan.contact, chosen)
    elif adds_contact:
        _add_contact(by, account, submission.values)
    _add_sites(by, account, submission.values, [name for name in plan.sites if name in site_names])
    _note(by, submission, account, "intake.merged", taken=sorted(chosen))
    return account


@transaction.atomic
def reject(*, by: Viewer, submission: IntakeSubmission, reason: str, message: str = "") -> None:
    """This will turn a submission down. With a `message`, the contact gets it by mail, a few minutes later: until then
    the decision can be taken back. Raises AlreadyDecided."""
    by.require(Can.MANAGE_SETTINGS)
    _decide(by, submission, State.REJECTED, reason=reason)
    audit.record(by, "intake.rejected", _unnamed(submission), reason=reason, mailed=bool(message))
    if message:
        mails.queue(
            by=by, kind=REFUSAL, about=submission, to_email=submission.contact_email,
            to_name=submission.contact_name, key=f"{REFUSAL}:{submission.pk}:{uuid.uuid4().hex}",
            data={"message": message}, not_before=timezone.now() + REFUSAL_WAITS,
        )  # fmt: skip


@transaction.atomic
def reopen(*, by: Viewer, submission: IntakeSubmission) -> bool:
    """This will take back a rejection: the submission waits again, and a mail that has not gone out never will. False
    when it is not rejected."""
    by.require(Can.MANAGE_SETTINGS)
    rows = IntakeSubmission.objects.filter(pk=submission.pk, organization=by.organization, state=State.REJECTED)
    if not rows.update(state=State.WAITING, decided_by=None, decided_at=None, reason=""):
        return False
    audit.record(by, "intake.reopened", submission)
    return True


@transaction.atomic
def forget_old(*, by: Viewer) -> int:
    """This will erase what was rejected long ago, and the marks of where others came from; the number erased."""
    by.require(Can.MANAGE_SETTINGS)
    now = timezone.now()
    rows = IntakeSubmission.objects.filter(organization=by.organization)
    rows.filter(created_at__lt=now - VISITORS_KEPT).exclude(visitor="").update(visitor="")
    erased, _by_model = rows.filter(state=State.REJECTED, decided_at__lt=now - REJECTED_KEPT).delete()
    if erased:
        audit.record(by, "intake.erased", count=erased)
    return erased


def _decide(by: Viewer, submission: IntakeSubmission, state: str, **more: Any) -> None:
    rows = IntakeSubmission.objects.filter(pk=submission.pk, organization=by.organization, state=State.WAITING)
    if not rows.update(state=state, decided_by=by.user, decided_at=timezone.now(), **more):
        submission.refresh_from_db()
        raise AlreadyDecided(submission)


def _note(by: Viewer, submission: IntakeSubmission, account: Account, verb: str, **details: Any) -> None:
    IntakeSubmission.objects.filter(pk=submission.pk).update(account=account)
    audit.record(by, verb, submission, account, **details)


def _unnamed(submission: IntakeSubmission) -> IntakeSubmission:
    """The audit trail is never erased, what was rejected is: it stands there without the name that was typed."""
    return IntakeSubmission(pk=submission.pk, company=_("a submission"))


def _add_contact(by: Viewer, account: Account, values: Mapping[str, Any]) -> Contact:
    with _said_of("contact", "email"):
        return contacts.add(by=by, account=account, **answering.values_about(values, "contact"))


def _update_contact(by: Viewer, contact: Contact, chosen: Mapping[str, Any]) -> None:
    facts = answering.values_about(chosen, "contact")
    if "custom" in facts:
        facts["custom"] = contact.custom | facts["custom"]
    if facts:
        contacts.change(by=by, contact=contact, **facts)


def _add_sites(by: Viewer, account: Account, values: Mapping[str, Any], names: Iterable[str]) -> None:
    about_main = answering.main_site(values)
    for name in names:
        facts = about_main if name == about_main.get("name") else {"name": name}
        with _said_of("site"):
            sites.add(by=by, account=account, **facts)


@contextmanager
def _said_of(about: str, main: str = "name") -> Iterator[None]:
    """What an action refuses, by the name that the field has in a form about the submission."""
    try:
        yield
    except ValidationError as error:
        by_field = error.message_dict if hasattr(error, "error_dict") else {main: error.messages}
        raise ValidationError(
            {
                answering.name_of(
                    f"custom:{about}:{name.removeprefix('custom_')}"
                    if name.startswith("custom_")
                    else f"{about}.{name}"
                ): messages
                for name, messages in by_field.items()
            }
        ) from None
