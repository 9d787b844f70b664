"""The text of a PDF as a reader copies it, page by page, from the codes of its fonts."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """What a test asks of a PDF."""

    pages: tuple[str, ...]
    metadata: dict[str, str]
    language: str
    is_tagged: bool
    keys: frozenset[str]
    fonts: tuple[frozenset[str], ...]
    links: tuple[str, ...]
    alternatives: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return all text without spaces."""
        return "".join(self.pages)


def read(content: bytes) -> Read:
    """Read a PDF."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        with pdf.open_metadata() as metadata:
            told = {str(key): str(value) for key, value in metadata.items()}
        inside = [one for top in pdf.objects for one in _dictionaries(top)]
        return Read(
            pages=tuple("".join("".join(_texts(page)).split()) for page in pdf.pages),
            metadata=told,
            language=str(pdf.Root["/Lang"]),
            is_tagged=bool(pdf.Root["/MarkInfo"]["/Marked"]) and "/StructTreeRoot" in pdf.Root,
            keys=frozenset(str(key) for one in inside for key in one),
            fonts=tuple(frozenset(map(str, one)) for one in inside if one.get("/Type") == "/FontDescriptor"),
            links=tuple(str(one["/URI"]) for one in inside if "/URI" in one),
            alternatives=tuple(str(one["/Alt"]) for one in inside if "/Alt" in one),
        )


def squeezed(text: str) -> str:
    """Return a text as it stands among the pages of `Read`: without spaces and without places to break."""
    return "".join(text.replace("\u200b", "").split())


def _dictionaries(one: Any) -> Iterator[Any]:  # noqa: ANN401 - pikepdf's objects are of no type of their own
    """Give a dictionary and all that lie in it directly, not by reference."""
    if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
        yield one
    inside = one if isinstance(one, pikepdf.Array) else [one[key] for key in one] if _has_keys(one) else []
    for part in inside:
        if isinstance(part, pikepdf.Object) and not part.is_indirect:
            yield from _dictionaries(part)


def _has_keys(one: Any) -> bool:  # noqa: ANN401 - as above
    return isinstance(one, pikepdf.Dictionary | pikepdf.Stream)


def _texts(page: pikepdf.Page) -> Iterator[str]:
    fonts = {str(name): _letters(font) for name, font in page.resources.get("/Font", {}).items()}
    letters: dict[int, str] = {}
    for step in pikepdf.parse_content_stream(page):
        operands, operator = step.operands, step.operator
        if str(operator) == "Tf":
            letters = fonts[str(operands[0])]
        elif str(operator) in {"Tj", "TJ"}:
            parts = operands[0] if str(operator) == "TJ" else operands
            yield "".join(_decoded(bytes(part), letters) for part in parts if isinstance(part, pikepdf.String))
        elif str(operator) == "ET":
            yield " "


def _decoded(codes: bytes, letters: dict[int, str]) -> str:
    pairs = (int.from_bytes(codes[place : place + 2]) for place in range(0, len(codes), 2))
    return "".join(letters.get(code, "") for code in pairs).replace("\u200b", "")


def _letters(font: Any) -> dict[int, str]:  # noqa: ANN401 - as above
    text = bytes(font["/ToUnicode"].read_bytes()).decode("ascii")
    letters = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.DOTALL):
        for code, letter in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            letters[int(code, 16)] = bytes.fromhex(letter).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.DOTALL):
        for first, last, letter in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            for place in range(int(first, 16), int(last, 16) + 1):
                letters[place] = chr(int(letter, 16) + place - int(first, 16))
    return letters
