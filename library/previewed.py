"""What a preview link shows: the definition as its authors have it now."""

from .models import DefinitionVersion, PreviewLink


def version_behind(link: PreviewLink) -> DefinitionVersion | None:
    """This will return the draft, where there is one, else the latest version."""
    versions = DefinitionVersion.objects.filter(organization=link.organization_id, definition=link.definition_id)
    version: DefinitionVersion | None = versions.order_by("-number").first()
    return version
