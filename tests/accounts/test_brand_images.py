"""Pictures of a brand: whatever is uploaded, what is kept and served is a PNG of ours, or nothing."""

import io
import json
import struct
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image

from accounts import tenancy
from accounts.actions import branding
from accounts.brand import brand_images
from accounts.models import BrandImage
from portal.web import room
from tests import cast

DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 40">'
    b"<style>.a{fill:#f00}</style><defs><linearGradient id='g'><stop offset='0' stop-color='#00f'/></linearGradient></defs>"
    b"<rect class='a' width='50' height='40'/><rect x='50' width='50' height='40' fill='url(#g)'/><!--more--></svg>"
)


def picture(width: int = 600, height: int = 200, kind: str = "PNG", mode: str = "RGBA", **options) -> bytes:
    """This will draw a picture and save it as a kind of file."""
    written = io.BytesIO()
    color = {"RGBA": (200, 40, 40, 128), "RGB": (200, 40, 40), "CMYK": (0, 200, 200, 20), "P": 3, "L": 90}[mode]
    Image.new(mode, (width, height), color).save(written, kind, **options)
    return written.getvalue()


def opened(made: brand_images.Made) -> Image.Image:
    return Image.open(io.BytesIO(made.content))


def refusal(content: bytes, slot: str = "logo_light") -> str:
    with pytest.raises(brand_images.Refused) as refused:
        brand_images.made_from(content, slot)
    return str(refused.value)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("JPEG", "RGB"), ("JPEG", "CMYK"), ("WEBP", "RGBA"), ("GIF", "P")],
)
def test_each_kind_becomes_a_png_that_fits(kind: str, mode: str) -> None:
    made = brand_images.made_from(picture(1200, 400, kind, mode), "logo_light")
    image = opened(made)
    assert (image.format, image.size) == ("PNG", (480, 160)) == ("PNG", (made.width, made.height))
    assert len(made.content) < 60_000


def test_a_small_picture_is_not_blown_up_and_a_tab_icon_is_square() -> None:
    assert opened(brand_images.made_from(picture(90, 30), "logo_light")).size == (90, 30)
    icon = opened(brand_images.made_from(picture(600, 200), "favicon"))
    assert icon.size == (192, 192)
    assert icon.convert("RGBA").getpixel((5, 5)) == (0, 0, 0, 0), "what is added is transparent"


def test_nothing_but_pixels_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at the secret place"
    exif[0x0112] = 6  # lies on its side
    made = brand_images.made_from(
        picture(400, 200, "JPEG", "RGB", exif=exif, comment=b"a secret comment"), "logo_light"
    )
    image = opened(made)
    assert b"secret" not in made.content and not image.info.get("exif") and not image.getexif()
    assert image.size == (80, 160), "turned as the camera said"


def test_of_what_moves_the_first_frame_is_taken() -> None:
    written = io.BytesIO()
    frames = [Image.new("RGB", (64, 64), color) for color in ("red", "blue")]
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:])
    image = opened(brand_images.made_from(written.getvalue(), "favicon"))
    assert getattr(image, "n_frames", 1) == 1
    assert image.convert("RGB").getpixel((9, 9)) == (255, 0, 0)


def test_a_drawing_becomes_pixels() -> None:
    made = brand_images.made_from(DRAWING, "logo_light")
    image = opened(made).convert("RGBA")
    assert image.size == (400, 160) and image.getpixel((20, 20)) == (255, 0, 0, 255)
    assert image.getpixel((380, 80)) == (0, 0, 255, 255)
    assert b"<svg" not in made.content


def test_every_hostile_file_is_refused_with_a_reason(conformance_data: Path) -> None:
    folder = conformance_data / "bad-inputs"
    drawings = sorted((folder / "svg").glob("*.svg"))
    assert len(drawings) > 5
    for path in [*drawings, folder / "upload-html-xss.html", folder / "zip-symlink-etc-passwd.zip"]:
        assert len(refusal(path.read_bytes())) > 20, path.name


def test_no_naughty_text_breaks_the_process(conformance_data: Path) -> None:
    for text in json.loads((conformance_data / "bad-inputs" / "blns.json").read_text("utf-8"))[::40]:
        refusal((text or " ").encode())


def drawing(inside: str, head: str = "", attributes: str = 'viewBox="0 0 100 40"') -> bytes:
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"{head}<svg {names} {attributes}>{inside}</svg>".encode()


