"""Forms of the admin area about accounts and their people. Choices come from the viewer."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import industries
from accounts.models import Account, Membership, Organization, Site
from accounts.roles import PortalRole, Role, Tag
from accounts.viewer import Viewer

MOST_SITES = 200


class ActionForm(forms.Form):
    """A form whose last word has an action: what the action refuses is shown at the field it is about."""

    main_field = "name"

    def refuse(self, error: ValidationError) -> None:
        """This will show an action's mistakes; those about no field of this form at its main one."""
        by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for field, messages in by_field.items():
            self.add_error(field if field in self.fields else self.main_field, messages)


class AccountForm(ActionForm):
    """The facts of an account."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter the account’s name.")},
    )
    industry = forms.ChoiceField(
        label=gettext_lazy("Industry"), required=False, help_text=gettext_lazy("NAICS 2022. Decides what the account is compared with.")
    )  # fmt: skip
    employees = forms.IntegerField(
        label=gettext_lazy("People"),
        required=False,
        min_value=1,
        max_value=10_000_000,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), gettext_lazy("Enter how many people work there, as a number from 1.")
        ),
    )
    website = forms.URLField(
        label=gettext_lazy("Website"),
        required=False,
        assume_scheme="https",
        error_messages={"invalid": gettext_lazy("Enter a web address such as www.example.com.")},
    )
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"))

    def __init__(self, *args: Any, organization: Organization, account: Account | None = None, **kwargs: Any) -> None:
        """This will offer what the organization uses; with `account`, its facts to be changed."""
        initial = {"time_zone": organization.time_zone}
        if account is not None:
            initial = {
                name: getattr(account, name) for name in ("name", "industry", "employees", "website", "time_zone")
            }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["industry"].choices = _industry_choices(account.industry if account else "")
        self.fields["time_zone"].choices = _time_zone_choices()
        self.fields["employees"].widget.attrs["inputmode"] = "numeric"


class NewAccountForm(AccountForm):
    """A new account with its first sites."""

    site_names = forms.CharField(
        label=gettext_lazy("Sites"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One location in each line. More can follow later."),
    )

    field_order = ("name", "industry", "employees", "website", "site_names", "time_zone")

    def clean_site_names(self) -> list[str]:
        names = [line.strip() for line in self.cleaned_data["site_names"].splitlines() if line.strip()]
        if len(names) > MOST_SITES:
            raise ValidationError(_("An account starts with at most %(most)s sites.") % {"most": MOST_SITES})
        for number, name in enumerate(names, 1):
            if len(name) > 120:
                raise ValidationError(_("Site %(number)s has more than 120 characters.") % {"number": number})
            if name in names[: number - 1]:
                raise ValidationError(_("“%(name)s” stands there twice.") % {"name": name})
        return names


class SiteForm(ActionForm):
    """A location."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter the site’s name.")},
    )
    city = forms.CharField(label=gettext_lazy("City"), max_length=120, required=False)


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
        label=gettext_lazy("E-mail"),
        max_length=254,
        error_messages=dict.fromkeys(
            ("required", "invalid"), gettext_lazy("Enter an e-mail address such as name@example.com.")
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


class PreviewForm(forms.Form):
    """Who to view the portal as, and why."""

    viewpoint = forms.ChoiceField(label=gettext_lazy("View as"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Stands in the activity of the account, beside your name."),
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [choice for choice in choices if choice[0].startswith("user-")]
        roles = [choice for choice in choices if choice not in people]
        self.fields["viewpoint"].choices = [(_("Somebody with the role"), roles), (_("One person"), people)]


def _industry_choices(current: str) -> list[tuple[str, Any]]:
    """This will list sectors and subsectors by title, so that typing finds them; a finer code in use stays choosable."""
    groups: list[tuple[str, Any]] = [("", _("Not known"))]
    known: set[str] = set()
    for title, codes in industries.grouped_choices():
        known |= {code for code, _title in codes}
        groups.append((title, [(code, f"{name} ({code})") for code, name in codes]))
    if current and current not in known:
        groups.insert(1, (current, f"{industries.label(current)} ({current})"))
    return groups


def _time_zone_choices() -> list[tuple[str, Any]]:
    """This will list the world's time zones by region, UTC first."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(available_timezones()):
        region, slash, place = name.partition("/")
        if slash and region not in ("Etc", "SystemV", "posix", "right"):
            regions.setdefault(region, []).append((name, place.replace("_", " ")))
    return [("UTC", "UTC"), *regions.items()]
