"""What a PDF of Qt's says and how large it is written, read without a library for it."""

import re
import zlib
from dataclasses import dataclass
from functools import cached_property

OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
TEXT = re.compile(rb"\bBT\n/F(\d+) ([\d.]+) Tf (.*?)\bET\b", re.DOTALL)
RANGE = re.compile(rb"<(\w+)> <(\w+)> (?:<(\w+)>|\[([^\]]*)\])")


@dataclass
class Written:
    """Words in a font of so many units on a page, counted from 0."""

    page: int
    size: float
    words: str


class Document:
    def __init__(self, data):
        self.objects = {int(m[1]): m[2] for m in OBJECT.finditer(data)}
        kids = re.search(rb"/Kids\s*\[([^\]]*)\]", data)
        self.pages = [int(number) for number in re.findall(rb"(\d+) 0 R", kids[1])]
        self.embedded = data.count(b"/FontFile2") + data.count(b"/FontFile3")
        self.fonts = len(re.findall(rb"/Type /FontDescriptor", data))

    def stream(self, number):
        found = STREAM.search(self.objects[number])[1]
        return zlib.decompress(found) if b"FlateDecode" in self.objects[number] else found

    def text(self, page):
        return " ".join(one.words for one in self.written if one.page == page)

    @cached_property
    def written(self):
        letters, found = {}, []
        for number, page in enumerate(self.pages):
            content = self.stream(int(re.search(rb"/Contents (\d+)", self.objects[page])[1]))
            for block in TEXT.finditer(content):
                font = int(block[1])
                if font not in letters:
                    letters[font] = self.letters(font)
                codes = b"".join(re.findall(rb"<(\w+)> Tj", block[3]))
                parts = (codes[i : i + 4] for i in range(0, len(codes), 4))
                words = "".join(letters[font].get(part, "") for part in parts)
                found.append(Written(number, float(block[2]), words))
        return found

    def letters(self, font):
        table = self.stream(int(re.search(rb"/ToUnicode (\d+)", self.objects[font])[1]))
        found = {}
        for part in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
            for first, last, start, several in RANGE.findall(part):
                texts = re.findall(rb"<(\w+)>", several)
                for step in range(int(last, 16) - int(first, 16) + 1):
                    text = texts[step] if texts else b"%04X" % (int(start, 16) + step)
                    code = b"%04X" % (int(first, 16) + step)
                    found[code] = bytes.fromhex(text.decode()).decode("utf-16-be")
        return found
