"""The overview as one page of HTML: distributions, quality, and each recording's tachogram.

Nothing is fetched; what is written is escaped; its one script sorts the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

import numpy as np

from pipelines.batch.overview import DISTRIBUTED, SHOWN, Overview, Values
from pipelines.batch.plan import Plan
from pipelines.batch.rows import QualityRow, Tachogram
from pipelines.drawing import FONTS, LIGHT, LIGHT_OR_DARK, SMALL, Axes, Picture
from pipelines.language import language, tr, trn
from pipelines.version import version
from pipelines.words import measure_text, unit_text

PAGE: Final = "report.html"

_PICTURE: Final = (560, 76)
_STRIP: Final = (560, 64)
_STYLE: Final = f"""
{LIGHT_OR_DARK}
body {{ margin: 0; background: var(--paper); color: var(--ink); font: 400 16px/1.5 {FONTS};
  font-variant-numeric: tabular-nums; }}
main {{ max-width: 1200px; margin: 48px auto; padding: 0 32px; }}
h1 {{ font-size: 28px; font-weight: 600; line-height: 1.2; margin: 0 0 4px; }}
h2 {{ font-size: 20px; font-weight: 600; margin: 40px 0 12px; }}
p {{ margin: 0 0 8px; max-width: 76ch; }}
.note, footer {{ color: var(--ink2); font-size: 14px; }}
.strips {{ display: grid; gap: 16px 32px;
  grid-template-columns: repeat(auto-fill, minmax(480px, 1fr)); }}
figure {{ margin: 0; }} svg {{ display: block; width: 100%; height: auto; }}
table {{ border-collapse: collapse; width: 100%; font-size: 14px; }}
th, td {{ text-align: left; vertical-align: top; padding: 8px 16px 8px 0; }}
thead th {{ border-bottom: 1px solid var(--line); padding: 0 16px 4px 0; white-space: nowrap; }}
tbody tr {{ border-bottom: 1px solid var(--hair); }}
tbody th {{ font-weight: 600; overflow-wrap: anywhere; min-width: 160px; }}
td.number {{ text-align: right; white-space: nowrap; }} th.number {{ text-align: right; }}
td.picture {{ width: 45%; min-width: 320px; padding-right: 0; }}
thead button {{ font: 600 14px/1.5 {FONTS}; color: var(--ink2); background: none; border: 0;
  padding: 4px 0; cursor: pointer; }}
