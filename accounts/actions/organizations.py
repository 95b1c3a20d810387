"""Organizations come from the command line: their first Admin does the rest in the browser."""

from django.db import transaction

from accounts import audit, tenancy
from accounts.models import Organization, OrganizationHost
from accounts.viewer import system_viewer


@transaction.atomic
def create(*, name: str, host: str, brand_color: str = "#3452d1", support_email: str = "", **fields) -> Organization:
    """This will create an organization that answers on a host name. Raises ValidationError for bad input."""
    organization = Organization(name=name, brand_color=brand_color, support_email=support_email, **fields)
    organization.clean_fields()
    with tenancy.scope(organization.id):
        organization.save(force_insert=True)
        OrganizationHost.objects.create(organization=organization, host=host.lower())
        audit.record(system_viewer(organization), "organization.created", organization, host=host)
    return organization
