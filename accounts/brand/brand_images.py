"""Pictures of a brand: what is uploaded is drawn anew by a process of its own; the upload itself is never kept."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from django.utils.translation import gettext as _

from accounts.models import BrandImage
from portal.web import room

logger = structlog.get_logger(__name__)

PRESS = Path(__file__).with_name("picture_press.py")
MOST_BYTES = 2 * 1024 * 1024
MOST_SECONDS = 20

SLOTS = (BrandImage.Slot.LOGO_LIGHT, BrandImage.Slot.LOGO_DARK, BrandImage.Slot.FAVICON, BrandImage.Slot.LOGO_MAIL)
# The largest a picture of ours is, in pixels: twice what the largest place shows.
_SIZES: dict[str, dict[str, Any]] = {
    BrandImage.Slot.FAVICON: {"width": 192, "height": 192, "square": True},
}
_LOGO: dict[str, Any] = {"width": 640, "height": 160, "square": False}


class Refused(Exception):
    """The upload is not taken; the message says why, in words for who uploaded it."""


@dataclass(frozen=True)
class Made:
    """A picture of ours: a PNG without anything but its pixels."""

    content: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def made_from(content: bytes, slot: str) -> Made:
    """This will make the picture of a slot from an uploaded file. Raises Refused."""
    if not content:
        raise Refused(_("The file is empty."))
    if len(content) > MOST_BYTES:
        raise Refused(_("The file is larger than 2 MB. Use a smaller one."))
    order = json.dumps(_SIZES.get(slot, _LOGO)).encode() + b"\n" + content
    try:
        answer, _remarks = room.enter(PRESS, order, most_seconds=MOST_SECONDS)
    except room.NothingCame as error:
        logger.warning("brand_picture_not_made", reason=str(error)[:200])
        raise Refused(_("This picture is too complex to be drawn. Use a simpler one, or a PNG.")) from error
    head, _line, made = answer.partition(b"\n")
    told = json.loads(head)
    if "refused" in told:
        raise Refused(reason(told["refused"]))
    return Made(made, told["width"], told["height"])


def reason(name: str) -> str:
    """This will say in plain words why a file was refused."""
    reasons = {
        "unknown": _("This is not a picture we can read. Use a PNG, JPEG, WebP, GIF or SVG file."),
        "damaged": _("This file is damaged, or not what its name says. Export it again, or use a PNG."),
        "too_large": _("This picture has too many pixels. Make it at most 4,000 pixels wide."),
        "too_small": _("This picture is too small. It needs at least 16 pixels on each side."),
        "too_narrow": _("This picture is too long for its height. Cut off what is empty around it."),
        "script": _("This SVG contains a script. Export it without scripts, or use a PNG."),
        "outside": _("This SVG loads something from outside. Export it with everything in it, or use a PNG."),
        "entities": _("This SVG contains a document type declaration. Export it without one, or use a PNG."),
        "foreign": _("This SVG contains more than a drawing, such as a web page, a photo or an animation. Use a PNG."),
        "no_size": _("This SVG does not say how large it is. Export it with a width and a height, or use a PNG."),
        "too_complex": _("This picture is too complex to be drawn. Use a simpler one, or a PNG."),
    }
    return reasons.get(name, reasons["damaged"])
