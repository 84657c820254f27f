"""Hostile recordings by name, and what reading each of them costs in a process of its own.

`python -m tests.pipelines.formats.hostile FOLDER` makes one after the other in FOLDER and prints a line of
JSON for each: what came of it, its processor time in s and its memory in MB above that at rest.
"""

# ruff: noqa: E501 - a hostile file a line

import base64
import io
import json
import os
import resource
import socket
import struct
import sys
import time
import warnings
import zipfile
import zlib
from pathlib import Path

import numpy as np

MOST = 64_000_000
RR = [900 + 20 * (place % 7) for place in range(300)]
DOUBLES = np.array(RR, float).tobytes()
COLUMN = b"".join(b"%d\n" % rr for rr in RR)
ENDS = (np.cumsum(RR) / 1000).tolist()
TABLE = b"time_s,rr_ms\n" + b"".join(b"%.3f,%d\n" % row for row in zip(ENDS, RR, strict=True))
HRM = b"[Params]\r\nDate=20141215\r\nStartTime=19:59:34.5\r\nInterval=238\r\n\r\n[HRData]\r\n"
VU = b"Subject Id: 1\nR-peak time\tibi_cumulative\tibi\tinterpolated\tLabelCode1\t\n"


def clock(second):
    return b"30-06-23/%02d:%02d:%06.3f" % (12 + int(second) // 3600, second // 60 % 60, second % 60)


VU_ROWS = b"".join(
    b"%s\t0\t%d\tO\t-9999\t\n" % (clock(t), rr) for t, rr in zip(ENDS, RR, strict=True)
)
IBI = b"1560279825.000000, IBI\n" + b"".join(
    b"%.6f,%.6f\n" % (end, rr / 1000) for end, rr in zip(ENDS, RR, strict=True)
)
ISO = b"timestamp;rr_ms\n" + b"".join(
    b"2026-01-02T10:%02d:%02d;900\n" % (n // 60, n % 60) for n in range(300)
)


def npy(descr="<f8", shape="(300,)", data=DOUBLES, version=b"\x01\x00"):
    header = f"{{'descr': {descr!r}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    size = struct.pack("<H" if version[0] == 1 else "<I", len(header))
    return b"\x93NUMPY" + version + size + header + data


def insert(data, piece, line=5):
    """`data` with a line put in."""
    lines = data.split(b"\n")
    return b"\n".join([*lines[:line], piece, *lines[line:]])


FILES = {
    # numbers
    "1e308 among intervals": lambda: insert(COLUMN, b"1e308"),
    "1e308 alone": lambda: b"1e308\n" * 300,
    "1e-320 alone": lambda: b"1e-320\n" * 300,
    "1e-320 among intervals": lambda: insert(COLUMN, b"1e-320"),
    "-1e308 among intervals": lambda: insert(COLUMN, b"-1e308"),
    "inf among intervals": lambda: insert(COLUMN, b"inf"),
    "-inf and nan among intervals": lambda: insert(insert(COLUMN, b"-inf"), b"nan"),
    "nan alone": lambda: b"nan\n" * 300,
    "1e999": lambda: insert(COLUMN, b"1e999"),
    "times of 1e308": lambda: b"time_s,rr_ms\n" + b"1e308,900\n" * 300,
    "times of 1e308 and -1e308": lambda: b"t,rr\n" + b"1e308,900\n-1e308,900\n" * 100,
    "times of 1e-320": lambda: b"t,rr\n" + b"1e-320,900\n" * 300,
    "a time of inf": lambda: insert(TABLE, b"inf,900"),
    "a time of nan": lambda: insert(TABLE, b"nan,900"),
    "a time of 1e18": lambda: insert(TABLE, b"1e18,900"),
    "intervals of 1e308 with times": lambda: insert(TABLE, b"4.0,1e308"),
    "IBI of 1e308": lambda: insert(IBI, b"1e308,0.9"),
    "IBI whose start has 400 digits": lambda: b"9" * 400 + b", IBI\n" + IBI.split(b"\n", 1)[1],
    "a number of 100000 digits": lambda: insert(COLUMN, b"9" * 100_000),
    "a fraction of 1000000 digits": lambda: insert(COLUMN, b"900." + b"1" * 1_000_000),
    "numbers with underscores": lambda: b"1_000\n" * 300,
    "digits of another script": lambda: "９００\n٩٠٠\n".encode() * 150,
    "hexadecimal": lambda: b"0x384\n" * 300,
    "complex numbers": lambda: b"900+1j\n" * 300,
    # lines and columns
    "10 million empty lines": lambda: COLUMN + b"\n" * 10_000_000,
    "nothing but 50 million line ends": lambda: b"\n" * 50_000_000,
    "10 million lines of CR LF": lambda: b"\r\n" * 10_000_000 + COLUMN,
    "5 million comments": lambda: b"#x\n" * 5_000_000 + COLUMN,
    "5 million lines of blanks": lambda: b" \t\n" * 5_000_000 + COLUMN,
    "one line of 50 MB": lambda: b"9" * 50_000_000,
    "one line of 50 MB in a table": lambda: TABLE + b"9" * 50_000_000,
    "one line of 50 MB of blanks": lambda: COLUMN + b" " * 50_000_000 + b"\n900\n",
    "a million columns": lambda: b"900," * 1_000_000,
    "a million columns, 20 lines": lambda: (b"9," * 1_000_000 + b"\n") * 20,
    "many columns, many lines": lambda: (b"9," * 500_000 + b"\n") * 50,
    "a header of 100000 names": lambda: b",".join(b"n%d" % n for n in range(100_000)) + b"\n900\n",
    "20 headers of 10000 names": lambda: (
        (b",".join(b"n%d" % n for n in range(10_000)) + b"\n") * 20
    ),
    "a name of blanks": lambda: b"rr" + b" " * 60_000 + b"x,time\n900,1\n",
    "names of blanks and dashes": lambda: (b"rr" + b" -_" * 20 + b"x,") * 900 + b"\n900\n",
    "only separators": lambda: b",;\t," * 100_000 + b"\n",
    "only separators, many lines": lambda: b",,,,\n" * 2_000_000,
    "only quotes": lambda: b'"' * 5_000_000,
    "a quote never closed": lambda: b'time_s,rr_ms\n"' + TABLE[13:],
    "a quote never closed, 50 MB": lambda: b'time_s,rr_ms\n"' + b"1,9\n" * 12_000_000,
    "mixed line ends": lambda: COLUMN.replace(b"\n", b"\r", 50).replace(b"\n", b"\r\n", 50),
    "line ends of Unicode": lambda: "900\u2028901\x85902\n".encode() * 100,
    "rows too short": lambda: b"a,b,c,d,rr_ms\n" + b"1,2\n" * 1_000_000,
    "more intervals than 30 days": lambda: b"9\n" * 25_000_000,
    "30 days of intervals and one more": lambda: b"900\n" * 2_900_000,
    # encodings
    "NUL bytes": lambda: COLUMN.replace(b"\n", b"\x00"),
    "64 MB of NUL bytes": lambda: bytes(MOST),
    "random bytes": lambda: np.random.default_rng(1).bytes(5_000_000),
    "UTF-16 without a mark": lambda: COLUMN.decode().encode("utf-16-le"),
    "UTF-16 big-endian without a mark": lambda: COLUMN.decode().encode("utf-16-be"),
    "UTF-16 cut in a letter": lambda: COLUMN.decode().encode("utf-16")[:-1],
    "UTF-16 of lone surrogates": lambda: b"\xff\xfe" + b"\x00\xd8" * 10_000_000,
    "UTF-32": lambda: COLUMN.decode().encode("utf-32"),
    "UTF-32 without a mark": lambda: COLUMN.decode().encode("utf-32-le"),
    "a mark in the middle": lambda: insert(COLUMN, b"\xef\xbb\xbf900"),
    "a mark and then Latin-1": lambda: b"\xef\xbb\xbf" + VU + VU_ROWS + b"\xe9\n",
    "a mark alone": lambda: b"\xef\xbb\xbf",
    "UTF-8 that is wrong at the end": lambda: COLUMN * 20_000 + b"# \xff",
    "UTF-8 too long": lambda: insert(COLUMN, b"\xc0\xaf"),
    "UTF-8 of surrogates": lambda: insert(COLUMN, b"\xed\xa0\x80"),
    "50 MB with one letter of four bytes": lambda: b"# \xf0\x9f\x99\x82\n" + b"x\n" * 25_000_000,
    "escapes of a terminal": lambda: insert(COLUMN, b"\x1b]0;own\x07\x1b[2J"),
    "empty": lambda: b"",
    # dates
    "a date of 99999-99-99": lambda: insert(ISO, b"99999-99-99T10:00:00;900"),
    "the first date there is": lambda: insert(ISO, b"0001-01-01T00:00:00+14:00;900", line=1),
    "the last date there is": lambda: insert(ISO, b"9999-12-31T23:59:59-14:00;900"),
    "dates with and without zones": lambda: insert(ISO, b"2026-01-02T10:00:04+02:00;900"),
    "a date of 100000 letters": lambda: insert(
        ISO, b"2026-01-02T10:00:00." + b"0" * 100_000 + b";900"
    ),
    "a date first, numbers after": lambda: b"t;rr\n2026-01-02;900\n" + b"5;900\n" * 50,
    "25 MB of dates": lambda: ISO + b"2026-01-02T10:00:00;900\n" * 1_000_000 + b"now;900\n",
    # formats
    "IBI of 50 MB": lambda: IBI + b"1,9\n" * 12_000_000,
    "VU-AMS of 25 MB": lambda: VU + b"30-06-23/23:59:58.000\t0\t900\n" * 850_000 + b"now",
    "HRM.hrm": lambda: HRM + COLUMN + b"1e308\n",
    "HRM of heart rates.hrm": lambda: HRM.replace(b"238", b"9" * 5000) + COLUMN,
    "HRM without data.hrm": lambda: HRM.replace(b"[HRData]", b"") + b"a=b\n" * 5_000_000,
    "HRM whose length is absurd.hrm": lambda: HRM.replace(b"Date=2014", b"Length=9e999\nDate=9999"),
    "HRM of a line.hrm": lambda: HRM + b"900 " * 5_000_000,
    "HRM of one name.hrm": lambda: b"[Params]" + b"=" * 50_000_000,
    "VU-AMS of absurd dates": lambda: VU + VU_ROWS + b"99-99-99/99:99:99.999\t0\t900\tO\n",
    "VU-AMS without a row": lambda: VU,
    "VU-AMS of a long row": lambda: VU + VU_ROWS + b"30-06-23/23:59:59.0" + b"\t900" * 250_000,
    "SelfLoops of absurd times": lambda: (
        b"1 May 2017 18:51:01\nTime (ms),HR (bpm),R-R (ms)\n" + b"1e300,60,900\n" * 300
    ),
    "HRV Logger of absurd times": lambda: b"timestamp, rr, since_start\n" + b"9e18,900,1\n" * 300,
    "npy of one byte each.npy": lambda: npy("|i1", "(60000000,)", bytes(60_000_000)),
    "npy of half floats.npy": lambda: npy("<f2", "(30000000,)", bytes(60_000_000)),
    "npy of an absurd length.npy": lambda: npy(shape="(1" + "0" * 4500 + ",)"),
    "npy of a negative length.npy": lambda: npy(shape="(-300,)"),
    "npy longer than it is.npy": lambda: npy(shape="(10000000000,)"),
    "npy of objects.npy": lambda: npy("|O", data=b"cos\nsystem\n(S'false'\ntR."),
    "npy of objects as NumPy writes.npy": lambda: saved(np.array([1, "a"], object)),
    "npy of records.npy": lambda: saved(np.zeros(300, [("rr", "f8"), ("t", "f8")])),
    "npy of text.npy": lambda: saved(np.array(["900"] * 300)),
    "npy of dates.npy": lambda: saved(np.zeros(300, "M8[s]")),
    "npy of rows.npy": lambda: saved(np.zeros((300, 2))),
    "npy of one number.npy": lambda: saved(np.float64(900)),
    "npy cut.npy": lambda: npy()[:-1],
    "npy whose header never ends.npy": lambda: b"\x93NUMPY\x02\x00\xff\xff\xff\x7f{'descr'",
    "npy whose header is code.npy": lambda: npy(shape="(__import__('os').abort(),)"),
    "npy of signalling NaN.npy": lambda: npy("<f4", data=b"\x01\x00\xa0\x7f" * 300),
    "npy of 1e308.npy": lambda: npy(data=np.full(300, 1e308).tobytes()),
    "npy of 1e308 and its negative.npy": lambda: npy(
        data=np.array([1e308, -1e308] * 150).tobytes()
    ),
    "larger than the cap": lambda: b"900\n" * (MOST // 4 + 1),
    "PDF": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 100,
    "gzip": lambda: b"\x1f\x8b\x08\x00" + zlib.compress(COLUMN),
    "a deep list in brackets": lambda: b"[" * 1_000_000,
}


def saved(array):
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=True)
    return stream.getvalue()


def event(kind, seconds, /, **fields):
    return json.dumps({"type": kind, "time": seconds, **fields})


def packet(seconds, rr=1000.0, source=0):
    data = base64.b64encode(struct.pack("<d", rr)).decode()
    return event("Packet", seconds, source=source, kind="intervals", data=data)


PACKETS = [packet(float(second)) for second in range(1, 301)]


def contents(lines=PACKETS, events=None, **changes):
    """The two files of an export whose log these lines are."""
    metadata = {
        "schema": 1, "program": "interbeat", "version": "0", "session": "abc", "started": 1.7e9,
        "state": "finished", "sources": [], "events": len(lines) if events is None else events,
    }  # fmt: skip
    log = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
    return {"metadata.json": json.dumps(metadata | changes).encode(), "events.jsonl": log + b"\n"}


def zipped(files, compression=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w", compression) as archive:
        warnings.simplefilter("ignore")  # a name given twice is meant
        for name, data in files.items() if isinstance(files, dict) else files:
            archive.writestr(name, data)
    return stream.getvalue()


def log(*more, **changes):
    """A zip of an export whose log has these lines besides its packets."""
    return zipped(contents([*more, *PACKETS], **changes))


def changed(data, place, form, *values, mark=b"PK\x01\x02", which=0):
    """A zip with numbers of its list of files changed."""
    at = -1
    for _ in range(which + 1):
        at = data.index(mark, at + 1)
    written = bytearray(data)
    struct.pack_into(form, written, at + place, *values)
    return bytes(written)


def bomb(size, lies=False):
    data = zipped(contents() | {"events.jsonl": b"0" * size})
    return changed(data, 24, "<I", 100, which=1) if lies else data


def overlapping():
    """A zip whose list names one member 900 times."""
    data = zipped(contents())
    begin, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entry = data[begin : data.index(b"PK\x01\x02", begin + 1)]
    listed = entry * 900 + data[begin + len(entry) : end]
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 901, 901, len(listed), begin, 0)
    return data[:begin] + listed + tail


def zip64():
    """A zip whose end says that its list is as long as the world."""
    data = zipped(contents())
    end = data.index(b"PK\x05\x06")
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 2**60, 2**60, 2**62, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    return data[:end] + record + locator + data[end:]


FILES |= {
    f"{name}.zip": make
    for name, make in {
        "zip without an export": lambda: zipped({"a.txt": COLUMN}),
        "zip of nothing": lambda: zipped({}),
        "zip in a zip": lambda: zipped({"abc.zip": log()}),
        "zip of names that climb": lambda: zipped({"../../events.jsonl": b"", "/metadata.json": b""}),
        "zip of an export and names that climb": lambda: zipped(contents() | {"../../../tmp/x": b"x"}),
        "zip of names of 60000 letters": lambda: zipped(contents() | {"n" * 60_000: b"x"}),
        "zip of 100000 members": lambda: zipped(contents() | {f"{n}": b"" for n in range(100_000)}),
        "zip with a name twice": lambda: zipped([*contents().items(), *contents([]).items()]),
        "zip bomb of 1 GB": lambda: bomb(1_000_000_000),
        "zip bomb that says 100 bytes": lambda: bomb(200_000_000, lies=True),
        "zip of overlapping members": overlapping,
        "zip whose list is endless": zip64,
        "zip encrypted": lambda: changed(log(), 8, "<H", 1),
        "zip of an unknown compression": lambda: changed(log(), 10, "<H", 99),
        "zip by LZMA": lambda: zipped(contents(), zipfile.ZIP_LZMA),
        "zip by bzip2": lambda: zipped(contents(), zipfile.ZIP_BZIP2),
        "zip cut": lambda: log()[:-30],
        "zip cut in half": lambda: log()[: len(log()) // 2],
        "zip after other data": lambda: COLUMN + log(),
        "zip before other data": lambda: log() + bytes(100_000),
        "zip whose list lies": lambda: changed(log(), 42, "<I", 2**31),
        "zip with a size that lies": lambda: changed(log(), 20, "<I", 2**31, which=1),
        "zip with a wrong checksum": lambda: changed(log(), 16, "<I", 1, which=1),
        "events of deep JSON": lambda: log(b'{"type":' * 100_000),
        "events of deep lists": lambda: log(b'{"a":' + b"[" * 100_000),
        "events with a deep time": lambda: log(b'{"type":"Mark","time":' + b"[" * 100_000),
        "metadata of deep JSON": lambda: zipped(contents() | {"metadata.json": b'{"a":' * 100_000}),
        "metadata that is large": lambda: zipped(contents() | {"metadata.json": b" " * 65_000_000}),
        "metadata of many sources": lambda: log(sources=[{"source": 1, "role": "", "device": ""}] * 1_000_000),
        "metadata with large numbers": lambda: log(schema=10**4000),
        "metadata with absurd counts": lambda: log(events=10**18),
        "metadata of 1e308": lambda: log(started=1e308),
        "events in one line": lambda: log('{"type":"Mark","time":1,"text":"' + "x" * 50_000_000 + '"}'),
        "events of 50 MB of line ends": lambda: zipped(contents([b"\n" * 50_000_000], 50_000_001)),
        "events with NUL bytes": lambda: log(bytes(1000)),
        "events at 1e308": lambda: log(event("Mark", 1e308, text="a")),
        "events at 1e999": lambda: log(b'{"type":"Mark","time":1e999,"text":"a"}'),
        "events at NaN": lambda: log(event("Mark", float("nan"), text="a")),
        "events at Infinity": lambda: log(event("Mark", float("inf"), text="a")),
        "events before the beginning": lambda: log(event("Mark", -1e300, text="a")),
        "packets out of order": lambda: log(packet(200.0)),
        "intervals of 1e308 in an export": lambda: log(packet(0.5, 1e308), packet(0.6, -1e308)),
        "intervals of NaN in an export": lambda: log(packet(0.5, float("nan"))),
        "intervals of inf in an export": lambda: log(packet(0.5, float("inf")), packet(0.6, -np.inf)),
        "intervals of 1e-320 in an export": lambda: log(packet(0.5, 1e-320)),
        "5000 sources": lambda: log(*[packet(0.5, source=n) for n in range(5000)]),
        "a source of 2 to the 63rd": lambda: log(packet(0.5, source=2**63)),
        "a source of 4000 digits": lambda: log(packet(0.5, source=10**4000)),
        "a source below 0": lambda: log(packet(0.5, source=-1)),
        "a packet of 40 MB": lambda: log(blob(40_000_000)),
        "a packet of 700 kB": lambda: log(blob(700_000)),
        "a block of 40 MB": lambda: log(blob(40_000_000, "timed_intervals")),
        "a block of 700 kB": lambda: log(blob(700_000, "timed_intervals")),
        "a block that runs backwards": lambda: log(block(3.0, 2.0, 1.0)),
        "a block of the year 3000": lambda: log(block(1.0, 3.3e10)),
        "a block before the session": lambda: log(block(-1e308, 1.0)),
        "a block of no time": lambda: log(block(float("nan"), 1.0)),
        "a rate of 1e308": lambda: log(series(rate=1e308)),
        "a rate of 1e-320": lambda: log(series(rate=1e-320)),
        "a channel of 2 to the 63rd": lambda: log(series(channel=2**63)),
        "a channel below 0": lambda: log(series(channel=-1)),
        "a packet of no whole intervals": lambda: log(blob(7)),
        "a kind of packet unknown": lambda: log(
            event("Packet", 0.5, source=0, kind="x" * 1000, data="")
        ),
        "no base64": lambda: log(event("Packet", 0.5, source=0, kind="intervals", data="@@")),
        "events of wrong UTF-8": lambda: log(b'{"type":"Mark","time":1,"text":"\xff"}'),
        "events with a lone surrogate": lambda: log(b'{"type":"Mark","time":1,"text":"\\ud800"}'),
        "a baseline of 1e308": lambda: log(
            event("Baseline", 1.0, source=0, start=-1e308, end=1e308)
        ),
        "a clock of 1e308": lambda: log(event("WallClock", 1.0, wall=1e308, jump=1e308)),
        "a pace of 1e308": lambda: log(event("Pace", 1.0, rate=1e308, inhale=-1e308)),
        "an assessment of 1e308": lambda: log(
            event("Assessment", 1.0, course="stepped", start=1e308, inhale=0.4),
            event("Assessment", 1.0, course="sliding", start=-1e308, inhale=-1e308),
        ),
        "an assessment unheard of": lambda: log(event("Assessment", 1.0, course="x" * 1000)),
        "an event of another program": lambda: log(event("Os", 1.0, system="false")),
        "a tick": lambda: log(event("Tick", 1.0)),
        "100000 marks": lambda: log(*[event("Mark", 1.0, text="")] * 100_000),
    }.items()
}  # fmt: skip


def blob(size, kind="intervals"):
    data = base64.b64encode(bytes(size)).decode()
    return event("Packet", 0.5, source=0, kind=kind, data=data)


def block(*arrival):
    data = struct.pack(f"<{2 * len(arrival)}d", *arrival, *[800.0] * len(arrival))
    kind = "timed_intervals"
    return event("Packet", 0.5, source=0, kind=kind, data=base64.b64encode(data).decode())


def series(**fields):
    return event("Packet", 0.5, source=0, kind="ecg", data="", **fields)


def pipe(path):
    os.mkfifo(path)


def listening(path):
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(path))


def in_a_circle(path):
    path.symlink_to(path)


def to_nowhere(path):
    path.symlink_to(path.with_name("nowhere"))


def to_a_device(path):
    path.symlink_to("/dev/zero")


def folder_of(**makers):
    def make(path):
        path.mkdir()
        for name, data in contents().items():
            (path / name).write_bytes(data)
        for name, maker in makers.items():
            place = path / f"{name}.{'json' if name == 'metadata' else 'jsonl'}"
            place.unlink()
            maker(place)

    return make


OTHERS = {
    "a pipe": pipe,
    "a socket": listening,
    "a link in a circle": in_a_circle,
    "a link to nowhere": to_nowhere,
    "a link to an endless device": to_a_device,
    "a folder that is no export": Path.mkdir,
    "nothing": lambda path: None,
    "an export whose log is a pipe": folder_of(events=pipe),
    "an export whose log is endless": folder_of(events=to_a_device),
    "an export whose metadata is a folder": folder_of(metadata=Path.mkdir),
    "an export whose log is nowhere": folder_of(events=to_nowhere),
}

ELSEWHERE = {
    "an endless device": "/dev/zero",
    "a device that holds nothing": "/dev/null",
    "a name of 300 letters": "n." * 150,
    "a path of 5000 letters": "n/" * 2500,
    "a name with NUL": "a\0b",
}

NAMES = (*FILES, *OTHERS, *ELSEWHERE)


def made(folder, name):
    """Make the input of this name and return where it is."""
    if name in ELSEWHERE:
        return Path(ELSEWHERE[name])
    path = folder / name.replace(" ", "-")
    if name in OTHERS:
        OTHERS[name](path)
    else:
        path.write_bytes(FILES[name]())
    return path


def outcome(path):
    """What a person gets to see, or the exception that nobody should."""
    from pipelines import formats
    from pipelines.analysis import result
    from pipelines.analysis.offline import analyse

    try:
        found = analyse(formats.read(path).events)
        return {"results": [result.encode_result(one) for one in found]}
    except formats.FormatError as error:
        return {"sentence": str(error)}
    except BaseException as error:  # noqa: BLE001 - whatever it is, the test tells of it
        return {"exception": repr(error)[:1000]}


def measured(path, room):
    """The outcome in a process of its own, which may take `room` bytes more than it has."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (size + room, size + room))
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
        with os.fdopen(writing, "w") as out:
            out.write(json.dumps(outcome(path)))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as said:
        told = said.read()
    _, status, spent = os.wait4(process, 0)
    return (json.loads(told) if told else {"exception": f"status {status}"}) | {
        "seconds": spent.ru_utime + spent.ru_stime,
        "memory": spent.ru_maxrss / 1000,
    }


def peak(path):
    """The memory in MB that a process of its own takes at most while it reads a file."""
    from pipelines import formats

    process = os.fork()
    if process == 0:
        taken = formats.read(path)
        os._exit(0 if taken.intervals else 1)
    return os.wait4(process, 0)[2].ru_maxrss / 1000


def main(folder, names):
    from pipelines.analysis.ready import get_ready_at_once

    warnings.simplefilter("error")
    # What is forked has its machine code: each file is measured in a moment.
    get_ready_at_once(lambda why: None)
    plain = folder / "rest.txt"
    plain.write_bytes(COLUMN)
    exported = folder / "rest.zip"
    exported.write_bytes(log())
    for path in (plain, exported):
        assert "results" in outcome(path), outcome(path)
    rest = measured(plain, 2**32)["memory"]
    for name in names:
        path = made(folder, name)
        found = measured(path, 600_000_000)
        if found["seconds"] > 3:  # on a busy machine processor time, too, is longer than it need be
            found |= {"seconds": min(found["seconds"], measured(path, 600_000_000)["seconds"])}
        print(json.dumps(found | {"name": name, "memory": found["memory"] - rest}), flush=True)
        if name in FILES:
            path.unlink()


if __name__ == "__main__":
    began = time.monotonic()
    main(Path(sys.argv[1]), sys.argv[2:] or NAMES)
    print(f"{time.monotonic() - began:.0f} s", file=sys.stderr)