thead button:focus-visible {{ outline: 2px solid var(--lake); outline-offset: 2px; }}
[aria-sort=ascending] button::after {{ content: " \\2191"; }}
[aria-sort=descending] button::after {{ content: " \\2193"; }}
footer {{ border-top: 1px solid var(--hair); margin-top: 32px; padding-top: 12px; }}
""".strip()
_SCRIPT: Final = """
for (const button of document.querySelectorAll("thead button")) {
  button.addEventListener("click", () => {
    const head = button.closest("th"), place = head.cellIndex;
    const body = head.closest("table").tBodies[0];
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const worth = row => row.cells[place].dataset.sort ?? row.cells[place].textContent;
    const number = head.classList.contains("number");
    const rows = [...body.rows].sort((a, b) => number
      ? Number(worth(a)) - Number(worth(b)) : worth(a).localeCompare(worth(b)));
    body.append(...(down ? rows.reverse() : rows));
  });
}
""".strip()
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'"
)


def page(overview: Overview, plan: Plan) -> Iterator[str]:
    """Yield the page piece by piece."""
    measured, failed = overview.measured, overview.failed
    title = trn("{count} recording", "{count} recordings", measured, count=measured)
    yield (
        f'<!DOCTYPE html>\n<html lang="{_words(language())}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_words(title)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{_words(title)}</h1>\n"
    )
    yield f'<p class="note">{_words(_about(plan, failed))}</p>\n'
    yield from _distributions(overview)
    yield from _quality(overview)
    yield from _failures(overview)
    says = tr(
        "Interbeat {version}. Values with their intervals and reasons stand in the tables beside "
        "this page.",
        version=version(),
    )
    yield (
        f"<footer>{_words(says)}</footer>\n</main>\n<script>\n{_SCRIPT}\n</script>\n</body>\n"
        "</html>\n"
    )


def _about(plan: Plan, failed: int) -> str:
    told = tr("Conventions: {preset}. Plan {plan}.", preset=plan.preset, plan=plan.digest)
    if not failed:
        return told
    more = trn("{count} more gave no numbers.", "{count} more gave no numbers.", failed,
               count=failed)  # fmt: skip
    return f"{told} {more}"


def _words(text: str) -> str:
    return escape(text, quote=True)


def _distributions(overview: Overview) -> Iterator[str]:
    drawn = [(name, overview.values[name]) for name in DISTRIBUTED if name in overview.values]
    if not any(values.given for _, values in drawn):
        return
    yield f"<h2>{_words(tr('How values lie'))}</h2>\n"
    says = tr("A dot for each source of a recording, whole; the line is the middle one.")
    yield f'<p class="note">{_words(says)}</p>\n<div class="strips">\n'
    for name, values in drawn:
        if values.given:
            yield f"<figure>{_strip(name, values)}</figure>\n"
    yield "</div>\n"


def _strip(name: str, found: Values) -> str:
    """Return the values of one measure as dots over its axis, in rows so that all are seen."""
    width, height = _STRIP
    values, withheld = found.given, found.withheld
    heading = f"{measure_text(name)}, {unit_text(found.unit)}"
    picture = Picture(LIGHT, width, height, heading, bare=True)
    low, high = min(values), max(values)
    spare = (high - low) * 0.04 or abs(high) * 0.1 or 1.0
    axes = Axes(picture, (4.0, 24.0, width - 4.0, height - 16.0), (low - spare, high + spare),
                (0.0, 1.0))  # fmt: skip
    said = heading if not withheld else tr("{heading}; {count} withheld", heading=heading,
                                           count=withheld)  # fmt: skip
    picture.text(4.0, 14.0, said, size=SMALL, bold=True)
    places = axes.across(np.sort(values))
    # Neighbours take turns on five levels: dots that lie together stay dots.
    levels = axes.down(0.15 + 0.175 * (np.arange(len(places)) % 5))
    picture.path(((4.0, height - 14.0), (width - 4.0, height - 14.0)), stroke=LIGHT.hair, width=1.0)
    middle = float(axes.across(float(np.median(values))))
    picture.path(((middle, 22.0), (middle, height - 14.0)), stroke=LIGHT.ink2, width=1.0)
    picture.dots(zip(places.tolist(), levels.tolist(), strict=True), 2.5, fill=LIGHT.lake)
    for value, anchor, x in ((low, "start", 4.0), (high, "end", width - 4.0)):
        picture.text(x, height - 2.0, f"{value:.4g}", size=SMALL, fill=LIGHT.ink2, anchor=anchor)
    return picture.svg()


def _quality(overview: Overview) -> Iterator[str]:
    yield f"<h2>{_words(tr('Each recording'))}</h2>\n"
    if overview.measured > SHOWN:
        yield f'<p class="note">{_words(tr("The first {count} by name.", count=SHOWN))}</p>\n'
    says = tr(
        "Intervals between beats over the recording, in ms; a tick below where intervals bear a "
        "label, nothing where there are no beats."
    )
    heads = (tr("recording"), tr("whose"), tr("minutes"), tr("covered, %"), tr("labelled, %"),
             tr("verdict"))  # fmt: skip
    cells = "".join(
        f'<th scope="col"{_number(2 <= place <= 4)}><button type="button">{_words(head)}</button>'
        "</th>"
        for place, head in enumerate(heads)
    )
    yield (
        f'<p class="note">{_words(says)}</p>\n<table>\n<thead><tr>{cells}'
        f'<th scope="col">{_words(tr("intervals"))}</th></tr></thead>\n<tbody>\n'
    )
    for recording, row, drawn in overview.shown:
        yield _row(recording, row, drawn)
    yield "</tbody>\n</table>\n"


def _number(is_number: bool) -> str:  # noqa: FBT001 - the one thing it is told
    return ' class="number"' if is_number else ""


def _row(recording: str, row: QualityRow, drawn: Tachogram) -> str:
    numbers = (row.duration_s / 60.0, row.coverage_percent, row.corrected_percent)
    cells = "".join(
        f'<td class="number" data-sort="{number!r}">{number:.1f}</td>' for number in numbers
    )
    why = "" if row.reason is None else f'<br><span class="note">{_words(row.reason)}</span>'
    return (
        f'<tr><th scope="row">{_words(recording)}</th><td>{_words(row.source)}</td>{cells}'
        f"<td>{_words(row.verdict)}{why}</td>"
        f'<td class="picture">{_tachogram(recording, drawn)}</td></tr>\n'
    )


def _tachogram(recording: str, drawn: Tachogram) -> str:
    width, height = _PICTURE
    title = tr("intervals of {recording}", recording=recording)
    picture = Picture(LIGHT, width, height, title, bare=True)
    known = [(column.low, column.high) for column in drawn.columns if column.low is not None]
    if not known:
        return ""
    low = min(least for least, _ in known if least is not None)
    high = max(most for _, most in known if most is not None)
    count = len(drawn.columns)
    axes = Axes(picture, (44.0, 6.0, width - 4.0, height - 12.0), (0.0, float(count)),
                (float(low) - 1.0, float(high) + 1.0))  # fmt: skip
    for value, y in ((high, 14.0), (low, height - 12.0)):
        picture.text(40.0, y, f"{value:.0f}", size=SMALL, fill=LIGHT.ink2, anchor="end")
    line = _line(drawn, axes)
    ticks = "".join(
        f"M{float(axes.across(at + 0.5)):.1f},{height - 7}v5"
        for at, column in enumerate(drawn.columns)
        if column.labelled
    )
    for path, colour in ((line, LIGHT.lake), (ticks, LIGHT.clay)):
        if path:
            picture.parts.append(
                f'<path d="{path}" stroke="{colour}" stroke-width="1" stroke-linejoin="round" '
                'stroke-linecap="round" fill="none"/>'
            )
    return picture.svg()


def _line(drawn: Tachogram, axes: Axes) -> str:
    """Return the way of a pen through the extremes of the columns, lifted where beats are missing.

    Columns without a beat lie between slow beats too: it is lifted where there are more of them
    than is usual.
    """
    held = [
        (at, column.low, column.high)
        for at, column in enumerate(drawn.columns)
        if column.low is not None and column.high is not None
    ]
    steps = np.diff([at for at, _, _ in held])
    usual = max(1.0, float(np.median(steps))) if len(steps) else 1.0
    lifted = np.concatenate(([True], steps > 3.0 * usual))
    way: list[str] = []
    for (at, low, high), lift in zip(held, lifted.tolist(), strict=True):
        x = float(axes.across(at + 0.5))
        way.append(f"{'M' if lift else 'L'}{x:.1f},{float(axes.down(low)):.1f}")
        if high > low:
            way.append(f"L{x:.1f},{float(axes.down(high)):.1f}")
    return "".join(way)


def _failures(overview: Overview) -> Iterator[str]:
    if not overview.failures:
        return
    yield f"<h2>{_words(tr('What gave no numbers'))}</h2>\n<table><tbody>\n"
    for recording, why in overview.failures:
        yield f'<tr><th scope="row">{_words(recording)}</th><td>{_words(why)}</td></tr>\n'
    yield "</tbody></table>\n"
