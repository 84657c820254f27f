// The page: a guide, its end, and a log that stays on this phone. Time comes from two clocks: one that
// only goes forward, for the guide, and the phone's own, for when a practice was.
const plan = JSON.parse(document.getElementById("plan").textContent), { words } = plan;
const LEAST = 30, STEP = 0.5, RISE = 2, LATELY = 3, WAVE = { now: 228, speed: 15, high: 12, low: 68, step: 3, back: 20, dash: 16 };
const SMALLEST = 88, LARGEST = 136, KEY = `interbeat.${plan.id}`;
const find = (id) => document.getElementById(id);
const clock = () => performance.now() / 1000;
const still = matchMedia("(prefers-reduced-motion: reduce)");

// The log: in the browser's own storage where it has one, else in memory, which is said.
const log = { begun: false, entries: [] };
let keeps = false;

function load() {
  try {
    const kept = localStorage.getItem(KEY);
    if (kept !== null) Object.assign(log, JSON.parse(kept));
    localStorage.setItem(KEY, JSON.stringify(log));
    keeps = true;
  } catch { keeps = false; }
}

function keep() {
  try {
    localStorage.setItem(KEY, JSON.stringify(log));
    keeps = true;
  } catch { keeps = false; }
}

// What runs: a stage, the guide, and the entry that it becomes.
const run = { stage: "start", guide: null, goal: 0, ends: null, entry: null, before: null };
let sound = plan.sound, eyesClosed = false;

function filled(sentence, figures) {
  return sentence.replace(/\{(\w+)\}/g, (all, name) => (name in figures ? figures[name] : all));
}

function counted(list, count) {
  return list[Math.min(Math.max(count, 0), list.length - 1)];
}

function rateText(rate) {
  return String(Math.round(rate * 10) / 10);
}

function minutesOf(seconds) {
  return Math.round(seconds / 60);
}

function wayText(entry) {
  const figures = { first: rateText(entry.first), last: rateText(entry.last) };
  const way = entry.last < entry.first ? words.slowed : entry.last > entry.first ? words.quickened : words.kept;
  return filled(way, figures);
}

function courseText(entry) {
  return entry.pauses ? `${wayText(entry)} ${counted(words.pauses, entry.pauses)}` : wayText(entry);
}

const TIME = { weekday: "long", hour: "numeric", minute: "2-digit" };
const DAY = { ...TIME, weekday: "short", day: "numeric", month: "short" };

function dayText(entry, options) {
  const when = new Date(entry.started * 1000);
  try {
    return when.toLocaleString(document.documentElement.lang, options);
  } catch { return when.toLocaleString(undefined, options); }
}

function newEntry() {
  const now = new Date(), offset = Math.round(-now.getTimezoneOffset() / 15) * 15;
  return {
    started: Math.floor(now.getTime() / 1000), offset, breathed: 0, first: plan.first, last: plan.first,
    pauses: 0, before: run.before, after: null, note: "",
  };
}

function keepEntry() {
  const { entry } = run, now = clock();
  if (!entry) return;
  if (run.stage === "breathing" || run.stage === "paused") {
    findEnd(now);
    entry.breathed = Math.round(breathed(run.guide, now));
    entry.last = Math.round(paceAt(run.guide, now) * 10) / 10;
  }
  if (entry.breathed < LEAST) return;
  if (!log.entries.includes(entry)) log.entries.push(entry);
  keep();
}

// The course of a practice.
function start() {
  if (!log.begun) {
    openBefore();
    return;
  }
  const now = clock();
  run.entry = newEntry();
  run.guide = breathe(restingGuide(now, plan.first, plan.rate, plan.inhale), now + LEAD_IN);
  run.goal = 60 * plan.minutes;
  run.ends = null;
  show("breathing");
  setSound(sound);
  put("say", words.follow);
  stayAwake();
}

function pause() {
  run.guide = rest(run.guide, clock());
  run.ends = null;
  run.entry.pauses += 1;
  show("paused");
  keepEntry();
}

function goOn() {
  run.guide = breathe(run.guide, clock());
  show("breathing");
}

function stop() {
  const now = clock();
  keepEntry();
  run.guide = rest(run.guide, now);
  run.before = null;
  show("end");
}

