"""Draws a screen's cells as a picture: letters in a font, blocks and braille as exact shapes, so that no seams show."""

from __future__ import annotations

from collections.abc import Iterable

from PIL import Image, ImageDraw, ImageFont
from rich.cells import cell_len
from rich.color import Color
from rich.terminal_theme import TerminalTheme
from textual.strip import Strip

FONT_SIZE = 20
REGULAR, BOLD = "DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf"
"""Debian: fonts-dejavu-core."""
LOWER = "▁▂▃▄▅▆▇█"
DOTS = ((0, 0, 0x01), (0, 1, 0x02), (0, 2, 0x04), (1, 0, 0x08), (1, 1, 0x10), (1, 2, 0x20), (0, 3, 0x40), (1, 3, 0x80))
"""Column, row and bit of each dot of a braille character."""
Box = tuple[float, float, float, float]


def paint(rows: Iterable[Strip], terminal: TerminalTheme, font_size: int = FONT_SIZE) -> Image.Image:
    """The picture of these rows on a terminal that has those sixteen colours."""
    ground = terminal.background_color.hex
    screen = list(rows)
    fonts = {bold: ImageFont.truetype(BOLD if bold else REGULAR, font_size) for bold in (False, True)}
    width = round(fonts[False].getlength("M"))
    height = sum(fonts[False].getmetrics())
    image = Image.new("RGB", (width * max(strip.cell_length for strip in screen), height * len(screen)), ground)
    draw = ImageDraw.Draw(image)
    for y, strip in enumerate(screen):
        x = 0
        for text, style, _ in strip:
            ink, paper = _hex(style and style.color, terminal), _hex(style and style.bgcolor, terminal, is_ink=False)
            if style and style.reverse:
                ink, paper = paper, ink
            font = fonts[bool(style and style.bold)]
            for character in text:
                cells = cell_len(character)
                box = (x * width, y * height, (x + cells) * width, (y + 1) * height)
                draw.rectangle(_pixels(box), fill=paper)
                shapes = _shapes(character, box)
                for shape in shapes:
                    draw.rectangle(_pixels(shape), fill=ink)
                if not shapes and character != " ":
                    draw.text(box[:2], character, fill=ink, font=font)
                x += cells
    return image


def reduced(image: Image.Image, colours: int = 256) -> Image.Image:
    """With so many colours, also those that few cells have; a third of the bytes."""
    return image.quantize(colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)


def _shapes(character: str, box: Box) -> list[Box]:
    """The rectangles of a block or braille character; none for others."""
    left, top, right, bottom = box
    high, wide = bottom - top, right - left
    if character in LOWER:
        return [(left, bottom - high * (LOWER.index(character) + 1) / 8, right, bottom)]
    if character == "▀":
        return [(left, top, right, top + high / 2)]
    if character == "▔":
        return [(left, top, right, top + high / 8)]
    if "\u2800" <= character <= "\u28ff":
        bits, dot = ord(character) - 0x2800, wide / 3.5
        centres = [(left + wide * (1 + 2 * c) / 4, top + high * (1 + 2 * r) / 8) for c, r, bit in DOTS if bits & bit]
        return [(x - dot / 2, y - dot / 2, x + dot / 2, y + dot / 2) for x, y in centres]
    return []


def _pixels(box: Box) -> tuple[int, int, int, int]:
    """Right and bottom edges belong to the next cell."""
    return round(box[0]), round(box[1]), round(box[2]) - 1, max(round(box[3]) - 1, round(box[1]))


def _hex(color: Color | None, terminal: TerminalTheme, is_ink: bool = True) -> str:
    return (color or Color.default()).get_truecolor(terminal, is_ink).hex
