"""The page for a phone in a browser as large as a phone's screen, by touch."""

import http.server
import json
import threading
import time
from typing import ClassVar

import msgspec
import numpy as np
import pytest

from physio.breathing.pacer import ease, steady
from pipelines.programmes import Guide, phone_page, read_log
from tests.browser import LACKING, PATIENCE, Browser, found
from tests.pipelines.programmes.plans import PLAN

pytestmark = [
    pytest.mark.skipif(found() is None, reason=LACKING),
    pytest.mark.usefixtures("english"),
]
CLOCK = """
{
  let now = 1000;
  performance.now = () => now;
  window.skip = (seconds) => { now += 1000 * seconds; };
}
"""
"""A clock that goes on when the test says so; the page asks no other for where the guide is."""
LEAD_IN = 3.0


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    browser = Browser(tmp_path_factory.mktemp("browser"))
    browser.begin_with(CLOCK)
    yield browser
    browser.close()


@pytest.fixture
def page(browser, tmp_path):
    """The page of a plan, opened from its file and never used before."""
    path = tmp_path / "page.html"
    path.write_text(phone_page(PLAN), "utf-8")
    browser.renew()
    browser.open(path.as_uri())
    return browser


def complaints(browser):
    return browser.events("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled")


def practise(page, seconds=400.0):
    """Go through a practice for so long, with a pause, to its end page."""
    page.touch("start")
    page.wait("run.stage === 'breathing' || document.getElementById('before').open")
    if page.run("run.stage") != "breathing":
        page.touch("begin")
    page.wait("run.stage === 'breathing'")
    page.run(f"skip({LEAD_IN + seconds / 2})")
    page.touch("pause")
    page.wait("run.stage === 'paused'")
    page.touch("pause")
    page.wait("run.stage === 'breathing'")
    page.run(f"skip({seconds / 2})")
    page.touch("stop")
    page.wait("run.stage === 'end'")


def opened_again(page, path, holds):
    """Open the page anew; what it wrote last may reach the browser after another one has read."""
    until = time.monotonic() + PATIENCE
    page.open(path.as_uri())
    while not page.run(holds):
        assert time.monotonic() < until, f"never: {holds}"
        page.open(path.as_uri())


def test_its_guide_turns_when_ours_does(page):
    """The same plan at a thousand moments, while it eases, after changes of pace and a rest."""
    moments = np.sort(np.random.default_rng(19).uniform(0.0, 900.0, 1000))
    script = f"""(() => {{
      let guide = breathe(restingGuide(0, plan.first, plan.rate, plan.inhale), LEAD_IN);
      guide = changePace(guide, 300, -0.5);
      return {json.dumps(moments.tolist())}.map((at) => {{
        const {{ pacer }} = stretchAt(guide, at);
        return [fullness(guide, at), Number(isInhaling(guide, at)), paceAt(guide, at),
                pacer ? phaseAt(pacer, at) : 0, pacer ? nextBreath(pacer, at) : 0];
      }});
    }})()"""
    full, inhaling, rates, phases, turns = np.array(page.run(script)).T
    first, target = PLAN.guide.first, PLAN.guide.rate
    pacer = ease(steady(first, at=LEAD_IN, inhale=PLAN.guide.inhale), LEAD_IN, target)
    pacer = ease(pacer, 300.0, target - 0.5)
    breathes = moments >= LEAD_IN
    assert breathes.sum() > 900
    np.testing.assert_allclose(full[breathes], pacer.volume(moments[breathes]), atol=1e-9)
    np.testing.assert_array_equal(inhaling[breathes], pacer.is_inhaling(moments[breathes]))
    np.testing.assert_allclose(rates[breathes], pacer.rate(moments[breathes]), rtol=1e-12)
    np.testing.assert_allclose(phases[breathes], pacer.phase(moments[breathes]), rtol=1e-12)
    np.testing.assert_allclose(turns[breathes], pacer.next_breath(moments[breathes]), rtol=1e-12)
    np.testing.assert_array_equal(full[~breathes], 0.0)


