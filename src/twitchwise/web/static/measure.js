// Looks through a recording: moves and zooms the traces, and judges the events on them.

import { TILE, Tiles, ask, draw } from "./measure_traces.js";
import { drawLines, drawMarks, letters, shape } from "./measure_marks.js";

const MOST_CHANNELS = 64; // shown at first
const OVERVIEW_PIXELS = 256;
const POLL_MS = 500;
const FINEST_SHARE = 1 / 8; // of the step between two samples a pixel
const EASE = 0.3; // of the way that is left, a frame
const STEP = 0.2; // of what is shown, a key press
const INK = "#212b32";

const viewer = document.getElementById("viewer");
const stage = document.getElementById("stage");
const canvas = document.getElementById("canvas");
const context = canvas.getContext("2d", { alpha: false });
const url = viewer.dataset.url;
const byId = (id) => document.getElementById(id);

const state = {
  length: 0, channels: [], shown: [], finest: 1e-5, level: 0, start: 0, goal: 0, gain: 1, lanes: [], scale: 1,
  events: [], kinds: [], chosen: null, cursor: null, isWorking: true, direction: 1, overview: null, width: 1, isPrepared: false, known: "",
};
let isDirty = true;
let isRunning = false;
const tiles = new Tiles(url, () => touch());

const step = (level = state.level) => state.finest * 2 ** (level / 2); // seconds a pixel
const left = () => Math.round((stage.clientWidth < 500 ? 64 : 110) * state.scale);
const foot = () => Math.round(26 * state.scale);
const width = () => Math.max(1, canvas.width - left());
const height = () => Math.max(1, canvas.height - foot());
const span = () => width() * step();
const xOf = (time) => left() + (time - state.start) / step();
const bounded = (start) => Math.min(Math.max(start, 0), Math.max(0, state.length - span()));

// ---- opening

async function open() {
  const answer = await fetch(`${url}/channels`);
  const known = await answer.json();
  state.length = known.length_s;
  state.channels = known.channels;
  viewer.hidden = false;
  byId("drawn").hidden = true;
  byId("event-list").hidden = true;
  fit();
  const [from, to] = [Number(viewer.dataset.from), Number(viewer.dataset.to)];
  state.level = levelFor((to - from) / width());
  state.start = state.goal = bounded(from);
  await show(known.channels.map((_, number) => number).slice(0, MOST_CHANNELS));
  listChannels();
  await Promise.all([readEvents(), poll()]);
}

// Show some of the channels, at a scale that suits them.
async function show(channels) {
  const overview = await ask(url, 0, state.length, OVERVIEW_PIXELS, channels);
  state.shown = channels;
  state.overview = overview;
  tiles.use(channels);
  suit();
}

// Find the middle and the size of every channel; channels of one unit are drawn at one scale.
function suit() {
  const n = OVERVIEW_PIXELS;
  const sizes = new Map();
  const found = state.shown.map((channel, row) => {
    const lows = state.overview.values.subarray(2 * row * n, (2 * row + 1) * n);
    const highs = state.overview.values.subarray((2 * row + 1) * n, 2 * (row + 1) * n);
    const middles = [...lows].map((low, place) => (low + highs[place]) / 2).filter(Number.isFinite).sort((a, b) => a - b);
    const middle = middles[middles.length >> 1] ?? 0;
    let reach = 0;
    lows.forEach((low, place) => {
      reach = Number.isFinite(low) ? Math.max(reach, highs[place] - middle, middle - low) : reach;
    });
    const { unit } = state.channels[channel];
    sizes.set(unit, [...(sizes.get(unit) ?? []), ...(reach ? [reach] : [])]);
    return { middle, unit };
  });
  const shared = new Map([...sizes].map(([unit, all]) => [unit, all.sort((a, b) => a - b)[all.length >> 1] ?? 1]));
  state.found = found.map(({ middle, unit }) => ({ middle, unit, half: shared.get(unit) }));
  lay();
}