function changeRate(step) {
  const before = run.guide.target;
  run.guide = changePace(run.guide, clock(), step);
  schedule(true);
  const limit = run.guide.target === before;
  put("say", step < 0 ? (limit ? words.slowest : words.slower) : (limit ? words.quickest : words.quicker));
}

function advance(now) {
  if (run.stage !== "breathing") return;
  findEnd(now);
  if (run.ends !== null && now >= run.ends) stop();
}

// A page that nobody saw for hours ended all the same with the breath in which its time was over.
function findEnd(now) {
  const over = breathed(run.guide, now) - run.goal, { pacer } = stretchAt(run.guide, now);
  if (run.ends !== null || !pacer || over < 0) return;
  run.ends = nextBreath(pacer, now - over);
  run.guide = rest(run.guide, run.ends);
}

// What is seen.
function put(id, text) {
  const place = find(id);
  if (place.textContent !== text) place.textContent = text;
}

function show(stage) {
  run.stage = stage;
  const moving = stage === "breathing" || stage === "paused";
  document.body.classList.toggle("moving", moving);
  find("practice").hidden = stage === "end";
  find("last").hidden = stage !== "start";
  find("waves").hidden = !moving;
  find("end").hidden = stage !== "end";
  for (const [id, shown] of [["at-start", stage === "start"], ["at-breath", moving], ["at-end", stage === "end"]]) {
    find(id).classList.toggle("shown", shown);
  }
  put("pause", stage === "paused" ? words.go_on : words.pause);
  window.scrollTo(0, 0);
  if (stage === "start") showStart();
  if (stage === "end") showEnd();
  draw();
  schedule(true);
}

function showStart() {
  put("say", words.smaller);
  put("left", counted(words.minutes, Math.round(plan.minutes)));
  const last = log.entries[log.entries.length - 1];
  find("has-last").hidden = !last;
  find("show-log").hidden = !last;
  if (last) {
    put("last-day", filled(words.last_time, { day: dayText(last, DAY) }));
    put("last-text", `${counted(words.done, minutesOf(last.breathed))} ${wayText(last)}`);
  }
  put("tension", run.before === null ? words.tension_now : filled(words.tension_is, { number: run.before }));
  put("privacy", keeps ? words.no_account : words.keeps_nothing);
}

function showEnd() {
  const { entry } = run, kept = entry.breathed >= LEAST;
  put("left", dayText(entry, TIME));
  put("end-title", counted(words.done, minutesOf(entry.breathed)));
  put("end-text", kept ? courseText(entry) : words.too_short);
  find("end-tension").hidden = !kept;
  find("end-log").hidden = !kept;
  find("note").disabled = !kept;
  mark("after", entry.after);
  put("kept", keeps ? words.kept_here : words.keeps_nothing);
  put("rose", roseText());
}

function roseText() {
  const rose = (entry) => entry.before !== null && entry.after !== null && entry.after - entry.before >= RISE;
  const answered = log.entries.filter((entry) => entry.before !== null && entry.after !== null);
  if (!rose(run.entry)) return words.no_answer;
  return answered.slice(-LATELY).filter(rose).length >= 2 ? words.rose_twice : words.rose;
}

function mark(group, answer) {
  find(group).querySelectorAll("button").forEach((button, number) => {
    button.setAttribute("aria-pressed", String(number === answer));
  });
}

function wordOf(now) {
  if (run.stage === "start") return words.ready;
  if (run.stage === "paused") return words.paused;
  if (!stretchAt(run.guide, now).pacer) return run.ends === null ? words.settle : words.rest;
  return isInhaling(run.guide, now) ? words.breathe_in : words.breathe_out;
}

function leftText(now) {
  const left = Math.max(run.goal - breathed(run.guide, now), 0) / 60;
  return left < 0.5 ? words.few_breaths : counted(words.minutes_left, Math.round(left));
}

function draw() {
  const now = clock(), full = run.guide ? fullness(run.guide, now) : 0;
  const moves = run.stage !== "start" && run.stage !== "end";
  put("word", run.stage === "end" ? "" : wordOf(now));
  find("word").style.opacity = moves ? wordOpacity(run.guide, now) : 1;
  find("disc").setAttribute("r", still.matches && moves ? LARGEST : SMALLEST + (LARGEST - SMALLEST) * full);
  find("still").toggleAttribute("hidden", !(still.matches && moves));
  if (!moves) return;
  put("left", leftText(now));
  const side = isInhaling(run.guide, now) ? -1 : 1, angle = Math.PI * full;
  place("still", side * LARGEST * Math.sin(angle), LARGEST * Math.cos(angle));
  if (!still.matches) drawWave(now, full);
}

