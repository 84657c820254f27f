"""Tables of one synthetic heart in all the layouts that are read, whole and with faults in them."""

from dataclasses import dataclass, replace

import numpy as np

SECONDS = 300.0
DELIMITERS = (",", ";", "\t", " ")
INTERVAL_NAMES = (
    "rr",
    "RR",
    "rr_ms",
    "RR-interval",
    "RR interval",
    "R-R",
    "ibi",
    "IBI",
    "nn",
    "rri",
)
TIME_NAMES = ("time", "timestamp", "t", "Time", "elapsed", "Phone timestamp")


@dataclass(frozen=True)
class Heart:
    """Intervals in ms as they are written, rounded, and when each ended, in s."""

    rr: np.ndarray
    time: np.ndarray

    @property
    def mean(self):
        """Mean interval in ms."""
        return float(self.rr.mean())

    @property
    def rmssd(self):
        """Root mean square of successive differences in ms."""
        return float(np.sqrt(np.mean(np.diff(self.rr) ** 2)))


@dataclass(frozen=True)
class Layout:
    """How a table is written."""

    delimiter: str = ","
    comma: bool = False
    """Whether a comma marks decimals."""
    unit: str = "ms"
    """Unit of the intervals."""
    clock: str | None = "s"
    """Unit of the times, None without any."""
    header: bool = True
    columns: tuple[str, ...] = ("time", "rr")
    names: tuple[str, str] = ("time", "rr")
    units_row: bool = False
    quoted: bool = False
    trailing: bool = False
    line_end: str = "\n"


def heart(chance, pulse):
    """Return a heart at `pulse` beats/min that breathes, drifts and varies."""
    mean = 60_000.0 / pulse
    n = int(SECONDS * 1000.0 / mean)
    beat = np.arange(n)
    rate = chance.uniform(9.0, 18.0) / 60.0 * mean / 1000.0
    swing = mean * chance.uniform(0.015, 0.05)
    slow = np.cumsum(chance.standard_normal(n)) * mean * 0.002
    noise = chance.standard_normal(n) * mean * 0.008
    rr = mean + swing * np.sin(2 * np.pi * rate * beat) + slow - slow.mean() + noise
    rr = np.round(rr)
    return Heart(rr, np.cumsum(rr) / 1000.0)


def layout(chance):
    """Return a layout that is read."""
    delimiter = str(chance.choice(DELIMITERS))
    clock = chance.choice(["s", "ms", "us", "epoch ms", "iso", "zone", "clock", "min", None, None])
    clock = None if clock is None else str(clock)
    header = bool(chance.random() < 0.6)
    unit = str(chance.choice(["ms", "ms", "s"]))
    if not header and clock in ("min", "us"):
        clock = "s"
    if clock == "zone" and delimiter == " ":
        clock = "iso"
    columns = ["rr"] if clock is None else ["time", "rr"]
    if header and delimiter != " ":
        columns += list(
            chance.choice(["hr", "ecg", "note"], int(chance.integers(0, 3)), replace=False)
        )
        chance.shuffle(columns)
    elif not header and clock is not None and chance.random() < 0.3:
        columns = ["rr", "time"]
    comma = delimiter != "," and bool(chance.random() < 0.3)
    names = [str(chance.choice(TIME_NAMES)), str(chance.choice(INTERVAL_NAMES))]
    if unit == "s" and names[1] == "rr_ms":
        names[1] = "rr_s"
    if delimiter == " ":
        names = ["time", "rr"]
    units_row = (
        header and delimiter != " " and clock in ("s", "ms", "min") and chance.random() < 0.1
    )
    return Layout(
        delimiter=delimiter,
        comma=comma,
        unit=unit,
        clock=clock,
        header=header,
        columns=tuple(map(str, columns)),
        names=tuple(names),
        units_row=bool(units_row),
        quoted=bool(header and delimiter != " " and chance.random() < 0.1),
        trailing=bool(delimiter in ",;" and chance.random() < 0.1),
        line_end=str(chance.choice(["\n", "\r\n"])),
    )