// Give every channel its lane.
function lay() {
  const lane = height() / Math.max(1, state.shown.length);
  state.lanes = (state.found ?? []).map(({ middle, half }, row) => ({
    y: (row + 0.5) * lane, height: lane, middle, reach: lane, perUnit: (state.gain * lane) / 2 / half,
  }));
  tiles.redraw();
  touch();
}

function fit() {
  state.scale = Math.min(devicePixelRatio || 1, 2);
  canvas.width = Math.round(stage.clientWidth * state.scale);
  canvas.height = Math.round(stage.clientHeight * state.scale);
  grade();
  lay();
}

// Choose the widths of time that one can zoom to, so that the widest is the whole recording.
function grade() {
  const whole = state.length / width();
  const least = FINEST_SHARE / Math.max(...state.channels.map((one) => one.rate_hz));
  const levels = Math.max(0, Math.ceil(2 * Math.log2(whole / least)));
  const [finest, seen] = [whole / 2 ** (levels / 2), state.width * step()];
  if (finest !== state.finest && state.length) {
    state.finest = finest;
    state.level = Math.min(levelFor(seen / width()), levels);
    state.start = state.goal = bounded(state.goal);
    tiles.use(state.shown);
  }
  state.width = width();
}

function levelFor(secondsAPixel) {
  return Math.max(0, Math.ceil(2 * Math.log2(secondsAPixel / state.finest) - 1e-6));
}

// ---- drawing

function touch() {
  isDirty = true;
  delete stage.dataset.still;
  if (!isRunning) {
    isRunning = true;
    requestAnimationFrame(frame);
  }
}

function frame() {
  const way = state.goal - state.start;
  if (Math.abs(way) > step() / 2) {
    state.start += way * EASE;
    isDirty = true;
  } else {
    state.start = state.goal;
  }
  const drewMore = prepare();
  if (isDirty || drewMore) {
    isDirty = false;
    paint();
    requestAnimationFrame(frame);
  } else {
    isRunning = false;
    settle();
  }
}

// Draw at most a few tiles into pictures a frame, those that are seen first; the rest follow in later frames.
function prepare() {
  if (!state.shown.length) {
    return false;
  }
  const seen = wanted();
  tiles.want(seen);
  let left = 1;
  for (const one of seen) {
    const tile = tiles.get(one.level, one.place);
    if (tile?.values && !tile.picture) {
      tile.picture = draw(tile.values, height(), state.lanes);
      left -= 1;
      if (left <= 0) {
        return true;
      }
    }
  }
  return false;
}

// Which tiles are wanted: those in sight, then the neighbors on the way, then coarser and finer ones.
function wanted() {
  const inSight = around(state.level, state.start, state.start + span());
  const first = inSight[0].place;
  const last = inSight.at(-1).place;
  const near = [1, -1, 2, -2, 3].map((away) => (away * state.direction > 0 ? last : first) + away * state.direction);
  const middle = state.start + span() / 2;
  const others = [2, -2].flatMap((more) => {
    const level = state.level + more;
    const reach = (width() * step(level)) / 2;
    return level < 0 || reach > state.length ? [] : around(level, middle - reach, middle + reach);
  });
  // while the levels are made, what is not seen would only be coarse
  const unseen = state.isPrepared ? [...near.map((place) => tileAt(state.level, place)), ...others] : [];
  return [...inSight, ...unseen].filter(
    (one) => one.stop > 0 && one.start < state.length,
  );
}

function around(level, start, stop) {
  const length = TILE * step(level);
  const found = [];
  for (let place = Math.floor(start / length); place * length < stop; place += 1) {
    found.push(tileAt(level, place));
  }
  return found;
}

function tileAt(level, place) {
  const length = TILE * step(level);
  return { level, place, start: place * length, stop: (place + 1) * length };
}