// The line is drawn once for a while and then moved, so that its dashes move with it.
const drawn = { guide: null, origin: 0, until: -1, arc: 0 };

function drawWave(now, full) {
  if (drawn.guide !== run.guide || now > drawn.until) redrawWave(now);
  const shift = WAVE.now - (now - drawn.origin) * WAVE.speed;
  find("line").setAttribute("transform", `translate(${shift.toFixed(2)} 0)`);
  place("dot", WAVE.now, heightOf(full));
}

function redrawWave(now) {
  const step = WAVE.step / WAVE.speed, origin = Math.floor((now - WAVE.back) / step) * step;
  const goesOn = drawn.guide !== null && drawn.guide.stretches[0] === run.guide.stretches[0];
  if (goesOn) drawn.arc += arcOf(pointsOf(drawn.origin, origin));
  else drawn.arc = 0;
  Object.assign(drawn, { guide: run.guide, origin, until: now + WAVE.back });
  const points = pointsOf(origin, now + 3 * WAVE.back).map(([x, y]) => `${x} ${y.toFixed(2)}`);
  find("line").setAttribute("d", `M${points.join("L")}`);
  find("line").setAttribute("stroke-dashoffset", (drawn.arc % WAVE.dash).toFixed(2));
}

function pointsOf(begin, end) {
  const count = Math.round((end - begin) * WAVE.speed / WAVE.step), points = [];
  for (let place = 0; place <= count; place += 1) {
    const x = place * WAVE.step;
    points.push([x, heightOf(fullness(run.guide, begin + x / WAVE.speed))]);
  }
  return points;
}

function arcOf(points) {
  return points.slice(1).reduce((sum, [x, y], place) => sum + Math.hypot(x - points[place][0], y - points[place][1]), 0);
}

function heightOf(full) {
  return WAVE.low + (WAVE.high - WAVE.low) * full;
}

function place(id, x, y) {
  find(id).setAttribute("cx", x.toFixed(2));
  find(id).setAttribute("cy", y.toFixed(2));
}

function frame() {
  advance(clock());
  if (run.stage === "breathing" || run.stage === "paused") draw();
  requestAnimationFrame(frame);
}

// Two soft tones, planned a few seconds ahead, so that they go on where the screen is off.
const LOWEST_TONE = 165, HIGHEST_TONE = 247, LOUDEST = 0.12, AHEAD = 4, EVERY = 0.05;
let tones = null;

function makeTones() {
  const Context = window.AudioContext || window.webkitAudioContext;
  if (!Context) return null;
  const context = new Context(), gain = context.createGain();
  gain.gain.value = 0;
  gain.connect(context.destination);
  const voices = [0.75, 0.25].map((share) => {
    const voice = context.createOscillator(), own = context.createGain();
    own.gain.value = share;
    voice.connect(own).connect(gain);
    voice.start();
    return voice;
  });
  return { context, gain, voices, planned: 0 };
}

// Tones that are planned stay as they are until something changes; then they are planned `anew`.
function schedule(anew) {
  if (!tones) return;
  const heard = tones.context.currentTime, now = clock();
  if (!sound || run.stage !== "breathing") {
    hush(heard);
    return;
  }
  if (anew || tones.planned < now) planFrom(heard, now);
  for (; tones.planned < now + AHEAD; tones.planned += EVERY) {
    planTone(tones.planned, heard + tones.planned - now);
  }
}

function hush(heard) {
  if (!tones.planned) return;
  holdAt(tones.gain.gain, heard);
  tones.gain.gain.setTargetAtTime(0, heard, 0.08);
  tones.planned = 0;
}

function planFrom(heard, now) {
  holdAt(tones.gain.gain, heard);
  for (const voice of tones.voices) holdAt(voice.frequency, heard);
  tones.planned = now + EVERY;
}

function holdAt(value, heard) {
  const present = value.value;
  value.cancelScheduledValues(heard);
  value.setValueAtTime(present, heard);
}

