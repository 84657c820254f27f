"""A report as one page of HTML: no script, nothing fetched, light or dark, and it prints well.

Everything that is written goes through `_words`, which escapes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

from pipelines.drawing import FONTS, LIGHT, LIGHT_OR_DARK
from pipelines.language import language
from pipelines.report.content import Hour, Level, Report, Section, Table, Trusted
from pipelines.report.picture import hour_picture

_STYLE: Final = f"""
{LIGHT_OR_DARK}
@media print {{ :root {{ color-scheme: light; --paper: white; }} }}
body {{ margin: 0; background: var(--paper); color: var(--ink); font: 400 16px/1.5 {FONTS};
  font-variant-numeric: tabular-nums; }}
main {{ max-width: 760px; margin: 48px auto; padding: 0 32px; overflow-wrap: anywhere; }}
h1 {{ font-size: 28px; font-weight: 600; line-height: 1.2; margin: 0 0 4px; }}
h2 {{ font-size: 16px; font-weight: 600; color: var(--ink2); margin: 32px 0 8px; }}
h2 .aside {{ font-weight: 400; }}
h3 {{ font-size: 16px; font-weight: 600; margin: 24px 0 8px; }}
p {{ margin: 0 0 8px; }}
.about, .aside, .note, figcaption, footer {{ color: var(--ink2); font-size: 14px; }}
header {{ border-bottom: 1px solid var(--hair); padding-bottom: 16px; }}
.lead {{ font-size: 20px; font-weight: 600; line-height: 1.35; }}
.tile {{ background: var(--surface); border-radius: 12px; padding: 16px 24px; margin: 24px 0; }}
.tile h2 {{ color: var(--ink); margin: 0 0 8px; }}
table {{ border-collapse: collapse; width: 100%; font-size: 14px; table-layout: fixed; }}
th {{ text-align: left; font-weight: 600; color: var(--ink2); vertical-align: bottom; }}
thead th {{ border-bottom: 1px solid var(--line); padding: 4px 8px 6px 0; }}
td, tbody th {{ padding: 6px 8px 6px 0; vertical-align: top; text-align: left; }}
tbody th {{ color: var(--ink); }}
tr {{ break-inside: avoid; }}
.tile table {{ font-size: 16px; }}
.tile td.aside {{ font-size: 14px; }}
.number {{ display: inline-block; box-sizing: border-box; min-width: 20px; height: 20px;
  padding: 0 4px; border-radius: 10px; background: var(--ink); color: var(--paper);
  font: 600 14px/20px {FONTS}; text-align: center; }}
figure {{ margin: 0; break-inside: avoid; }}
figure svg {{ display: block; width: 100%; height: auto; }}
footer {{ border-top: 1px solid var(--hair); margin-top: 32px; padding-top: 12px; }}
h2, h3, thead {{ break-after: avoid; }}
.tile, .limits, footer {{ break-inside: avoid; }}
@page {{ size: A4; margin: 16mm 16mm 20mm; @bottom-right {{
  content: counter(page) " / " counter(pages); font-size: 9pt; }} }}
