"""docs/science.md says of every measure what the table of measures and the code say."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from docs.science_facts import facts, renewed, section
from docs.science_pictures import PICTURES as DRAWN
from physio import labels, quality, uncertainty
from physio.arousal import guesses
from physio.beats import LONGEST_INTERVAL
from physio.breathing import clear, noise, peak_to_trough, porges, rate, tiling
from physio.ecg import DELAY
from physio.ecg.filters import BAND
from physio.hrv import baevsky, detrend, entropy, prsa, spectrum
from physio.measures import MEASURES
from physio.presets import PRESETS
from pipelines.drawing import LIGHT
from pipelines.words import reason_in_english

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGE = (DOCS / "science.md").read_text(encoding="utf-8")
FLAT = " ".join(PAGE.split())
PICTURES = sorted((DOCS / "pictures").glob("science_*.svg"))
NAMES = """
    mean_rr mean_hr sdnn rmssd ln_rmssd sdsd pnn50 pnn20 sd1 sd2 sampen dfa_alpha1 dfa_alpha2 vlf
    lf hf ln_hf total_power lf_nu hf_nu lf_hf breathing_rate rsa_amplitude rsa_phase
    rsa_porges_bohrer rhythm_regularity baevsky_index pip ials pss pas dc ac
"""
"""As documented for the command line."""


@pytest.mark.parametrize("measure", MEASURES.values(), ids=list(MEASURES))
def test_every_measure_of_the_table_has_its_facts_under_its_heading(measure):
    told = section(PAGE, measure.name)
    assert told, f"docs/science.md has no heading '### {measure.name}'"
    bold = next(line for line in told.splitlines() if line.startswith("**"))
    assert bold == facts(measure), "run python docs/science_facts.py"
    assert f" · {measure.unit} · window {measure.window:g} s" in bold
    for doi in re.findall(r"10\.\d{4,}/\S+", measure.source):
        assert f"[doi {doi}](https://doi.org/" in bold


@pytest.mark.parametrize("name", sorted({*NAMES.split(), *MEASURES}))
def test_every_measure_has_a_sentence_a_formula_our_convention_and_a_warning(name):
    told = section(PAGE, name).strip()
    sentence = told.split("\n\n")[0]
    assert sentence.endswith(".")
    assert 5 <= len(sentence.split()) <= 30
    assert re.search(r"^```math\n.+\n```$", told, re.MULTILINE)
    assert re.search(r"^- \*Ours:\* \S", told, re.MULTILINE)
    assert re.search(r"^- \*Misleads", told, re.MULTILINE)


def test_renewing_the_facts_finds_what_went_out_of_date_and_only_that():
    assert renewed(PAGE) == PAGE
    stale = PAGE.replace("· bpm · window 10 s", "· bpm · window 11 s")
    assert stale != PAGE
    assert renewed(stale) == PAGE


@pytest.mark.parametrize(
    "words",
    [
        f"divided by a threshold that follows the person, ```math Th = {labels.ALPHA:g} ",
        f"of the }} {labels.THRESHOLD_WIDTH} \\text",
        f"deviation from the {labels.MEDIAN_WIDTH}-beat median",
        f"$c_1$ = {labels.C1:g}, $c_2$ = {labels.C2:g}",
        f"a floor of {labels.FLOOR:g} ms",
        f"final after {labels.FINAL_AFTER}.",
        f"Intervals outside {labels.SHORTEST_INTERVAL:g} to {LONGEST_INTERVAL:g} ms",
        f"An interval above {LONGEST_INTERVAL:g} ms is a gap",
        f"over all intervals | above {quality.LIMITED_ABOVE:g} % |",
        f"| | above {quality.NONE_ABOVE:g} % | no variability",
        f"| | above {quality.NONE_ABOVE:g} % | no value at all",
        f"both above {100 * quality.LARGE_CHANGE:g} % of the {quality.MEDIAN_WIDTH}-beat median",
        f'"{reason_in_english(quality.IRREGULAR)}"',
        f"fewer than {uncertainty.FEWEST_BLOCKS} blocks",
        f"With $\\lambda$ = {detrend.REGULARIZATION:g} half the power is left",
        f"is left at {detrend.cutoff():.4f} Hz; of a wave",
        f"at 0.04 Hz {100 * detrend.response(0.04) ** 2:.0f} % is left",
        f"at 0.075 Hz {100 * detrend.response(0.075) ** 2:.0f} %",
        f"is read {spectrum.RATE:g} times a second",
        f"Hann windows of {spectrum.WELCH_WINDOW:g} s",
        f"Stretches under {spectrum.SHORTEST:g} s",
        f"Withheld below {spectrum.FEWEST_CYCLES:g} cycles",
        f"$r$ = {entropy.TOLERANCE:g} times SDNN",
        f"the fullest bin of {baevsky.BIN:g} ms",
        f"by at most {100 * prsa.LARGEST_CHANGE:g} %",
        f"fewer than {prsa.FEWEST} anchors",
        f"Searched from {clear.SLOWEST:g} to the smaller of {clear.FASTEST:g} and half",
        f"holds at least {100 * clear.CLEAREST:g} % of that",
        f"drifts fall off as $f^{{-{noise.FALL:g}}}$",
        f"in {100 * clear.CHANCE:g} % of windows of noise one is",
        f"Of more than {tiling.LONGEST:g} s it is the mean of the halves, of more than "
        f"{tiling.UNBROKEN:g} s the median of the minutes",
        f"A breathing rate of {rate.SLOW_WAVE[0]:g} to {rate.SLOW_WAVE[1]:g} in a person",
        f"last {peak_to_trough.LAG:g} s longer",
        f"over epochs of {porges.EPOCH / porges.RATE:g} s, of intervals read {porges.RATE:g} times",
        f"cubic polynomial of {porges.POINTS} points",
        f"Below {porges.SLOWEST:g} breathing leaves the band",
        f"given out at most {DELAY:g} s after",
        f"the band, {BAND[0]:g} to {BAND[1]:g} Hz",
        f"rise whose onset lies within {guesses.NEAR:g} s before or after it",
        f"Below {guesses.FEWEST_GUESSES} guesses it is not told",
    ],
)
def test_numbers_in_the_text_are_those_of_the_code(words):
    assert words in FLAT


def test_every_preset_is_explained():
    for name in PRESETS:
        assert f"| `{name}` |" in section(PAGE, "Presets")


def test_links_inside_the_page_and_to_files_lead_somewhere():
    anchors = {_anchor(heading) for heading in re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", PAGE)) <= anchors
    files = re.findall(r'(?:src|srcset)="([^"]+)"', PAGE)
    assert files
    assert all((DOCS / file).is_file() for file in files)


def test_every_doi_is_a_link_to_itself():
    told = re.findall(r"\[doi\s+(\S+?)\]\(https://doi\.org/([^)]+)\)", PAGE)
    assert len(told) > len(MEASURES)
    for doi, address in told:
        assert address.replace("%28", "(").replace("%29", ")") == doi
        assert re.fullmatch(r"10\.\d{4,9}/\S+[\w)]", doi)
    assert "10.1" not in re.sub(r"\[doi\s+\S+?\]\([^)]+\)", "", PAGE)


def test_the_page_states_its_limits_and_makes_no_claim():
    assert "Not a medical device" in FLAT
    for word in ("abnormal", "dysregulated", "stressed", "dysfunction", "/work", "/tmp"):
        assert word not in PAGE


SIMULATED = ("science_band_light", "science_breathing_light", "science_slow_breathing_light")
"""Pictures that seconds of simulation stand behind."""


@pytest.mark.sampled
@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.stem, marks=[pytest.mark.long] if path.stem in SIMULATED else [])
        for path in PICTURES[1::2]
    ],
)
def test_pictures_say_what_the_code_computes_now(path):
    """Words and figures of the committed picture are those that the script writes."""
    shown = _words(path.read_text(encoding="utf-8"))
    fresh = DRAWN[path.stem.removeprefix("science_").removesuffix("_light")](LIGHT).svg()
    assert shown == _words(fresh), "run make pictures"
    dark = path.with_name(path.name.replace("_light", "_dark"))
    assert shown == _words(dark.read_text(encoding="utf-8"))


def test_every_picture_is_shown_on_the_page_light_and_dark():
    assert len(PICTURES) == 14
    for path in PICTURES:
        assert f"pictures/{path.name}" in PAGE


def _words(svg: str) -> list[str]:
    found = ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return ["".join(one.itertext()) for one in found]


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