function planTone(at, when) {
  const [first, second] = tones.voices.map((voice) => voice.frequency);
  const full = fullness(run.guide, at), tone = LOWEST_TONE * (HIGHEST_TONE / LOWEST_TONE) ** full;
  first.linearRampToValueAtTime(tone, when);
  second.linearRampToValueAtTime(tone * (isInhaling(run.guide, at) ? 1.5 : 0.5), when);
  const loudness = Math.sqrt(Math.max(4 * full * (1 - full), 0));
  tones.gain.gain.linearRampToValueAtTime(LOUDEST * loudness, when);
}

function setSound(wanted) {
  sound = wanted;
  if (sound && run.stage === "breathing") startTones();
  put("sound", sound ? words.sound_off : words.sound_on);
  schedule(true);
}

function startTones() {
  if (!tones) tones = makeTones();
  if (tones) tones.context.resume();
}

function setEyes(closed) {
  eyesClosed = closed;
  document.documentElement.classList.toggle("dim", closed);
  put("eyes", closed ? words.eyes_open : words.eyes_closed);
  if (closed) setSound(true);
}

let awake = null;
async function stayAwake() {
  try {
    awake = await navigator.wakeLock.request("screen");
  } catch { awake = null; }
}

// Sheets over the page.
function openContact() {
  if (run.stage === "breathing") pause();
  find("help").showModal();
}

function openBefore() {
  find("begin").hidden = log.begun;
  find("before").showModal();
}

function openCode() {
  keepEntry();
  find("code-text").value = codeOf(plan.id, log.entries);
  put("copy", words.copy);
  put("erase", words.erase);
  find("codes").showModal();
}

async function copyCode() {
  const text = find("code-text");
  try {
    await navigator.clipboard.writeText(text.value);
  } catch {
    text.select();
    document.execCommand("copy");
  }
  put("copy", words.copied);
}

function saveFile() {
  const link = document.createElement("a");
  const address = URL.createObjectURL(new Blob([fileOf(plan.id, log.entries)], { type: "application/json" }));
  link.href = address;
  link.download = "interbeat-log.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

function erase() {
  if (find("erase").textContent !== words.erase_sure) {
    put("erase", words.erase_sure);
    return;
  }
  log.entries = [];
  run.entry = null;
  keep();
  find("codes").close();
  show("start");
}

function openNote() {
  find("note-text").value = run.entry.note;
  find("notes").showModal();
}

function keepNote() {
  run.entry.note = new TextDecoder().decode(new TextEncoder().encode(find("note-text").value.trim()));
  keepEntry();
}

function answerBefore(number) {
  run.before = run.before === number ? null : number;
  mark("tension-before", run.before);
  find("tensions").close();
  showStart();
}

function answerAfter(number) {
  run.entry.after = run.entry.after === number ? null : number;
  keepEntry();
  showEnd();
}

const actions = {
  start, stop, done: () => show("start"), "once-more": start,
  pause: () => (run.stage === "paused" ? goOn() : pause()),
  slower: () => changeRate(-STEP), quicker: () => changeRate(STEP),
  sound: () => setSound(!sound), eyes: () => setEyes(!eyesClosed),
  contact: openContact, "show-log": openCode, code: openCode, copy: copyCode, save: saveFile, erase,
  note: openNote, about: openBefore,
  tension: () => { mark("tension-before", run.before); find("tensions").showModal(); },
  begin: () => { log.begun = true; keep(); find("before").close(); start(); },
};

function listen() {
  for (const [id, action] of Object.entries(actions)) find(id).addEventListener("click", action);
  for (const [group, answer] of [["tension-before", answerBefore], ["after", answerAfter]]) {
    find(group).querySelectorAll("button").forEach((button, number) => {
      button.addEventListener("click", () => answer(number));
    });
  }
  for (const sheet of document.querySelectorAll("dialog")) {
    sheet.querySelector(".close")?.addEventListener("click", () => sheet.close());
  }
  find("notes").addEventListener("close", keepNote);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keepEntry();
    else if (run.stage === "breathing") stayAwake();
  });
  window.addEventListener("pagehide", keepEntry);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && run.stage === "breathing") pause();
  });
}

load();
listen();
setSound(plan.sound);
setEyes(false);
show("start");
setInterval(() => { advance(clock()); schedule(false); }, 1000);
requestAnimationFrame(frame);
