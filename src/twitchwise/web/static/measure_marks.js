// Marks of events: a shape and letters for each kind, so that nothing is told by color alone.

const BLUE = "#005eb8";
const GRAY = "#4c6272";
const INK = "#212b32";
const MOST_MARKS = 400;
const MOST_LABELS = 60;
const SHAPES = [
  (path, s) => { path.moveTo(0, 0); path.lineTo(s, 2 * s); path.lineTo(-s, 2 * s); },
  (path, s) => { path.rect(-s, 0, 2 * s, 2 * s); },
  (path, s) => { path.moveTo(0, 0); path.lineTo(s, s); path.lineTo(0, 2 * s); path.lineTo(-s, s); },
  (path, s) => { path.moveTo(-s, 0); path.lineTo(s, 0); path.lineTo(0, 2 * s); },
  (path, s) => { path.arc(0, s, s, 0, 2 * Math.PI); },
  (path, s) => { path.moveTo(-s, 0); path.lineTo(s, 0); path.lineTo(-s, 2 * s); path.lineTo(s, 2 * s); },
];

// words without weight, of every language of the pages
const FILLERS = ["of", "on", "the", "a", "to", "that", "von", "auf", "der", "die", "das", "dem", "den", "des", "im", "am", "beim"];

export function letters(kind) {
  return kind.split(" ").filter((word) => !FILLERS.includes(word))
    .map((word) => word[0].toUpperCase()).join("");
}

export function shape(context, number, x, y, size, filled, ink) {
  context.save();
  context.translate(x, y);
  context.beginPath();
  SHAPES[number % SHAPES.length](context, size);
  context.closePath();
  context.fillStyle = filled ? ink : "#fff";
  context.strokeStyle = ink;
  context.lineWidth = size / 3;
  context.fill();
  context.stroke();
  context.restore();
}

// Give the events between two places of the list that are to be drawn, each with its lane; not more than can be told apart.
function* drawable(events, first, last, laneOf) {
  const step = Math.max(1, Math.ceil((last - first) / MOST_MARKS));
  for (let place = first; place < last; place += step) {
    const lane = laneOf(events[place].row);
    if (lane) {
      yield [events[place], lane];
    }
  }
}

// Draw what lies behind the traces: a line at the peak of each event, and how long it lasts.
export function drawLines(context, events, first, last, { xOf, laneOf, scale }) {
  for (const [event, lane] of drawable(events, first, last, laneOf)) {
    const [top, from, to] = [lane.y - lane.height / 2, xOf(event.start_s), xOf(event.end_s)];
    context.fillStyle = event.verdict === "rejected" ? "#e8edee" : "#d2e4f5";
    context.fillRect(from, top, Math.max(to - from, 3 * scale), lane.height);
    context.fillStyle = event.verdict === "rejected" ? GRAY : BLUE;
    context.fillRect(Math.round(xOf(event.peak_s)), top, 1, lane.height);
  }
}

// Draw what lies before the traces: shapes and letters at the head of each event, and a frame around the chosen one.
export function drawMarks(context, events, first, last, { xOf, laneOf, kinds, chosen, scale }) {
  context.font = `${11 * scale}px sans-serif`;
  context.textBaseline = "top";
  const named = last - first <= MOST_LABELS;
  for (const [event, lane] of drawable(events, first, last, laneOf)) {
    mark(context, event, Math.max(0, lane.y - lane.height / 2), { x: xOf(event.peak_s), kinds, size: 5 * scale, named });
  }
  const lane = chosen && laneOf(chosen.row);
  if (lane) {
    context.strokeStyle = INK;
    context.lineWidth = 2 * scale;
    const wide = Math.max(24 * scale, xOf(chosen.end_s) - xOf(chosen.start_s) + 12 * scale);
    context.strokeRect(xOf(chosen.peak_s) - wide / 2, lane.y - lane.height / 2 + scale, wide, Math.max(lane.height, 16 * scale) - 2 * scale);
  }
}

function mark(context, event, head, { x, kinds, size, named }) {
  const kept = event.verdict !== "rejected";
  const ink = kept ? BLUE : GRAY;
  shape(context, kinds.indexOf(event.kind), x, head, size, kept, ink);
  if (!kept) {
    context.strokeStyle = ink;
    context.lineWidth = 0.4 * size;
    context.beginPath();
    context.moveTo(x - 1.6 * size, head + 2.4 * size);
    context.lineTo(x + 1.6 * size, head - 0.4 * size);
    context.stroke();
  }
  if (named) {
    context.fillStyle = INK;
    const sign = event.by_hand ? "+" : event.verdict === "accepted" ? "\u2713" : "";
    context.fillText(`${letters(event.kind)}${sign}`, x + 1.8 * size, head);
  }
}
