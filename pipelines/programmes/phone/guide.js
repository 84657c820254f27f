// The guide as a function of the clock in seconds: physio/breathing/pacer.py and gui/practice/guide.py
// in JavaScript. A test asks both at the same thousand moments.
const LEAD_IN = 3, COMING_TO_REST = 3, TURNING = 0.15;
const SLOWEST = 4, FASTEST = 24, EASING = 0.5, SAME_MOMENT = 1e-9;

function lastBegun(list, begin, at) {
  let found = list[0];
  for (const one of list) if (begin(one) <= at) found = one;
  return found;
}

function steady(rate, at, inhale) {
  return { pieces: [{ time: at, phase: 0, rate, slope: 0 }], inhale };
}

function pieceAt(pacer, at) {
  return lastBegun(pacer.pieces, (piece) => piece.time, at);
}

function phaseAt(pacer, at) {
  const piece = pieceAt(pacer, at), minutes = (at - piece.time) / 60;
  return piece.phase + minutes * (piece.rate + 0.5 * piece.slope * minutes);
}

function rateAt(pacer, at) {
  const piece = pieceAt(pacer, at);
  return piece.rate + piece.slope * (at - piece.time) / 60;
}

function fractionAt(pacer, at) {
  const phase = phaseAt(pacer, at);
  return phase - Math.floor(phase);
}

function volumeAt(pacer, at) {
  const fraction = fractionAt(pacer, at);
  const rising = fraction / pacer.inhale, falling = (1 - fraction) / (1 - pacer.inhale);
  return 0.5 - 0.5 * Math.cos(Math.PI * Math.min(rising, falling));
}

function timeOf(pacer, phase) {
  const piece = lastBegun(pacer.pieces, (one) => one.phase, phase), cycles = phase - piece.phase;
  const root = Math.sqrt(piece.rate * piece.rate + 2 * piece.slope * cycles);
  return piece.time + 60 * (2 * cycles / (piece.rate + root));
}

function nextBreath(pacer, at) {
  return timeOf(pacer, Math.floor(phaseAt(pacer, at) + SAME_MOMENT) + 1);
}

function ease(pacer, at, rate) {
  const now = rateAt(pacer, at), slope = rate < now ? -EASING : EASING;
  const leaving = { time: at, phase: phaseAt(pacer, at), rate: now, slope };
  const minutes = Math.abs(rate - now) / EASING;
  const phase = leaving.phase + minutes * 0.5 * (now + rate);
  const earlier = pacer.pieces.filter((piece) => piece.time < at);
  const before = earlier.length ? earlier : [{ ...leaving, slope: 0 }];
  const there = { time: at + 60 * minutes, phase, rate, slope: 0 };
  return { ...pacer, pieces: [...before, leaving, there] };
}

// A guide: stretches of breathing and rest, the rate it eases to, and the one it breathed at last.
function restingGuide(at, first, target, inhale) {
  return { stretches: [{ begin: at, pacer: null, leftOver: 0 }], target, rate: first, inhale };
}

function stretchAt(guide, at) {
  return lastBegun(guide.stretches, (stretch) => stretch.begin, at);
}

function fullness(guide, at) {
  const stretch = stretchAt(guide, at);
  const breath = stretch.pacer ? volumeAt(stretch.pacer, at) : 0;
  const since = Math.min(Math.max((at - stretch.begin) / COMING_TO_REST, 0), 1);
  const sinking = stretch.leftOver * (0.5 + 0.5 * Math.cos(Math.PI * since));
  return breath + sinking * (1 - breath);
}

function isInhaling(guide, at) {
  const { pacer } = stretchAt(guide, at);
  return pacer !== null && fractionAt(pacer, at) < pacer.inhale;
}

function paceAt(guide, at) {
  const { pacer } = stretchAt(guide, at);
  return pacer ? rateAt(pacer, at) : guide.rate;
}

function stretchesUntil(guide, at) {
  return guide.stretches.filter((stretch, place) => place === 0 || stretch.begin < at);
}

function rest(guide, at) {
  if (!stretchAt(guide, at).pacer) {
    const begun = guide.stretches.filter((one, place) => place === 0 || one.begin <= at);
    return { ...guide, stretches: begun };
  }
  const resting = { begin: at, pacer: null, leftOver: fullness(guide, at) };
  return { ...guide, stretches: [...stretchesUntil(guide, at), resting], rate: paceAt(guide, at) };
}

function breathe(guide, at) {
  if (stretchAt(guide, at).pacer) return guide;
  const pacer = ease(steady(guide.rate, at, guide.inhale), at, guide.target);
  const breathing = { begin: at, pacer, leftOver: fullness(guide, at) };
  return { ...guide, stretches: [...stretchesUntil(guide, at), breathing] };
}

function changePace(guide, at, step) {
  const target = Math.min(Math.max(guide.target + step, SLOWEST), FASTEST);
  const last = guide.stretches[guide.stretches.length - 1];
  if (!last.pacer) return { ...guide, target };
  const changed = { ...last, pacer: ease(last.pacer, Math.max(at, last.begin), target) };
  return { ...guide, stretches: [...guide.stretches.slice(0, -1), changed], target };
}

function breathed(guide, at) {
  let seconds = 0;
  guide.stretches.forEach((stretch, place) => {
    const next = guide.stretches[place + 1], end = next ? Math.min(next.begin, at) : at;
    if (stretch.pacer) seconds += Math.max(end - stretch.begin, 0);
  });
  return seconds;
}

// How much of the word is there: it fades out before each turn and in after it.
function wordOpacity(guide, at) {
  const { pacer } = stretchAt(guide, at);
  if (!pacer) return 1;
  const done = Math.acos(1 - 2 * volumeAt(pacer, at)) / Math.PI;
  const share = isInhaling(guide, at) ? guide.inhale : 1 - guide.inhale;
  const seconds = 60 / rateAt(pacer, at) * share;
  const fading = Math.min(done, 1 - done) * seconds / Math.min(TURNING, 0.2 * seconds);
  return Math.min(Math.max(fading, 0), 1);
}
