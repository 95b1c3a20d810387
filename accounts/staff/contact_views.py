"""Contacts of an account: the list and its file, adding, changing, the primary one, removing with an undo."""

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import breadcrumbs
from accounts.actions import contacts as actions
from accounts.fields import custom_data
from accounts.models import Contact, Site
from accounts.register import contacts
from accounts.roles import Can
from accounts.rules import staff_view
from accounts.viewer import Viewer
from portal.web import toasts
from portal.web.csv_export import attachment
from portal.web.pages import go, page
from portal.web.pagination import paginate
from portal.web.sorting import headings

from .contact_forms import ContactForm


@staff_view(Can.VIEW_PEOPLE)
def contact_list(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list the contacts of an account."""
    fields = contacts.fields_of(viewer)
    chosen = contacts.Filter.of_query(request.GET, fields)
    found = paginate(contacts.contacts_of(viewer, chosen, fields), request)
    context = {
        "page": found,
        "rows": contacts.rows(viewer, found.items, fields),
        "chosen": chosen,
        "filters": custom_data.list_filters(fields, chosen.custom, request.GET),
        "sites": Site.objects.visible_to(viewer).order_by("name"),
        "logins": contacts.login_words().items(),
        "headings": headings(request.GET, chosen.order, ("name", "site", "-updated")),
        "csv_query": request.GET.urlencode(),
        "has_primary": Contact.objects.visible_to(viewer).current().filter(is_primary=True).exists,
        "may_edit": viewer.can(Can.EDIT_ACCOUNT),
        "may_invite": viewer.can(Can.MANAGE_PEOPLE),
        "breadcrumbs": breadcrumbs.to_account(viewer.account, _("Contacts")),
    }
    return page(request, "accounts/staff/contacts.html", context)


@staff_view(Can.VIEW_PEOPLE)
def contacts_csv(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will give the contacts of the present filter as a file."""
    fields = contacts.fields_of(viewer)
    chosen = contacts.Filter.of_query(request.GET, fields)
    name = f"contacts_{slugify(viewer.account.name) or 'account'}_{timezone.localdate():%Y-%m-%d}.csv"
    return attachment(name, contacts.table_head(fields), contacts.table(viewer, chosen, fields))


@staff_view(Can.EDIT_ACCOUNT, methods=("GET", "POST"))
def contact_new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will add a contact."""
    form = ContactForm(request.POST or None, viewer=viewer, fields=contacts.fields_of(viewer))
    if form.is_valid():
        try:
            made = actions.add(by=viewer, account=viewer.account, **form.facts)
        except ValidationError as error:
            form.refuse(error)
        else:
            toast = _("%(name)s is a contact now.") % {"name": made.name}
            return go(request, "staff:contacts", toast=toast, account=viewer.account.id)
    way = breadcrumbs.to_account(viewer.account, _contacts_crumb(viewer), _("Add a contact"))
    context = {"form": form, "breadcrumbs": way}
    return page(request, "accounts/staff/contact_new.html", context, "form", status=422 if form.errors else 200)


@staff_view(Can.EDIT_ACCOUNT, methods=("GET", "POST"))
def contact(request: HttpRequest, viewer: Viewer, contact: uuid.UUID) -> HttpResponse:
    """This will show a contact and change it."""
    found, fields, status = _contact(viewer, contact), contacts.fields_of(viewer), 200
    form = ContactForm(request.POST or None, viewer=viewer, fields=fields, contact=found)
    if form.is_valid():
        try:
            actions.change(by=viewer, contact=found, version=request.POST.get("version", ""), **form.facts)
        except actions.Stale:
            status = 409
        except ValidationError as error:
            form.refuse(error)
        else:
            return go(request, "staff:contacts", toast=_("Saved."), account=viewer.account.id)
    return _contact_page(request, viewer, found, form, fields, 422 if form.errors else status)


@staff_view(Can.EDIT_ACCOUNT, methods=("POST",))
def contact_primary(request: HttpRequest, viewer: Viewer, contact: uuid.UUID) -> HttpResponse:
    """This will make a contact the one to ask first."""
    found = _contact(viewer, contact)
    actions.make_primary(by=viewer, contact=found)
    toast = _("%(name)s is the primary contact now.") % {"name": found.name}
    return go(request, "staff:contacts", toast=toast, account=viewer.account.id)


@staff_view(Can.DELETE_CONTACTS, methods=("POST",))
def contact_removal(request: HttpRequest, viewer: Viewer, contact: uuid.UUID) -> HttpResponse:
    """This will take a contact off the list, with an undo."""
    found = _contact(viewer, contact)
    actions.remove(by=viewer, contact=found)
    undo = reverse("staff:contact_return", args=[viewer.account.id, found.id])
    words = _("%(name)s is no contact any more.") % {"name": found.name}
    toasts.keep(request, words, undo=toasts.Undo(undo))
    return go(request, "staff:contacts", account=viewer.account.id)


@staff_view(Can.DELETE_CONTACTS, methods=("POST",))
def contact_return(request: HttpRequest, viewer: Viewer, contact: uuid.UUID) -> HttpResponse:
    """This will bring a removed contact back."""
    found = get_object_or_404(Contact.objects.visible_to(viewer).filter(account=viewer.account), pk=contact)
    actions.bring_back(by=viewer, contact=found)
    toast = _("%(name)s is back.") % {"name": found.name}
    return go(request, "staff:contacts", toast=toast, account=viewer.account.id)


def _contact(viewer: Viewer, contact: uuid.UUID) -> Contact:
    found = Contact.objects.visible_to(viewer).filter(account=viewer.account).current()
    return get_object_or_404(found.select_related("account", "site", "user"), pk=contact)


def _contact_page(
    request: HttpRequest, viewer: Viewer, found: Contact, form: ContactForm, fields: list, status: int
) -> HttpResponse:
    listed = contacts.contacts_of(viewer, contacts.Filter(), fields).filter(pk=found.pk)
    context = {
        "form": form,
        "contact": found,
        "row": contacts.rows(viewer, list(listed), fields)[0],
        # After a conflict: what is typed may replace what is there now, knowingly.
        "version": found.updated_at.isoformat() if status in (200, 409) else request.POST.get("version", ""),
        "is_stale": status == 409,
        "may_remove": viewer.can(Can.DELETE_CONTACTS),
        "may_invite": viewer.can(Can.MANAGE_PEOPLE),
        "breadcrumbs": breadcrumbs.to_account(viewer.account, _contacts_crumb(viewer), found.name),
    }
    return page(request, "accounts/staff/contact.html", context, "form", status=status)


def _contacts_crumb(viewer: Viewer) -> breadcrumbs.Crumb:
    return breadcrumbs.page_of_account(_("Contacts"), "staff:contacts", viewer.account)
