"""Reading a PDF the way its reader does: the words on its pages, without the running head and foot."""

import pypdfium2

_MILLIMETRE = 72 / 25.4
_HEAD, _FOOT = 22 * _MILLIMETRE, 19 * _MILLIMETRE


def pages(made: bytes, *, is_whole: bool = False, has_cover: bool = True) -> list[str]:
    """This will return the words of each page; of a cover, which has neither head nor foot, all of them."""
    with pypdfium2.PdfDocument(made) as document:
        return [
            _words(document[index], is_whole=is_whole or (has_cover and not index)) for index in range(len(document))
        ]


def _words(page: pypdfium2.PdfPage, *, is_whole: bool) -> str:
    text = page.get_textpage()
    try:
        if is_whole:
            return text.get_text_bounded()
        width, height = page.get_size()
        return text.get_text_bounded(left=0, bottom=_FOOT, right=width, top=height - _HEAD)
    finally:
        text.close()
        page.close()


def squeezed(text: str) -> str:
    """This will leave out everything that a line's end may have changed: space, and hyphens."""
    return "".join(
        character for character in text if character not in "-\u00ad\u200b\ufffe\x02" and not character.isspace()
    )