function paint() {
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.save();
  context.beginPath();
  context.rect(left(), 0, width(), canvas.height);
  context.clip();
  lines();
  let isCoarse = false;
  for (const one of around(state.level, state.start, state.start + span())) {
    const tile = tiles.peek(one.level, one.place);
    if (tile?.picture) {
      context.drawImage(tile.picture, Math.round(xOf(one.start)), 0);
      isCoarse ||= !tile.exact;
    } else {
      standIn(one);
      isCoarse ||= one.start < state.length;
    }
  }
  marks();
  axis();
  context.restore();
  names();
  state.isCoarse = isCoarse;
  if (state.overview) {
    reached(isCoarse ? "coarse" : "exact");
  }
}

// Note on the page, for tests and for measuring speed, that a picture of a kind is there.
function reached(kind) {
  if (stage.dataset.picture !== "exact" && stage.dataset.picture !== kind) {
    stage.dataset.picture = kind;
    performance.mark(`${kind}-picture`);
  }
}

// Draw a tile that is not there yet from one of another width that is, stretched.
function standIn(one) {
  for (const more of [1, -1, 2, -2, 3, 4, 6, 8]) {
    const level = state.level + more;
    if (level < 0) {
      continue;
    }
    const others = around(level, one.start, one.stop).map((other) => [other, tiles.peek(level, other.place)?.picture]);
    if (others.some(([, picture]) => picture)) {
      context.save();
      context.beginPath();
      context.rect(xOf(one.start), 0, TILE, height());
      context.clip();
      others.filter(([, picture]) => picture).forEach(([other, picture]) =>
        context.drawImage(picture, xOf(other.start), 0, xOf(other.stop) - xOf(other.start), height()));
      context.restore();
      return;
    }
  }
  roughly(one);
}

// Draw a stretch from the overview of the whole recording.
function roughly(one) {
  if (!state.overview) {
    return;
  }
  const n = OVERVIEW_PIXELS;
  const length = state.length / n;
  const first = Math.max(0, Math.floor(one.start / length));
  const last = Math.min(n, Math.ceil(one.stop / length));
  context.fillStyle = "#aeb7bd";
  state.lanes.forEach((lane, row) => {
    for (let place = first; place < last; place += 1) {
      const low = state.overview.values[2 * row * n + place];
      const high = state.overview.values[(2 * row + 1) * n + place];
      if (Number.isFinite(low)) {
        const from = Math.max(xOf(place * length), xOf(one.start));
        const to = Math.min(xOf((place + 1) * length), xOf(one.stop));
        const top = Math.max(lane.y - lane.reach, lane.y - (high - lane.middle) * lane.perUnit);
        const end = Math.min(lane.y + lane.reach, lane.y - (low - lane.middle) * lane.perUnit);
        context.fillRect(from, top, to - from, Math.max(1, end - top));
      }
    }
  });
}

// The events in sight, and how they are placed.
function inSight() {
  const { events } = state;
  const how = {
    xOf, kinds: state.kinds, chosen: chosenEvent(), scale: state.scale,
    laneOf: (row) => state.lanes[state.shown.indexOf(row)],
  };
  return [events, after(events, state.start - span() / 20), after(events, state.start + span() * 1.05), how];
}

// What lies behind the traces, so that it hides nothing of them.
function lines() {
  drawLines(context, ...inSight());
  if (state.cursor !== null) {
    context.fillStyle = "#f0a39c";
    context.fillRect(Math.round(xOf(state.cursor)), 0, Math.round(2 * state.scale), height());
  }
}

function marks() {
  drawMarks(context, ...inSight());
}

// Return the place of the first event after a time.
function after(events, time) {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events[middle].peak_s <= time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

function axis() {
  const y = height();
  context.fillStyle = "#fff";
  context.fillRect(left(), y, width(), foot());
  context.fillStyle = INK;
  context.fillRect(left(), y, width(), 1);
  context.font = `${12 * state.scale}px sans-serif`;
  context.textBaseline = "top";
  context.textAlign = "left";
  const gap = tick((110 * state.scale) * step());
  for (let time = Math.ceil(state.start / gap) * gap; time <= Math.min(state.start + span(), state.length); time += gap) {
    const x = Math.round(xOf(time));
    context.fillRect(x, y, 1, 6 * state.scale);
    context.fillText(clock(time, gap), x + 3 * state.scale, y + 6 * state.scale);
  }
}

// Return a round step of time that is at least so long.
function tick(least) {
  const round = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];
  if (least > 1) {
    return round.find((one) => one >= least) ?? 86400 * Math.ceil(least / 86400);
  }
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((one) => one * power).find((one) => one >= least * 0.999);
}

