"""How an organization's portal looks: its name, pictures and colours as addresses and figures the templates use.

Made from an organization as it is, or from one that is not saved: a preview shows the same templates.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import previews
from accounts.brand import branding
from accounts.models import BrandImage, Organization

NEUTRAL_COLOR = "#3452d1"
# Wider than this for its height, a picture spells the name: it is not written beside it once more.
_WORDMARK = 2.2


@dataclass(frozen=True)
class Picture:
    """A picture of the brand: where it is served, and how large it is."""

    url: str
    width: int
    height: int

    @property
    def is_wordmark(self) -> bool:
        """This will say whether the picture is wide enough to hold the name."""
        return self.width > _WORDMARK * self.height

    def wide_at(self, height: int) -> int:
        """This will return the width at a height, so that a page keeps room for the picture before it is there."""
        return max(1, round(self.width * height / self.height))

    @property
    def wide(self) -> int:
        return self.wide_at(28)

    @property
    def wide_large(self) -> int:
        return self.wide_at(48)


@dataclass(frozen=True)
class Appearance:
    """What the frame of a page shows. `dark` is the logo where the ground is dark; with `is_plated` it is the light
    one, on a plate, because there is no other. Without `light`, light ground shows the initials."""

    name: str
    title: str
    initials: str
    css_url: str
    theme_color: str
    light: Picture | None = None
    dark: Picture | None = None
    is_plated: bool = False
    favicon_url: str = ""

    @property
    def has_wordmark(self) -> bool:
        """This will say whether the logo spells the name by itself, on every ground it is shown on."""
        return self.light is not None and self.dark is not None and self.light.is_wordmark and self.dark.is_wordmark


def of(organization: Organization | None) -> Appearance:
    """This will gather how an organization's portal looks; for None, a host nobody owns, a neutral one."""
    if organization is None:
        return Appearance(_("Portal"), "", "P", *_colors(NEUTRAL_COLOR, ""))
    light, dark = _picture(organization.logo_light), _picture(organization.logo_dark)
    return Appearance(
        organization.name,
        organization.tab_title or organization.name,
        organization.mark_initials or "P",
        *_colors(organization.brand_color, organization.secondary_color),
        light=light,
        dark=dark or light,
        is_plated=light is not None and dark is None,
        favicon_url=_url(organization.favicon_id) if organization.favicon_id else "",
    )


def picture_for_mail(organization: Organization) -> Picture | None:
    """This will return the logo for white ground, in mails: its own or that of the pages, in one query or none."""
    wished = organization.logo_mail_id or organization.logo_light_id
    if wished is None:
        return None
    found = BrandImage.objects.filter(pk=wished).values("width", "height").first()
    return Picture(_url(wished), found["width"], found["height"]) if found else None


def _picture(image: BrandImage | None) -> Picture | None:
    return Picture(_url(image.pk), image.width, image.height) if image else None


def _url(picture_id) -> str:
    return previews.outside(reverse("brand_picture", args=[picture_id]))


def _colors(brand: str, secondary: str) -> tuple[str, str]:
    try:
        name = branding.stylesheet_name(brand, secondary)
    except ValueError:  # nothing stored is anything else; a page is shown all the same
        brand, name = NEUTRAL_COLOR, branding.stylesheet_name(NEUTRAL_COLOR)
    return previews.outside(reverse("brand_css", args=[name])), branding.tokens(brand)["brand-solid"]