def test_a_first_breath_comes_within_two_touches(page):
    page.touch("start")
    page.touch("begin")
    page.wait("run.stage === 'breathing'")
    word, radius = "document.getElementById('word').textContent", "document.getElementById('disc')"
    page.wait(f"{word} === 'Settle in'")
    page.run(f"skip({LEAD_IN + 0.1})")
    page.wait(f"{word} === 'Breathe in' && {radius}.getAttribute('r') < 89")
    page.run("skip(60 / plan.first * plan.inhale - 0.2)")
    page.wait(f"{word} === 'Breathe in' && {radius}.getAttribute('r') > 135")
    page.run("skip(0.2)")
    page.wait(f"{word} === 'Breathe out'")


def test_what_is_logged_comes_back_whole(page):
    page.touch("tension")
    page.wait("document.getElementById('tensions').open")
    page.run("document.querySelectorAll('#tension-before button')[4].click()")
    practise(page)
    page.run("document.querySelectorAll('#after button')[6].click()")
    assert "more tense than before" in page.run("document.getElementById('rose').textContent")
    page.touch("note")
    page.wait("document.getElementById('notes').open")
    page.ask("Input.insertText", text="ruhig 🌙")
    page.run("document.querySelector('#notes .close').click()")
    page.wait("run.entry.note !== ''")
    page.touch("done")
    practise(page, 100.0)
    log = read_log(page.run("codeOf(plan.id, log.entries)"))
    assert log.plan == PLAN.id
    first, second = log.practices
    shown = json.loads(page.run("localStorage.getItem(KEY)"))["entries"]
    assert [int(one.started.timestamp()) for one in log.practices] == [
        entry["started"] for entry in shown
    ]
    assert (first.tension_before, first.tension_after, first.note) == (4, 6, "ruhig 🌙")
    assert (second.tension_before, second.tension_after, second.note) == (None, None, "")
    assert first.first_rate == PLAN.guide.first
    assert (first.last_rate, first.pauses) == (PLAN.guide.rate, 1)
    assert (first.breathed_s, second.breathed_s) == (400, 100)
    assert complaints(page) == []


@pytest.mark.long
def test_its_file_is_read_as_its_code_is(page, tmp_path):
    practise(page, 60.0)
    page.touch("code")
    page.wait("document.getElementById('codes').open")
    code = page.run("document.getElementById('code-text').value")
    path = tmp_path / "log.json"
    path.write_text(page.run("fileOf(plan.id, log.entries)"), "utf-8")
    assert read_log(str(path)) == read_log(code)
    assert len(read_log(code).practices) == 1


@pytest.mark.long
def test_it_is_there_again_after_the_page_was_closed(page, tmp_path):
    practise(page, 60.0)
    before = page.run("codeOf(plan.id, log.entries)")
    opened_again(
        page, tmp_path / "page.html", f"codeOf(plan.id, log.entries) === {json.dumps(before)}"
    )
    assert "1 minute" in page.run("document.getElementById('last-text').textContent")
    page.touch("show-log")
    page.touch("erase")
    assert len(page.run("log.entries")) == 1
    page.touch("erase")
    page.wait("log.entries.length === 0")


@pytest.mark.long
def test_a_practice_that_is_left_is_kept(page, tmp_path):
    page.touch("start")
    page.touch("begin")
    page.wait("run.stage === 'breathing'")
    page.run(f"skip({LEAD_IN + 90})")
    opened_again(page, tmp_path / "page.html", "log.entries.length > 0")
    assert [entry["breathed"] for entry in page.run("log.entries")] == [90]


@pytest.mark.long
def test_one_key_calms_it(page):
    page.touch("start")
    page.touch("begin")
    page.wait("run.stage === 'breathing'")
    page.ask("Input.dispatchKeyEvent", type="keyDown", key="Escape")
    page.wait("run.stage === 'paused'")


@pytest.mark.long
def test_a_few_seconds_are_not_kept(page):
    practise(page, 4.0)
    assert page.run("log.entries") == []
    assert "not kept" in page.run("document.getElementById('end-text').textContent")


@pytest.mark.parametrize("away", [620.0, pytest.param(30_000.0, marks=pytest.mark.long)])
def test_it_ends_with_the_breath_in_which_its_time_is_over(page, away):
    page.touch("start")
    page.touch("begin")
    page.wait("run.stage === 'breathing'")
    page.run(f"skip({LEAD_IN + away})")
    page.wait("run.stage === 'end'")
    (one,) = page.run("log.entries")
    length = 60 * PLAN.guide.minutes
    assert length <= one["breathed"] <= length + 60 / PLAN.guide.rate + 1
    assert one["last"] == PLAN.guide.rate
    assert (
        page.run("document.getElementById('end-title').textContent") == "10 minutes of breathing."
    )


