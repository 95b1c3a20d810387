"""Deciding about a submission: the values put right, what to take over into an account, why it is turned down."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import intake
from accounts.actions.intake import Wished
from accounts.intake import answering, catalog
from accounts.intake.merging import Plan
from accounts.models import IntakeSubmission
from accounts.roles import PortalRole
from accounts.viewer import Viewer

from .forms import ActionForm

MESSAGE = gettext_lazy(
    "Thank you for your interest. We cannot take you on at the moment.\n\nWrite back to us if you have a question."
)


class AcceptanceForm(answering.AnswerForm):
    """All that is known of company, contact and site, to be put right; and what follows."""

    def __init__(self, *args: Any, viewer: Viewer, submission: IntakeSubmission, **kwargs: Any) -> None:
        known = catalog.entries(viewer.organization)
        super().__init__(
            *args,
            organization=viewer.organization,
            pages=catalog.all_pages(known),
            present=submission.values,
            **kwargs,
        )
        self.groups = list(self.pages)
        self.fields["invites"] = forms.BooleanField(
            label=_("Invite the contact to the portal"),
            required=False,
            initial=True,
            help_text=_("By email, with a link to choose a password."),
        )
        self.fields["portal_roles"] = forms.MultipleChoiceField(
            label=_("Portal roles"),
            choices=[choice for choice in PortalRole.choices if choice[0] != PortalRole.SITE_MANAGER],
            initial=[PortalRole.COMPANY_ADMIN],
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Without any, the contact is an End User."),
        )
        offered = intake.definitions_for(viewer)
        wished = str(submission.form.definition or "")
        self.fields["definition"] = forms.ChoiceField(
            label=_("Start an assessment"),
            choices=[("", _("None")), *offered],
            initial=wished if wished in dict(offered) else "",
            required=False,
            help_text=_("It stands in the account’s Library, and the contact is asked by email to answer it."),
        )

    def sections(self) -> list[tuple[str, list[Any]]]:
        """This will return the fields by what they are about: (heading, fields)."""
        return [(page.title, [self[name] for name in self.names_of(number)]) for number, page in enumerate(self.groups)]

    def wished(self, origin: str) -> Wished:
        """This will return what shall follow."""
        given = self.cleaned_data
        return Wished(
            invites=given["invites"],
            portal_roles=given["portal_roles"],
            definition=uuid.UUID(given["definition"]) if given["definition"] else None,
            origin=origin,
        )

    def refuse(self, error: Any) -> None:
        """This will show what an action refused at the field it is about."""
        for name, messages in error.message_dict.items():
            self.add_error(name if name in self.fields else "account_name", messages)


class MergeForm(forms.Form):
    """What to take over into an account: nothing is, unless it is chosen; what fills a gap is proposed."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    adds_contact = forms.BooleanField(label="", required=False)
    sites = forms.MultipleChoiceField(label="", required=False, widget=forms.CheckboxSelectMultiple)
    taken = forms.MultipleChoiceField(label="", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        initial = {
            "seen": plan.seen,
            "adds_contact": True,
            "sites": [],
            "taken": [one.key for one in (*plan.facts, *plan.contact_facts) if one.fills],
        }
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.plan = plan
        self.fields["sites"].choices = [(name, name) for name in plan.sites]  # type: ignore[attr-defined]
        self.fields["taken"].choices = [(key, key) for key in plan.keys]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> set[str]:
        """This will be what is chosen now, as typed or as proposed."""
        return set(self["taken"].value() or ())

    @property
    def chosen_sites(self) -> set[str]:
        """This will be the sites that are chosen now."""
        return set(self["sites"].value() or ())


class RejectionForm(ActionForm):
    """Why a submission is turned down, and what its sender is told, if anything."""

    main_field = "reason"

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("For you and your colleagues; it is not sent."),
        error_messages={"required": gettext_lazy("Enter a reason.")},
    )
    tells = forms.BooleanField(
        label=gettext_lazy("Write to the sender"),
        required=False,
        help_text=gettext_lazy("After ten minutes, so that you can take it back."),
    )
    message = forms.CharField(
        label=gettext_lazy("Message"),
        required=False,
        max_length=2000,
        initial=MESSAGE,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("tells") and not given.get("message", "").strip():
            self.add_error("message", _("Enter what the sender shall read."))
        return given

    @property
    def told(self) -> str:
        """This will be the message to send, "" for none."""
        return self.cleaned_data["message"].replace("\r\n", "\n").strip() if self.cleaned_data["tells"] else ""
