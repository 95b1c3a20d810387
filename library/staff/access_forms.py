"""For whom of an account a definition is, and why not for somebody who asks."""

import hashlib
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from accounts.roles import PortalRole
from library.models import LibraryEntry


class AudienceForm(forms.Form):
    """Everyone, chosen people, or chosen portal roles with people beside them."""

    audience = forms.ChoiceField(label=gettext_lazy("Who may take it"), choices=LibraryEntry.Audience.choices)
    portal_roles = forms.MultipleChoiceField(
        label=gettext_lazy("Portal roles"), choices=PortalRole.choices, required=False
    )
    # Ids of memberships; the action takes those that are the account's.
    people = forms.Field(label=gettext_lazy("People"), required=False, widget=forms.SelectMultiple)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, entry: LibraryEntry) -> None:
        members = [str(one) for one in entry.people.order_by("membership_id").values_list("membership_id", flat=True)]
        self.entry, self.now = entry, _fingerprint(entry, members)
        kept = {"audience": entry.audience, "portal_roles": entry.portal_roles, "people": members, "seen": self.now}
        super().__init__(data, initial=kept)

    @property
    def is_stale(self) -> bool:
        """This will say whether somebody else changed it since this page was opened."""
        return self.is_bound and self.data.get("seen", "") not in ("", self.now)

    def refuse(self, error: ValidationError) -> None:
        """This will show what the action refused at the field it is about."""
        for field, messages in error.message_dict.items():
            self.add_error(field if field in self.fields else "audience", messages)


class DeclineForm(forms.Form):
    """Why not; may stay empty."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, required=False)


def _fingerprint(entry: LibraryEntry, members: list[str]) -> str:
    words = "|".join([entry.audience, *sorted(entry.portal_roles), *members])
    return hashlib.sha256(words.encode()).hexdigest()[:16]
