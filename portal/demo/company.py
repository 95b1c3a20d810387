"""What Harbor IT keeps of its clients beyond the usual: fields of its own, addresses, and people without a login."""

from accounts.actions import accounts, contacts, custom_fields, sites
from accounts.models import Account, Site
from accounts.viewer import Viewer


def keep(by: Viewer, northwind: Account) -> None:
    """This will add custom fields on accounts, sites and contacts, and fill them in for one account."""
    custom_fields.add(
        by=by, on="account", label="Service tier", type="choice", choices=["Essential", "Advanced", "Complete"],
        help_text="What the contract covers.", is_visible_to_client=True, is_searchable=True, is_filterable=True,
    )  # fmt: skip
    custom_fields.add(by=by, on="account", label="Contract number", type="text", is_searchable=True)
    custom_fields.add(
        by=by, on="account", label="Renewal date", type="date", is_visible_to_client=True, is_filterable=True
    )
    custom_fields.add(
        by=by, on="account", label="Frameworks", type="multi_choice", choices=["HIPAA", "NIST CSF", "PCI DSS", "SOC 2"],
        is_visible_to_client=True, is_filterable=True,
    )  # fmt: skip
    custom_fields.add(by=by, on="site", label="Alarm company", type="text", is_visible_to_client=True)
    custom_fields.add(by=by, on="site", label="Server room", type="yes_no")
    custom_fields.add(
        by=by, on="contact", label="Reach best by", type="choice", choices=["Phone", "Email", "Text message"],
        is_filterable=True,
    )  # fmt: skip
    accounts.update(
        by=by, account=northwind, website="https://northwind.example", phone="+1 617 555 0140", street="12 Main Street",
        postal_code="02108", city="Boston", country="US",
        custom={"service_tier": "advanced", "contract_number": "HI-2024-0117", "renewal_date": "2027-03-31",
                "frameworks": ["hipaa", "nist_csf"]},
    )  # fmt: skip
    riverside = Site.objects.get(account=northwind, name="Riverside")
    sites.change(
        by=by, site=riverside, street="4 River Road", postal_code="02138", city="Cambridge", country="US",
        phone="+1 617 555 0144", custom={"alarm_company": "Beacon Security", "server_room": True},
    )  # fmt: skip
    contacts.add(
        by=by, account=northwind, name="Ines Calloway", email="ines@northwind.example", phone="+1 617 555 0141",
        job_title="Office Manager", site=Site.objects.get(account=northwind, name="Main Street"),
        note="Decides when the practice works on paper.", custom={"reach_best_by": "phone"},
    )  # fmt: skip
    contacts.add(
        by=by, account=northwind, name="Beacon Security desk", phone="+1 617 555 0199", job_title="Alarm company, at night",
        site=riverside, is_emergency=True, custom={"reach_best_by": "phone"},
    )  # fmt: skip