BOMB = '<g id="a0"><rect width="1" height="1"/></g>' + "".join(
    f'<g id="a{i}">' + f'<use href="#a{i - 1}"/>' * 9 + "</g>" for i in range(1, 10)
)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (drawing("<script>alert(1)</script>"), "script"),
        (drawing('<rect width="9" height="9" onclick="alert(1)"/>'), "script"),
        (drawing('<a xlink:href="javascript:alert(1)"><rect/></a>'), "more than a drawing"),
        (drawing('<use xlink:href="javascript:alert(1)"/>'), "script"),
        (drawing('<use href="data:image/svg+xml;base64,AAAA#a"/>'), "outside"),
        (drawing('<use href="file:///etc/passwd#a"/>'), "outside"),
        (drawing('<image href="/etc/passwd" width="9" height="9"/>'), "more than a drawing"),
        (drawing('<image href="data:image/png;base64,AAAA" width="9" height="9"/>'), "more than a drawing"),
        (drawing('<rect fill="url(http://example.com/#a)" width="9" height="9"/>'), "outside"),
        (drawing("<rect style=\"fill:u\\72l('//example.com')\" width='9' height='9'/>"), "outside"),
        (drawing("<style>@import 'http://example.com/a.css';</style>"), "outside"),
        (drawing("<style>.a{fill:url(//example.com/a)}</style>"), "outside"),
        (drawing("<style>.a{background:u&#114;l(//example.com/a)}</style>"), "outside"),
        (drawing("<foreignObject><div xmlns='http://www.w3.org/1999/xhtml'>x</div></foreignObject>"), "more than"),
        (drawing("<animate attributeName='x'/>"), "more than"),
        (drawing("<filter id='f'><feImage href='#a'/></filter>"), "more than"),
        (drawing("", head='<?xml-stylesheet href="http://example.com/a.css"?>'), "outside"),
        (drawing("&x;", head='<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "document type"),
        (drawing("", head='<!DOCTYPE svg SYSTEM "http://example.com/a.dtd">'), "document type"),
        (drawing("", head='<!DOCTYPE svg [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;">]>'), "document type"),
        (drawing("", attributes='xml:base="http://example.com/" viewBox="0 0 9 9"'), "outside"),
        (drawing("<g>" * 70 + "</g>" * 70), "too complex"),
        (drawing("<g/>" * 6000), "too complex"),
        (drawing('<use href="#a"/>' * 200), "too complex"),
        (drawing("<rect width='9' height='9'/>", attributes=""), "how large"),
        (drawing("", attributes='viewBox="0 0 1 1000"'), "too long"),
        (drawing("", attributes='viewBox="0 0 -5 nan"'), "how large"),
        (drawing("", attributes='viewBox="0 0 inf inf"'), "how large"),
        (drawing("<g>"), "damaged"),
        (drawing("")[:-4], "damaged"),
        (drawing("").decode().encode("utf-16"), "damaged"),
        (b"<html><script>alert(1)</script></html>", "more than a drawing"),
        (b"%PDF-1.7\n", "not a picture"),
        (b"%!PS-Adobe\n", "not a picture"),
        (b"\x00" * 5000, "not a picture"),
        (b"GIF89a" + b"\xff" * 40, ""),
        (picture()[:200], "damaged"),
        (b"", "empty"),
        (b"x" * (brand_images.MOST_BYTES + 1), "larger than 2 MB"),
        (picture(8, 8), "too small"),
        (picture(2000, 20), "too long"),
    ],
    ids=lambda value: str(value)[:60] if isinstance(value, str) else f"{len(value)}-bytes",
)
def test_what_is_no_harmless_picture_is_refused_with_a_reason(content: bytes, why: str) -> None:
    assert why in refusal(content)


def test_a_drawing_that_grows_while_it_is_drawn_ends_in_time() -> None:
    started = time.monotonic()
    assert refusal(drawing(BOMB + '<use href="#a9"/>'))
    assert time.monotonic() - started < brand_images.MOST_SECONDS + 2


def test_a_header_that_promises_too_many_pixels_is_refused_before_they_are_made() -> None:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 8, 6, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress(b"\x00" * 100_000))
    started = time.monotonic()
    assert "too many pixels" in refusal(b"\x89PNG\r\n\x1a\n" + head + rows + chunk(b"IEND", b""))
    assert time.monotonic() - started < 5


def test_the_process_gets_nothing_of_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    seen = {}

    def instead(*args, **kwargs):
        seen.update(kwargs, command=args[0])
        raise room.subprocess.TimeoutExpired("press", 1)

    monkeypatch.setattr(room.subprocess, "run", instead)
    assert "too complex" in refusal(DRAWING)
    assert set(seen["env"]) == {"PATH", "LANG", "RAYON_NUM_THREADS"} and "-I" in seen["command"]


# --- Kept and served ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_picture_is_served_for_good_under_its_organizations_host_and_no_other() -> None:
    made = brand_images.made_from(DRAWING, "logo_light")
    with cast.inside():
        kept = branding.add_picture(by=cast.viewer("ada"), slot="logo_light", made=made)
        assert branding.add_picture(by=cast.viewer("ada"), slot="logo_light", made=made) == kept, (
            "the same is kept once"
        )
    answer = cast.visitor().get(f"/brand/pictures/{kept.pk}.png")
    assert answer.status_code == 200 and answer.content == made.content
    assert answer["Content-Type"] == "image/png" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "Set-Cookie" not in answer
    assert cast.visitor(at="sunny").get(f"/brand/pictures/{kept.pk}.png").status_code == 404
    assert cast.visitor(at="nobody").get(f"/brand/pictures/{kept.pk}.png").status_code == 404
    with tenancy.scope(cast.organization("sunny").pk):
        assert not BrandImage.objects.filter(pk=kept.pk).exists()