@media print {{
  body {{ font-size: 10pt; }} main {{ max-width: none; margin: 0; padding: 0; }}
  h1 {{ font-size: 20pt; }} .lead {{ font-size: 14pt; }}
  h2, h3, .tile table {{ font-size: 10.5pt; }}
  table, .about, .aside, .note, figcaption, footer, .tile td.aside {{ font-size: 9pt; }}
  .page {{ break-before: page; }}
  .number {{ min-width: 13pt; height: 13pt; font: 600 9pt/13pt {FONTS}; }}
  .tile, .number {{ print-color-adjust: exact; -webkit-print-color-adjust: exact; }}
}}
""".strip()
_NOTHING_FETCHED: Final = "default-src 'none'; style-src 'unsafe-inline'"


def as_html(report: Report) -> str:
    """Return a report as HTML, whole in itself."""
    told = (
        _header(report),
        _lead(report),
        _tile(report),
        "" if report.hour is None else _hour(report.hour),
        _section_of(report.moments),
        "" if report.parts is None else _section_of(report.parts),
        _paragraphs(report.limits, "note", "limits"),
        *(_on_its_own(one) for one in (report.earlier, report.appendix) if one is not None),
        _footer(report),
    )
    return html_page(report.title, "\n".join(filter(None, told)))


def html_page(title: str, body: str) -> str:
    """Return a page whole in itself: its body is HTML already."""
    return (
        f'<!DOCTYPE html>\n<html lang="{_words(language())}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_NOTHING_FETCHED}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{_words(title)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _words(text: str) -> str:
    return escape(text, quote=True)


def _element(name: str, inner: str, kind: str = "") -> str:
    """Return an element around what is HTML already."""
    return f'<{name} class="{kind}">{inner}</{name}>' if kind else f"<{name}>{inner}</{name}>"


def html_text(name: str, words: str, kind: str = "") -> str:
    """Return an element around words."""
    return _element(name, f"<bdi>{_words(words)}</bdi>", kind)


def _header(report: Report) -> str:
    return _element("header", html_text("h1", report.title) + html_text("p", report.about, "about"))


def _lead(report: Report) -> str:
    return "\n".join(
        (
            html_text("h2", report.lead_heading),
            *(html_text("p", words, "lead") for words in (report.lead,) if words),
            *(html_text("p", words) for words in report.paragraphs),
        )
    )


def _tile(report: Report) -> str:
    rows = "\n".join(map(_trusted, report.trust))
    columns = '<colgroup><col style="width: 32%"><col style="width: 30%"><col></colgroup>'
    table = _element("table", f"{columns}<tbody>\n{rows}\n</tbody>")
    return _element("section", html_text("h2", report.trust_heading) + table, "tile")


def _trusted(line: Trusted) -> str:
    beside = "" if line.level is None else dot(line.level)
    name = f'<th scope="row">{beside} <bdi>{_words(line.name)}</bdi></th>'
    return _element("tr", name + html_text("td", line.value) + html_text("td", line.aside, "aside"))


def dot(level: Level) -> str:
    """Return the dot of a level: full, its lower half, or its edge alone."""
    full = f'<circle cx="8" cy="8" r="6" fill="{LIGHT.lake}"/>'
    edge = f'<circle cx="8" cy="8" r="5.4" fill="none" stroke="{LIGHT.lake}" stroke-width="1.2"/>'
    half = f'<path d="M2 8h12a6 6 0 0 1-12 0z" fill="{LIGHT.lake}"/>'
    inner = {Level.FULL: full, Level.HALF: edge + half, Level.NONE: edge}[level]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="14" height="14" viewBox="0 0 16 16" '
        f'aria-hidden="true">{inner}</svg>'
    )


def _hour(hour: Hour) -> str:
    heading = (
        f'<h2><bdi>{_words(hour.title)}</bdi> <span class="aside"><bdi>{_words(hour.unit)}</bdi>'
        "</span></h2>"
    )
    picture = hour_picture(hour, LIGHT)
    return heading + "\n" + _element("figure", picture + html_text("figcaption", hour.caption))


def _section_of(table: Table, heading: str = "h2") -> str:
    told = [html_text(heading, table.heading), _table(table) if table.rows else ""]
    return "\n".join((*filter(None, told), *(html_text("p", note, "note") for note in table.notes)))


def _table(table: Table) -> str:
    columns = "".join(f'<col style="width: {width}%">' for width in table.widths)
    head = "".join(
        f'<th scope="col"><bdi>{_words(words)}</bdi></th>' if words else "<td></td>"
        for words in table.head
    )
    rows = "\n".join(_row(row, table) for row in table.rows)
    return (
        f"<table><colgroup>{columns}</colgroup>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{rows}\n</tbody></table>"
    )


def _row(row: Iterable[str], table: Table) -> str:
    """Return a row, named by its first words, or by the third of a numbered one."""
    name = 2 if table.numbered else 0
    cells = (
        f'<td><span class="number">{_words(words)}</span></td>'
        if table.numbered and place == 0
        else f'<th scope="row"><bdi>{_words(words)}</bdi></th>'
        if place == name
        else html_text("td", words)
        for place, words in enumerate(row)
    )
    return _element("tr", "".join(cells))


def _paragraphs(told: Iterable[str], kind: str, around: str) -> str:
    return _element("div", "\n".join(html_text("p", words, kind) for words in told), around)


def _on_its_own(section: Section) -> str:
    """Return a section that begins a page where it is printed."""
    told = (
        html_text("h2", section.heading),
        *(html_text("p", words) for words in section.paragraphs),
        *(_section_of(table, "h3") for table in section.tables),
    )
    return _element("section", "\n".join(told), "page")


def _footer(report: Report) -> str:
    told = (*report.disclaimer, report.written)
    return _element("footer", "\n".join(html_text("p", words) for words in told))