def test_what_stops_and_what_begins_lie_in_one_place(page):
    where = "JSON.stringify(document.getElementById('%s').getBoundingClientRect())"
    start = page.run(where % "start")
    contact = page.run(where % "contact")
    page.touch("start")
    page.touch("begin")
    page.wait("run.stage === 'breathing'")
    assert page.run(where % "stop") == start
    assert page.run(where % "contact") == contact
    page.touch("stop")
    page.wait("run.stage === 'end'")
    assert page.run(where % "done") == start
    assert page.run(where % "contact") == contact
    box = json.loads(start)
    assert (box["x"], box["y"], box["width"], box["height"]) == (24, 636, 342, 56)


@pytest.mark.long
def test_the_contact_calms_everything(page):
    page.touch("start")
    page.touch("begin")
    page.wait("run.stage === 'breathing'")
    page.touch("contact")
    page.wait("document.getElementById('help').open && run.stage === 'paused'")
    said = page.run("document.getElementById('help').innerText")
    for words in (PLAN.contact.name, PLAN.contact.number, "Rest for a day.", "Feel your feet"):
        assert words in said


@pytest.mark.long
def test_a_browser_that_keeps_nothing_says_so(browser, tmp_path):
    gone = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } });"
    number = browser.ask("Page.addScriptToEvaluateOnNewDocument", source=gone)["identifier"]
    try:
        path = tmp_path / "page.html"
        path.write_text(phone_page(PLAN), "utf-8")
        browser.open(path.as_uri())
        assert "keeps nothing" in browser.run("document.getElementById('privacy').textContent")
        practise(browser, 60.0)
        assert len(read_log(browser.run("codeOf(plan.id, log.entries)")).practices) == 1
        assert "keeps nothing" in browser.run("document.getElementById('kept').textContent")
    finally:
        browser.ask("Page.removeScriptToEvaluateOnNewDocument", identifier=number)


@pytest.mark.long
@pytest.mark.parametrize("text", ["<script>boom()</script>", "</textarea>", "\ud800", "a\r\nb\t"])
def test_a_note_is_nothing_but_a_note(page, text):
    practise(page, 60.0)
    page.touch("note")
    told = json.dumps(text)
    page.run(f"document.getElementById('note-text').value = {told}")
    page.run("document.querySelector('#notes .close').click()")
    page.wait("run.entry.note !== ''")
    (one,) = read_log(page.run("codeOf(plan.id, log.entries)")).practices
    kept = text.strip().replace("\r\n", "\n").encode("utf-16", "surrogatepass")
    assert one.note == kept.decode("utf-16", "replace")


class Counting(http.server.SimpleHTTPRequestHandler):
    """Serves a page, and counts what is asked for."""

    asked: ClassVar[list[str]] = []

    def do_GET(self):
        self.asked.append(self.path)
        super().do_GET()

    def log_message(self, *_):
        pass


@pytest.mark.long
def test_a_server_is_asked_for_the_page_and_for_nothing_else(browser, tmp_path, monkeypatch):
    (tmp_path / "page.html").write_text(phone_page(PLAN), "utf-8")
    monkeypatch.chdir(tmp_path)
    asked: list[str] = []
    monkeypatch.setattr(Counting, "asked", asked)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Counting) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            browser.open(f"http://127.0.0.1:{server.server_port}/page.html")
            browser.run("localStorage.clear()")
            sent = len(browser.events("Network.requestWillBeSent"))
            practise(browser, 60.0)
            browser.run("saveFile()")
            browser.run("fetch('/stolen').catch(() => 0)")
            browser.run("new Image().src = '/stolen.png'; 0")
            time.sleep(2.0)
        finally:
            server.shutdown()
            thread.join()
    assert asked == ["/page.html"]
    later = browser.events("Network.requestWillBeSent")[sent:]
    assert [one for one in later if "stolen" not in one["request"]["url"]
            and not one["request"]["url"].startswith("blob:")] == []  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize(("width", "height"), [(320, 568), (390, 844), (430, 932), (844, 390)])
