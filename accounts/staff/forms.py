"""Forms of the admin area about accounts and their people. Choices come from the viewer."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Site
from accounts.roles import PortalRole, Role, Tag
from accounts.viewer import Viewer


class ActionForm(forms.Form):
    """A form whose last word has an action: what the action refuses is shown at the field it is about."""

    main_field = "name"

    def refuse(self, error: ValidationError) -> None:
        """This will show an action's mistakes; those about no field of this form at its main one."""
        by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for field, messages in by_field.items():
            self.add_error(field if field in self.fields else self.main_field, messages)


class AccessForm(ActionForm):
    """What a client may do in the portal of an account."""

    main_field = "portal_roles"

    portal_roles = forms.MultipleChoiceField(
        label=gettext_lazy("Portal roles"),
        choices=PortalRole.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("For clients. Several add up; without any, a client is an End User."),
    )
    sites = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Sites overseen"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("For Site Managers: at least one."),
    )
    tags = forms.MultipleChoiceField(
        label=gettext_lazy("Tags"),
        choices=Tag.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Marks only: they change nothing a person may do."),
    )

    def __init__(self, *args: Any, viewer: Viewer, membership: Membership | None = None, **kwargs: Any) -> None:
        if membership is not None:
            sites = [link.site_id for link in membership.site_links.all()]
            kwargs["initial"] = {"portal_roles": membership.portal_roles, "tags": membership.tags, "sites": sites}
        super().__init__(*args, **kwargs)
        self.fields["sites"].queryset = Site.objects.visible_to(viewer).order_by("name")
        if not self.fields["sites"].queryset.exists():
            del self.fields["sites"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        oversees = PortalRole.SITE_MANAGER in given.get("portal_roles", ())
        if oversees and "sites" in given and not given["sites"]:
            self.add_error("sites", _("Choose the sites this Site Manager oversees."))
        if not oversees and given.get("sites"):
            self.add_error("sites", _("Only a Site Manager oversees sites. Choose that portal role too, or no site."))
        return given


class PersonForm(AccessForm):
    """Somebody new in an account."""

    main_field = "email"

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter the person’s name.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("Email"),
        max_length=254,
        error_messages=dict.fromkeys(
            ("required", "invalid"), gettext_lazy("Enter an email address such as name@example.com.")
        ),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), initial=Role.CLIENT, widget=forms.RadioSelect)

    field_order = ("name", "email", "role", "portal_roles", "sites", "tags")

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, viewer=viewer, **kwargs)
        self.fields["role"].choices = [
            (role.value, role.label) for role in (Role.CLIENT, Role.ACCOUNT_EXECUTIVE, Role.TECHNICIAN)
        ]

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("role", Role.CLIENT) != Role.CLIENT:
            # Not asked of staff: the page hides these fields as soon as another role is chosen.
            return self.cleaned_data | {"portal_roles": [], "tags": [], "sites": []}
        return super().clean()
