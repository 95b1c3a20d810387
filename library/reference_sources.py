"""Which published definitions bring reference values for which sector: what the settings of industries link to."""

from collections import Counter
from collections.abc import Mapping

from django.urls import reverse

from accounts.industry import industry_list
from accounts.industry.industry_list import Source
from accounts.viewer import Viewer
from library.models import Definition
from library.versions import document_of


@industry_list.references
def by_sector(viewer: Viewer) -> Mapping[str, list[Source]]:
    """This will find the published definitions with reference values, by sector; "" holds those of all industries."""
    found: dict[str, list[Source]] = {}
    published = Definition.objects.visible_to(viewer).filter(published_version__isnull=False, deprecated_at=None)
    for definition in published.select_related("published_version").order_by("name"):
        if definition.published_version is None:
            continue
        values = document_of(definition.published_version).reference_values
        for sector, count in Counter(value.industry or "" for value in values).items():
            url = reverse("staff:definition", args=[definition.pk])
            found.setdefault(sector, []).append(Source(definition.name, count, url))
    return found
