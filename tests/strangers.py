"""What strangers write where a name is expected, and whether any of it got out."""

from unicodedata import category

VISIBLE_FORMATS = {0x70F, 0x8E2, 0x6DD, 0x890, 0x891, 0x110BD, 0x110CD, *range(0x600, 0x606)}
"""Signs of Arabic, Syriac and Kaithi that Unicode counts among the invisible ones."""
FILLERS = {0x115F, 0x1160, 0x3164, 0xFFA0}

NAME = (
    "\x1b[31mH10\x1b]0;title\x07\x9b2J\x1b\x90\r\nforged: 100 bpm\t\x00\x7f\u202egnp.exe"
    "\u2066\u061c\u200b\u200d\u2028\u2029\ufeff\U000e0041\ufffe=1+1;@" + "Z" + "\u0335\u0341" * 40
)
"""A name that every field of a log takes."""
FILE = NAME.replace("\x00", "").replace("\u0335\u0341" * 40, "") + "\udcff"
"""A name that a file can have: no zero, no slash, not too long, and not all of it UTF-8."""


def acts_or_hides(letter):
    """Whether a character is a control, turns text round, cannot be seen or is none."""
    code = ord(letter)
    hidden = category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") and code not in VISIBLE_FORMATS
    return hidden or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF or code in FILLERS


def leaked(output):
    """What a program's output holds that acts or hides; its own line ends do not count."""
    text = output.decode() if isinstance(output, bytes) else output
    found = {f"{ord(letter):#x}" for letter in text if letter != "\n" and acts_or_hides(letter)}
    found |= {"a tower of marks"} if "\u0335\u0341" * 4 in text else set()
    return found | ({"a line that is not ours"} if "\nforged" in text else set())