def rows(of, laid):
    """Return the cells of a table, row by row, without its header."""
    columns = {
        "time": [_time(one, laid) for one in of.time],
        "rr": [_rr(one, laid) for one in of.rr],
        "hr": [f"{60_000.0 / one:.0f}" for one in of.rr],
        "ecg": [_point(f"{one / 7000.0:.2f}", laid) for one in of.rr],
        "note": ["" if place % 50 else "x" for place in range(len(of.rr))],
    }
    return [list(row) for row in zip(*(columns[name] for name in laid.columns), strict=True)]


def _point(text, laid):
    return text.replace(".", ",") if laid.comma else text


def _rr(value, laid):
    return _point(f"{value:.0f}" if laid.unit == "ms" else f"{value / 1000.0:.3f}", laid)


def _time(value, laid):
    whole = 1_741_000_000.0 + value
    match laid.clock:
        case None:
            return ""
        case "s":
            return _point(f"{value:.3f}", laid)
        case "ms":
            return f"{1000.0 * value:.0f}"
        case "us":
            return f"{1e6 * value:.0f}"
        case "min":
            return _point(f"{value / 60.0:.6f}", laid)
        case "epoch ms":
            return f"{1000.0 * whole:.0f}"
    stamp = np.datetime64(round(1000.0 * whole), "ms").item()
    if laid.clock == "clock":
        stamp += np.timedelta64(9, "h").item()
        return stamp.strftime("%H:%M:%S.") + f"{stamp.microsecond // 1000:03d}"
    text = stamp.isoformat(timespec="milliseconds")
    return text.replace("T", " ") + " +0200" if laid.clock == "zone" else text


def written(table, laid):
    """Return a table of cells as the bytes of a file."""
    lines = [laid.delimiter.join(_quoted(row, laid)) for row in table]
    if laid.header:
        names = {"time": laid.names[0], "rr": laid.names[1]}
        head = [names.get(name, name) for name in laid.columns]
        units = {"time": laid.clock or "", "rr": laid.unit, "hr": "bpm", "ecg": "mV", "note": ""}
        above = [head, [units[name] for name in laid.columns]] if laid.units_row else [head]
        lines = [laid.delimiter.join(_quoted(row, laid)) for row in above] + lines
    end = laid.delimiter if laid.trailing else ""
    return "".join(line + end + laid.line_end for line in lines).encode()


def _quoted(row, laid):
    return [f'"{cell}"' for cell in row] if laid.quoted else row


def mutated(chance, table, of, laid):
    """Return a table with one kind of fault in it, and the kind."""
    timed = laid.clock is not None
    kinds = (
        ("doubled", "dropped", "shuffled", "split", "unit")
        if timed
        else ("doubled", "split", "unit")
    )
    kind = str(chance.choice(kinds))
    share = float(chance.choice([0.02, 0.05, 0.1, 0.3, 1.0]))
    some = chance.random(len(table)) < share
    column = laid.columns.index("rr")
    if kind == "doubled":
        return [row for row, twice in zip(table, some, strict=True) for _ in range(1 + twice)], kind
    if kind == "dropped":
        kept = some if share > 0.5 else ~some
        kept[:20:7] = True
        return [row for row, stays in zip(table, kept, strict=True) if stays], kind
    if kind == "shuffled":
        order = np.arange(len(table))
        places = np.flatnonzero(some)
        order[places] = chance.permutation(places)
        return [table[place] for place in order], kind
    if kind == "split":
        return [
            _split(chance, row, column) if cut else row
            for row, cut in zip(table, some, strict=True)
        ], kind
    return _other_unit(chance, table, of, laid, column), kind


def _split(chance, row, column):
    cell = row[column]
    place = int(chance.integers(1, len(cell)))
    return [*row[:column], cell[:place], cell[place:], *row[column + 1 :]]


def _other_unit(chance, table, of, laid, column):
    """Return the table with intervals in a unit that its name does not tell.

    Without times the pulse that this means lies outside 30 to 220 beats/min.
    """
    factors = [0.25, 0.128, 0.5, 2.0, 1.024, 60.0, 1e3, 0.1, 3.6]
    if laid.clock is None:
        factors = [f for f in factors if not 30.0 <= 60_000.0 / (of.mean * f) <= 220.0]
    factor = float(chance.choice(factors))
    changed = replace(of, rr=of.rr * factor)
    new = [_rr(value, laid) for value in changed.rr]
    return [
        [*row[:column], value, *row[column + 1 :]] for row, value in zip(table, new, strict=True)
    ]