function clock(time, gap) {
  if (gap < 1) {
    return `${time.toFixed(Math.min(6, Math.ceil(-Math.log10(gap))))} s`;
  }
  const whole = Math.round(time);
  const two = (value) => String(value).padStart(2, "0");
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

function names() {
  context.fillStyle = INK;
  context.textAlign = "right";
  context.textBaseline = "middle";
  const size = Math.max(8, Math.min(13, state.lanes[0]?.height / state.scale || 13));
  context.font = `${size * state.scale}px sans-serif`;
  const every = Math.max(1, Math.ceil((size * state.scale) / (state.lanes[0]?.height || 1)));
  state.lanes.forEach((lane, row) => {
    if (row % every === 0) {
      context.fillText(state.channels[state.shown[row]].name, left() - 6 * state.scale, lane.y, left() - 8 * state.scale);
    }
  });
  context.textAlign = "left";
}

// Sentences come from the page, in the language of the reader, with places to fill in.
const words = byId("viewer").dataset;

function filled(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

function decimal(number) {
  return number.replace(".", words.decimal);
}

// Write a size with a prefix that suits it.
function amount(value, unit) {
  if (!["V", "N", "m"].includes(unit)) {
    return `${decimal(value.toPrecision(3))} ${unit === "unknown" ? words.noUnit : unit}`;
  }
  const [factor, prefix] = [[1, ""], [1e-3, "m"], [1e-6, "\u00b5"]].find(([one]) => value >= one) ?? [1e-6, "\u00b5"];
  return `${decimal(String(Number((value / factor).toPrecision(3))))} ${prefix}${unit}`;
}

// What is told once the picture stands still: where one is, and the address of the picture to save.
function settle() {
  const stop = Math.min(state.start + span(), state.length);
  const gap = span() / 100;
  const high = state.found?.[0];
  const size = high ? filled(words.row, { size: amount((2 * high.half) / state.gain, high.unit) }) : "";
  const reach = filled(words.fromTo, { from: clock(state.start, gap), to: clock(stop, gap) });
  byId("where").textContent = [reach, size, state.isCoarse ? words.coarse : ""].filter(Boolean).join(" ");
  const save = byId("save-svg");
  const query = `from=${state.start}&to=${stop}&channels=${state.shown.slice(0, MOST_CHANNELS).join(",")}`;
  save.href = `${url}/export/picture.svg?${query}`;
  stage.dataset.still = "yes"; // for tests
}

// ---- moving

function move(share) {
  state.direction = share < 0 ? -1 : 1;
  state.goal = bounded(state.goal + share * span());
  touch();
}

function zoom(levels, time = state.goal + span() / 2) {
  const share = (time - state.goal) / span();
  const widest = levelFor(state.length / width());
  state.level = Math.min(Math.max(state.level + levels, 0), widest);
  state.start = state.goal = bounded(time - share * span());
  touch();
}

function all() {
  state.level = levelFor(state.length / width());
  state.start = state.goal = 0;
  touch();
}

function louder(factor) {
  state.gain *= factor;
  lay();
}

// ---- events

const chosenEvent = () => state.events.find((event) => event.id === state.chosen);

async function readEvents() {
  const answer = await fetch(`${url}/events`);
  if (answer.ok) {
    take(await answer.json());
  }
}

function take(known) {
  state.known = known.known;
  if (known.events) {
    state.events = known.events;
    state.kinds = [...new Set([...state.kinds, ...known.events.map((event) => event.kind)])];
  } else {
    state.events.forEach((event) => {
      event.verdict = known.verdicts[event.id] ?? "open";
    });
  }
  const rows = known.tallies.map((tally) => {
    const row = document.createElement("tr");
    ["kind", "channel", "count", "rate", "interval"].forEach((name, place) => {
      const cell = document.createElement(place ? "td" : "th");
      if (!place) {
        cell.scope = "row";
      }
      cell.textContent = tally[name];
      row.append(cell);
    });
    return row;
  });
  if (rows.length) {
    byId("tallies").replaceChildren(...rows);
  } else {
    byId("tallies").innerHTML = `<tr><td colspan="5">${words.noneYet}</td></tr>`;
  }
  document.querySelector("[data-do=undo]").disabled = !known.can_undo;
  legend();
  touch();
}

function legend() {
  byId("legend").replaceChildren(...state.kinds.map((kind, number) => {
    const item = document.createElement("li");
    const picture = document.createElement("canvas");
    picture.width = picture.height = 20;
    shape(picture.getContext("2d"), number, 10, 4, 6, true, "#005eb8");
    item.append(picture, `${letters(kind)}: ${kind}`);
    return item;
  }));
}

function choose(event) {
  state.chosen = event.id;
  state.cursor = event.peak_s;
  byId("time_s").value = event.peak_s.toFixed(6);
  if (event.peak_s < state.goal || event.peak_s > state.goal + span()) {
    state.goal = bounded(event.peak_s - span() / 2);
  }
  tell(event);
  touch();
}

function tell(event, before = "") {
  const place = state.events.indexOf(event) + 1;
  const verdict = words[event.by_hand ? `${event.verdict}ByHand` : event.verdict];
  byId("chosen").textContent = before + filled(words.event, {
    place, all: state.events.length, kind: event.kind, channel: event.channel, time: decimal(event.peak_s.toFixed(3)), verdict,
  });
}

function nextEvent(way) {
  if (!state.events.length) {
    byId("chosen").textContent = words.none;
    return;
  }
  const now = state.events.findIndex((event) => event.id === state.chosen);
  const here = after(state.events, state.cursor ?? state.goal);
  const place = now >= 0 ? now + way : way > 0 ? here : here - 1;
  choose(state.events[Math.min(Math.max(place, 0), state.events.length - 1)]);
}

async function change(values) {
  const answer = await fetch(`${url}/events`, {
    method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams([...values, ["known", state.known]]),
  });
  const known = await answer.json();
  if (!answer.ok) {
    byId("chosen").textContent = known.error;
    return false;
  }
  take(known);
  return true;
}

async function judge(verdict) {
  if (!chosenEvent()) {
    byId("chosen").textContent = words.choose;
  } else if (await change([["do", "judge"], [`event-${state.chosen}`, verdict]])) {
    tell(chosenEvent());
  }
}

async function undo() {
  if (await change([["do", "undo"]])) {
    byId("chosen").textContent = words.undone;
    if (chosenEvent()) {
      tell(chosenEvent(), `${words.undone} `);
    } else {
      state.chosen = null;
    }
  }
}

byId("add").addEventListener("submit", async (event) => {
  event.preventDefault();
  const before = new Set(state.events.map((one) => one.id));
  if (await change([...new FormData(event.target)])) {
    const added = state.events.find((one) => !before.has(one.id));
    if (added) {
      choose(added);
    }
  }
});

// ---- what a person does

function png() {
  canvas.toBlob((blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = "recording.png";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
}

const DEEDS = {
  left: () => move(-STEP), right: () => move(STEP), in: () => zoom(-2), out: () => zoom(2), all,
  taller: () => louder(1.5), flatter: () => louder(1 / 1.5),
  previous: () => nextEvent(-1), next: () => nextEvent(1),
  accept: () => judge("accepted"), reject: () => judge("rejected"), undo, png,
};
const KEYS = {
  ArrowLeft: "left", ArrowRight: "right", ArrowUp: "taller", ArrowDown: "flatter", "+": "in", "=": "in", "-": "out",
  Home: "all", n: "next", p: "previous", a: "accept", r: "reject", u: "undo",
};

document.querySelectorAll("[data-do]").forEach((button) => button.addEventListener("click", DEEDS[button.dataset.do]));

// keys count only while the picture has the focus, so that they never get in the way of other tools
stage.addEventListener("keydown", (event) => {
  const deed = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (deed && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    DEEDS[deed]();
  }
});

let grip = null;
stage.addEventListener("pointerdown", (event) => {
  grip = { x: event.clientX, start: state.goal, moved: false };
  stage.setPointerCapture(event.pointerId);
});
stage.addEventListener("pointermove", (event) => {
  if (grip) {
    const way = event.clientX - grip.x;
    grip.moved ||= Math.abs(way) > 4;
    if (grip.moved) {
      state.direction = way > 0 ? -1 : 1;
      state.start = state.goal = bounded(grip.start - way * state.scale * step());
      touch();
    }
  }
});
stage.addEventListener("pointerup", (event) => {
  if (grip && !grip.moved) {
    pick(event);
  }
  grip = null;
});
stage.addEventListener("pointercancel", () => {
  grip = null;
});
stage.addEventListener("wheel", (event) => {
  if (event.ctrlKey) {
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1 : -1, timeAt(event));
  } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
    event.preventDefault();
    state.goal = bounded(state.goal + event.deltaX * state.scale * step());
    touch();
  }
}, { passive: false });

function timeAt(event) {
  const x = (event.clientX - canvas.getBoundingClientRect().left) * state.scale;
  return state.start + (x - left()) * step();
}

// Choose the event under the pointer, or the time where there is none.
function pick(event) {
  const time = Math.min(Math.max(timeAt(event), 0), state.length);
  const y = (event.clientY - canvas.getBoundingClientRect().top) * state.scale;
  const row = Math.min(Math.floor(y / (state.lanes[0]?.height || 1)), state.shown.length - 1);
  const near = 10 * state.scale * step();
  const under = state.events.find((one) => one.row === state.shown[row] && Math.abs(one.peak_s - time) < near);
  if (under) {
    choose(under);
    return;
  }
  state.cursor = time;
  state.chosen = null;
  byId("time_s").value = time.toFixed(6);
  byId("channel").value = String(state.shown[row]);
  byId("chosen").textContent = filled(words.addHere, { time: decimal(time.toFixed(3)), channel: state.channels[state.shown[row]].name });
  touch();
}

function listChannels() {
  byId("channels").replaceChildren(...state.channels.map((channel, number) => {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = state.shown.includes(number);
    box.value = String(number);
    box.addEventListener("change", () => {
      const boxes = [...byId("channels").querySelectorAll("input:checked")];
      if (boxes.length) {
        show(boxes.map((one) => Number(one.value)));
      } else {
        box.checked = true;
      }
    });
    label.append(box, channel.name);
    return label;
  }));
}

new ResizeObserver(() => fit()).observe(stage);

// ---- the work in the background

async function poll() {
  const answer = await fetch(`${url}/status`).catch(() => null);
  if (!answer?.ok) {
    byId("said").textContent = words.closed;
    return;
  }
  const status = await answer.json();
  if (byId("said").textContent !== status.said) {
    byId("said").textContent = status.said;
  }
  if (status.share_prepared === 1 && !state.isPrepared) {
    state.isPrepared = true;
    tiles.refresh();
  }
  const wasWorking = state.isWorking;
  state.isWorking = status.is_working;
  byId("stop").hidden = !status.is_working;
  if (status.is_working) {
    setTimeout(poll, POLL_MS);
  } else {
    if (wasWorking && !byId("chosen").textContent) {
      byId("chosen").textContent = status.said; // spoken once, at the end
    }
    await Promise.all([readEvents(), wasWorking ? readValues() : null]);
    document.documentElement.dataset.ready = "yes";
  }
}

// Take what was measured from the page as it is now.
async function readValues() {
  const answer = await fetch(url);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["values", "kind"]) {
    const now = page.getElementById(id);
    if (now) {
      byId(id).replaceChildren(...now.childNodes);
    }
  }
  byId("kind").selectedIndex = 0;
}

open();