def test_nothing_is_cut_at_the_side(tmp_path, width, height, monkeypatch):
    """The longest words, from the right too; each button of a foot lies within the screen."""
    monkeypatch.setenv("INTERBEAT_LANGUAGE", "pseudo")
    (tmp_path / "page.html").write_text(phone_page(PLAN), "utf-8")
    browser = Browser(tmp_path / "own", width=width, height=height)
    try:
        browser.ask("Page.addScriptToEvaluateOnNewDocument", source=CLOCK)
        for side in ("ltr", "rtl"):
            browser.open(f"{(tmp_path / 'page.html').as_uri()}?{side}")
            browser.run(f"document.documentElement.dir = '{side}'; 0")
            wide = "document.documentElement.scrollWidth <= innerWidth"
            assert browser.run(wide)
            practise(browser, 40.0)
            assert browser.run(wide)
            inside = """[...document.querySelectorAll('.shown button')].every((button) => {
              const box = button.getBoundingClientRect();
              return box.left >= 0 && box.right <= innerWidth && box.height >= 44
                && button.scrollWidth <= button.clientWidth + 1;
            })"""
            assert browser.run(inside)
    finally:
        browser.close()


@pytest.mark.long
def test_a_guide_that_keeps_its_rate_says_so(browser, tmp_path):
    steady_plan = msgspec.structs.replace(PLAN, guide=Guide(rate=12.0), id="")
    (tmp_path / "page.html").write_text(phone_page(steady_plan), "utf-8")
    browser.open((tmp_path / "page.html").as_uri())
    assert browser.run("document.title") == "Breathing"
    practise(browser, 60.0)
    said = browser.run("document.getElementById('end-text').textContent")
    assert said == "The guide kept to 12 breaths a minute. One pause."
    assert read_log(browser.run("codeOf(plan.id, log.entries)")).plan == ""


@pytest.mark.long
def test_it_goes_with_the_clock_of_the_browser(tmp_path):
    """Circle and tones move by themselves, and the circle stands where its clock says."""
    (tmp_path / "page.html").write_text(phone_page(PLAN), "utf-8")
    browser = Browser(tmp_path / "own")
    try:
        browser.open((tmp_path / "page.html").as_uri())
        browser.run("setSound(false)")
        browser.touch("sound")
        browser.touch("start")
        browser.touch("begin")
        browser.wait("document.getElementById('word').textContent === 'Breathe in'")
        browser.wait("tones.gain.gain.value > 0.05")
        browser.wait("document.getElementById('word').textContent === 'Breathe out'")
        shown = """new Promise((done) => requestAnimationFrame(() => {
          const before = clock();
          draw();
          const after = clock(), radius = Number(document.getElementById('disc').getAttribute('r'));
          done([before, radius, after, 88 + 48 * fullness(run.guide, before)]);
        }))"""
        before, radius, after, due = browser.run(shown)
        assert abs(radius - due) <= 48 * np.pi * (after - before) + 1e-9
        browser.touch("pause")
        browser.wait("tones.gain.gain.value < 0.001")
    finally:
        browser.close()


@pytest.mark.long
def test_what_follows_tension_that_rises(page):
    """By two or more, once: what may help; twice in the last three: to leave it and talk."""
    page.touch("start")
    page.touch("begin")
    page.wait("run.stage === 'breathing'")
    said = []
    for pairs in (
        [(3, 4)], [(3, 5)], [(None, 9)], [(3, 6), (3, 5)], [(3, 6), (3, 3), (3, 5)],
        [(3, 6), (4, 2), (3, 3), (3, 5)], [(3, 6), (None, None), (3, 3), (3, 5)], [(3, 6), (4, 2)],
    ):  # fmt: skip
        entries = [{"before": before, "after": after} for before, after in pairs]
        page.run(
            f"log.entries = {json.dumps(entries)}; run.entry = log.entries[log.entries.length - 1];"
        )
        told = page.run("Object.keys(words).filter((name) => words[name] === roseText())")
        said += told
    page.run("log.entries = []")
    assert said == [
        "no_answer", "rose", "no_answer", "rose_twice", "rose_twice", "rose", "rose_twice",
        "no_answer",
    ]  # fmt: skip
