"""Forms of accounts and their sites: facts, address, and the organization's own fields."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fields import custom_data
from accounts.industry import industry_choices
from accounts.models import Account, CustomField, Organization, Site
from accounts.register import countries, executives
from accounts.roles import Can
from accounts.viewer import Viewer

from .forms import ActionForm

MOST_SITES = 200
ADDRESS = ("street", "postal_code", "city", "country", "phone")
LONGEST_NOTE = 5_000


class FactsForm(ActionForm):
    """Facts of a thing with an address and the organization's own fields: what accounts and sites have in common."""

    street = forms.CharField(label=gettext_lazy("Street"), max_length=200, required=False)
    postal_code = forms.CharField(label=gettext_lazy("Postal code"), max_length=20, required=False)
    city = forms.CharField(label=gettext_lazy("City"), max_length=120, required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    phone = forms.CharField(
        label=gettext_lazy("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )

    on: str
    facts: tuple[str, ...]

    def __init__(self, *args: Any, organization: Organization, of: Any = None, initial: Any = None, **kwargs: Any):
        """This will ask for the facts of something new, or with `of` show the present ones to be changed."""
        present = {name: getattr(of, name) for name in self.facts} if of is not None else {}
        kwargs["initial"] = {**(initial or {}), **present}
        super().__init__(*args, **kwargs)
        self.own_fields = custom_data.fields_of(organization, self.on)
        self.before: Mapping[str, Any] = of.custom if of is not None else {}
        self.fields.update(custom_data.form_fields(self.own_fields, self.before))
        self.fields["country"].choices = countries.choices(of.country if of is not None else "")

    @cached_property
    def custom_fields(self) -> list[forms.BoundField]:
        """This will be the organization's own fields, to be drawn."""
        return [self[field.name] for field in self.own_fields]

    @property
    def values(self) -> dict[str, Any]:
        """This will return what an action takes: the facts, and `custom` with all its keys."""
        plain = {name: value for name, value in self.cleaned_data.items() if not name.startswith(custom_data.PREFIX)}
        return plain | {"custom": custom_data.cleaned(self.own_fields, self.cleaned_data, self.before)}


class AccountForm(FactsForm):
    """The facts of an account."""

    on = CustomField.On.ACCOUNT
    facts = ("name", "industry", "employees", "website", "time_zone", "note", *ADDRESS)

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
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For your own people. Clients never see it."),
    )

    def __init__(self, *args: Any, organization: Organization, account: Account | None = None, **kwargs: Any) -> None:
        """This will offer what the organization uses; with `account`, its facts to be changed."""
        super().__init__(
            *args, organization=organization, of=account, initial={"time_zone": organization.time_zone}, **kwargs
        )
        self.fields["industry"].choices = industry_choices.choices_of(organization, account.industry if account else "")
        self.fields["time_zone"].choices = _time_zone_choices()  # type: ignore[attr-defined]
        self.fields["employees"].widget.attrs["inputmode"] = "numeric"


class NewAccountForm(AccountForm):
    """A new account with its first sites and its Account Executive."""

    executive = forms.ModelChoiceField(
        label=gettext_lazy("Account Executive"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("Nobody yet"),
        error_messages={"invalid_choice": gettext_lazy("Choose an Account Executive or an Admin.")},
    )
    site_names = forms.CharField(
        label=gettext_lazy("Sites"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One location in each line. More can follow later."),
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        """This will offer whoever creates the account as its Account Executive, when they are one."""
        super().__init__(*args, organization=viewer.organization, **kwargs)
        if viewer.can(Can.MANAGE_PEOPLE):
            self.fields["executive"].queryset = executives.candidates(viewer)  # type: ignore[attr-defined]
            self.fields["executive"].initial = viewer.user if executives.leads_any(viewer) else None
        else:
            del self.fields["executive"]

    @property
    def lies_further_down(self) -> bool:
        """This will say whether something below the disclosure is to be seen: a mistake, or what must be filled in."""
        asked_first = {"name", "industry", "employees", "executive", "site_names"}
        return any(name not in asked_first for name in self.errors) or any(one.is_required for one in self.own_fields)

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


class SiteForm(FactsForm):
    """A location."""

    on = CustomField.On.SITE
    facts = ("name", *ADDRESS)

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter the site’s name.")},
    )

    def __init__(self, *args: Any, organization: Organization, site: Site | None = None, **kwargs: Any) -> None:
        super().__init__(*args, organization=organization, of=site, **kwargs)


class DeletionForm(ActionForm):
    """The name of the account, typed to be certain it is the right one."""

    main_field = "typed_name"

    typed_name = forms.CharField(
        label=gettext_lazy("Name of the account"),
        max_length=200,
        error_messages={"required": gettext_lazy("Type the name of the account.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )


class RestorationForm(ActionForm):
    """Another name for an account that comes back when its own is taken."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, required=False)


class ExecutiveForm(forms.Form):
    """Who becomes the Account Executive of several accounts, beside those assigned or instead of them."""

    executive = forms.ModelChoiceField(
        label=gettext_lazy("Account Executive"),
        queryset=None,
        empty_label=gettext_lazy("Choose a person"),
        error_messages={
            "required": gettext_lazy("Choose who looks after them."),
            "invalid_choice": gettext_lazy("Choose an Account Executive or an Admin."),
        },
    )
    how = forms.ChoiceField(
        label=gettext_lazy("Who is assigned now"),
        choices=[("add", gettext_lazy("They stay assigned")), ("replace", gettext_lazy("They are replaced"))],
        initial="add",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["executive"].queryset = executives.candidates(viewer)  # type: ignore[attr-defined]

    @property
    def replaces(self) -> bool:
        """This will say whether those assigned now give way."""
        return bool(self.cleaned_data["how"] == "replace")


def _time_zone_choices() -> list[tuple[str, Any]]:
    """This will list the world's time zones by region, UTC first."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(available_timezones()):
        region, slash, place = name.partition("/")
        if slash and region not in ("Etc", "SystemV", "posix", "right"):
            regions.setdefault(region, []).append((name, place.replace("_", " ")))
    return [("UTC", "UTC"), *regions.items()]
