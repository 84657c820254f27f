// The log of practices as a code that survives letters, line ends and a screen reader; it is read by
// pipelines/programmes/code.py, which says how it is made.
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", PREFIX = "IB1", GROUP = 5;

function numberBytes(value) {
  const bytes = [];
  while (value >= 128) {
    bytes.push(value % 128 + 128);
    value = Math.floor(value / 128);
  }
  return [...bytes, value];
}

function answerNumber(answer) {
  return answer === null ? 0 : answer + 1;
}

function entryBytes(entry, before) {
  const quarters = Math.round(entry.offset / 15), note = new TextEncoder().encode(entry.note);
  const numbers = [
    entry.started - before, quarters < 0 ? -2 * quarters - 1 : 2 * quarters, entry.breathed,
    Math.round(entry.first * 10), Math.round(entry.last * 10), entry.pauses,
    answerNumber(entry.before), answerNumber(entry.after), note.length,
  ];
  return [...numbers.flatMap(numberBytes), ...note];
}

function checksum(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? sum >>> 1 ^ 0xedb88320 : sum >>> 1;
  }
  sum = (sum ^ 0xffffffff) >>> 0;
  return [sum >>> 24, sum >>> 16 & 255, sum >>> 8 & 255, sum & 255];
}

function lettersOf(bytes) {
  let letters = "", held = 0, bits = 0;
  for (const byte of bytes) {
    held = (held << 8 | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      letters += LETTERS[held >> bits & 31];
    }
  }
  return bits ? letters + LETTERS[held << 5 - bits & 31] : letters;
}

function codeOf(plan, entries) {
  const id = (plan || "00000000").match(/../g).map((pair) => parseInt(pair, 16));
  const sorted = [...entries].sort((one, other) => one.started - other.started);
  const told = sorted.flatMap((entry, place) => entryBytes(entry, place ? sorted[place - 1].started : 0));
  const body = [...id, ...numberBytes(sorted.length), ...told];
  const bytes = [...numberBytes(body.length), ...body];
  const letters = lettersOf([...bytes, ...checksum(bytes)]);
  return [PREFIX, ...letters.match(new RegExp(`.{1,${GROUP}}`, "g"))].join("-");
}

function startedText(entry) {
  const here = new Date((entry.started + 60 * entry.offset) * 1000).toISOString().slice(0, 19);
  const minutes = Math.abs(entry.offset), two = (number) => String(number).padStart(2, "0");
  return `${here}${entry.offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function fileOf(plan, entries) {
  const sorted = [...entries].sort((one, other) => one.started - other.started);
  const practices = sorted.map((entry) => ({
    started: startedText(entry), breathed_s: entry.breathed,
    first_rate: entry.first, last_rate: entry.last, pauses: entry.pauses,
    tension_before: entry.before, tension_after: entry.after, note: entry.note,
  }));
  const told = { interbeat: "phone log", schema: 1, code: codeOf(plan, entries), practices };
  return `${JSON.stringify(told, null, 2)}\n`;
}
