"""Forms about people: their logins, their roles in accounts, what becomes of what they own. Choices come from the viewer."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.membership.belongings import Belonging
from accounts.models import Account, Membership, Site, User
from accounts.roles import PortalRole, Role, Tag
from accounts.viewer import Viewer

from .forms import AccessForm, ActionForm

IN_ACCOUNTS = (Role.CLIENT, Role.ACCOUNT_EXECUTIVE, Role.TECHNICIAN)
_WRONG_EMAIL = gettext_lazy("Enter an email address such as name@example.com.")


class AccountsForm(ActionForm):
    """One role in several accounts at once."""

    main_field = "accounts"

    role = forms.ChoiceField(label=gettext_lazy("Role"), initial=Role.CLIENT, widget=forms.RadioSelect)
    portal_roles = forms.MultipleChoiceField(
        label=gettext_lazy("Portal roles"),
        choices=[choice for choice in PortalRole.choices if choice[0] != PortalRole.SITE_MANAGER],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The same in each account. A Site Manager is named in the account, with the sites."),
    )
    accounts = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Accounts"),
        queryset=None,
        error_messages={
            "required": gettext_lazy("Choose at least one account."),
            "invalid_choice": gettext_lazy("One of these accounts does not exist any more. Choose again."),
            "invalid_pk_value": gettext_lazy("One of these accounts does not exist any more. Choose again."),
        },
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in IN_ACCOUNTS]
        self.fields["portal_roles"].choices = [
            (role.value, role.label) for role in PortalRole if role != PortalRole.SITE_MANAGER
        ]
        self.fields["accounts"].queryset = Account.objects.visible_to(viewer)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("role", Role.CLIENT) != Role.CLIENT:
            given["portal_roles"] = []
        return given


class NewPersonForm(AccountsForm):
    """Somebody new in the organization: an Admin, or somebody of one or more accounts."""

    main_field = "email"

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter the person’s name.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("Email"),
        max_length=254,
        error_messages=dict.fromkeys(("required", "invalid"), _WRONG_EMAIL),
    )

    field_order = ("name", "email", "role", "portal_roles", "accounts")

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, viewer=viewer, **kwargs)
        self.fields["role"].choices = [*self.fields["role"].choices, (Role.ADMIN.value, Role.ADMIN.label)]
        self.fields["accounts"].required = False

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("role") == Role.ADMIN:
            given["accounts"] = []
        elif "accounts" in given and not given["accounts"]:
            self.add_error("accounts", _("Choose at least one account."))
        return given


class LoginForm(ActionForm):
    """A person's name and email, while they are the Admin's to put right."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter the person’s name.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("Email"),
        max_length=254,
        error_messages=dict.fromkeys(("required", "invalid"), _WRONG_EMAIL),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, initial={"name": str(user), "email": user.email}, **kwargs)


class RoleForm(AccessForm):
    """Another role in an account, with what goes with it for a client."""

    main_field = "role"

    role = forms.ChoiceField(label=gettext_lazy("Role"), widget=forms.RadioSelect)

    field_order = ("role", "portal_roles", "sites", "tags")

    def __init__(self, *args: Any, viewer: Viewer, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, viewer=viewer, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in IN_ACCOUNTS if role != membership.role]
        self.fields["role"].initial = self.fields["role"].choices[0][0]
        if "sites" in self.fields:
            sites = Site.objects.visible_to(viewer).filter(account=membership.account).order_by("name")
            self.fields["sites"].queryset = sites
            if not sites.exists():
                del self.fields["sites"]
        self.fields["tags"].choices = Tag.choices

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("role", Role.CLIENT) != Role.CLIENT:
            # Not asked of staff: the page hides these fields as soon as another role is chosen.
            return self.cleaned_data | {"portal_roles": [], "tags": [], "sites": []}
        return super().clean()


class OffboardingForm(forms.Form):
    """What becomes of each thing a leaver owns. Its fields are named after their place in the list."""

    def __init__(self, *args: Any, belongings: Sequence[Belonging], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.belongings = list(belongings)
        for number, belonging in enumerate(self.belongings):
            may_stay = any(not value for value, _label in belonging.choices)
            choices = list(belonging.choices) if may_stay else [("", _("Choose a person")), *belonging.choices]
            self.fields[f"choice-{number}"] = forms.ChoiceField(
                label=belonging.label,
                choices=choices,
                required=not may_stay,
                initial=belonging.initial,
                error_messages={"required": _("Choose who takes this over.")},
            )
            self.fields[f"key-{number}"] = forms.CharField(widget=forms.HiddenInput, initial=belonging.key)

    @property
    def lines(self) -> list[tuple[Belonging, Any, Any]]:
        """This will pair each belonging with its field and the hidden one that names it."""
        return [
            (belonging, self[f"choice-{number}"], self[f"key-{number}"])
            for number, belonging in enumerate(self.belongings)
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for number, belonging in enumerate(self.belongings):
            if given.get(f"key-{number}", belonging.key) != belonging.key:
                raise ValidationError(_("What the person owns has changed meanwhile. Look through it again."))
        return given

    @property
    def choices(self) -> dict[str, str]:
        """This will return what was chosen, by the key of the belonging."""
        return {
            belonging.key: self.cleaned_data[f"choice-{number}"] for number, belonging in enumerate(self.belongings)
        }
