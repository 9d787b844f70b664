// Traces as tiles: each is fetched once for a width of time, drawn once into a picture, and then only moved.

export const TILE = 512; // pixels of a screen
const MOST_TILES = 120;
const MOST_PICTURES = 40;
const MOST_ASKED = 3; // requests at a time
const AGAIN_MS = 600; // until a coarse tile is asked for again; twice as long after each time
const MOST_DOUBLED = 4;
const INK = 0xff322b21; // #212b32, as the bytes lie in a picture

export class Tiles {
  #url;
  #changed;
  #tiles = new Map();
  #wanted = [];
  #asked = 0;
  #era = 0;
  channels = [];

  constructor(url, changed) {
    this.#url = url;
    this.#changed = changed;
  }

  // Show other channels; what was fetched before is of no more use.
  use(channels) {
    this.channels = channels;
    this.#era += 1;
    this.#tiles.clear();
  }

  // Forget the pictures, after a change of height.
  redraw() {
    for (const tile of this.#tiles.values()) {
      tile.picture = null;
    }
  }

  // Ask for coarse tiles again, now that more is prepared.
  refresh() {
    for (const tile of this.#tiles.values()) {
      tile.stale = tile.stale || !tile.exact;
    }
    this.#next();
  }

  get(level, place) {
    const key = `${level}:${place}`;
    const tile = this.#tiles.get(key);
    if (tile) {
      this.#tiles.delete(key);
      this.#tiles.set(key, tile);
    }
    return tile;
  }

  peek(level, place) {
    return this.#tiles.get(`${level}:${place}`);
  }

  // Say what is wanted, the most urgent first.
  want(list) {
    this.#wanted = list;
    this.#next();
  }

  // Whether all that was asked for is there.
  get isQuiet() {
    return this.#asked === 0;
  }

  #next() {
    for (const one of this.#wanted) {
      if (this.#asked >= MOST_ASKED) {
        return;
      }
      const tile = this.#tiles.get(`${one.level}:${one.place}`);
      if (!tile || (tile.stale && !tile.asked)) {
        this.#ask(one, tile);
      }
    }
  }

  async #ask(one, old) {
    const key = `${one.level}:${one.place}`;
    const era = this.#era;
    const tile = old ?? { values: null, picture: null, exact: false, tries: 0 };
    tile.asked = true;
    tile.stale = false;
    this.#tiles.set(key, tile);
    this.#asked += 1;
    try {
      // one more pixel before it, so that lines go on from tile to tile
      const step = (one.stop - one.start) / TILE;
      const answer = await ask(this.#url, one.start - step, one.stop, TILE + 1, this.channels);
      if (era === this.#era) {
        Object.assign(tile, answer, { picture: null });
        if (!tile.exact) {
          // what is asked for too often keeps the levels from being made
          setTimeout(() => {
            tile.stale = !tile.exact;
            this.#next();
          }, AGAIN_MS * 2 ** Math.min(tile.tries, MOST_DOUBLED));
          tile.tries += 1;
        }
        this.#drop();
        this.#changed();
      }
    } catch {
      setTimeout(() => this.#tiles.delete(key), 5 * AGAIN_MS);
    } finally {
      tile.asked = false;
      this.#asked -= 1;
      this.#next();
    }
  }

  #drop() {
    for (const key of this.#tiles.keys()) {
      if (this.#tiles.size <= MOST_TILES) {
        break;
      }
      this.#tiles.delete(key);
    }
    let pictures = 0;
    for (const tile of [...this.#tiles.values()].reverse()) {
      pictures += tile.picture ? 1 : 0;
      if (pictures > MOST_PICTURES) {
        tile.picture = null;
      }
    }
  }
}

// Fetch least and greatest values; little-endian float32, as the program sends them.
export async function ask(url, start, stop, pixels, channels) {
  const answer = await fetch(`${url}/traces?start_s=${start}&stop_s=${stop}&pixels=${pixels}&channels=${spans(channels)}`);
  if (!answer.ok) {
    throw new Error(`traces: ${answer.status}`);
  }
  const bytes = await answer.arrayBuffer();
  return { values: floats(bytes), exact: answer.headers.get("X-Exact") === "1" };
}

function floats(bytes) {
  if (new Uint8Array(new Uint16Array([1]).buffer)[0] === 1) {
    return new Float32Array(bytes);
  }
  const view = new DataView(bytes);
  return Float32Array.from({ length: bytes.byteLength / 4 }, (_, place) => view.getFloat32(4 * place, true));
}

function spans(channels) {
  const parts = [];
  for (const channel of channels) {
    const last = parts.at(-1);
    if (last && last[1] === channel - 1) {
      last[1] = channel;
    } else {
      parts.push([channel, channel]);
    }
  }
  return parts.map(([first, last]) => (first === last ? first : `${first}-${last}`)).join(",");
}

// Draw a tile's values into a picture of a height; lanes say where each channel's middle is and how much a pixel is.
export function draw(values, height, lanes) {
  const canvas = document.createElement("canvas");
  canvas.width = TILE;
  canvas.height = height;
  const context = canvas.getContext("2d");
  const image = context.createImageData(TILE, height);
  const pixels = new Uint32Array(image.data.buffer);
  const n = TILE + 1;
  lanes.forEach((lane, row) => {
    const lows = 2 * row * n;
    const highs = lows + n;
    const least = Math.max(0, Math.floor(lane.y - lane.reach));
    const most = Math.min(height - 1, Math.ceil(lane.y + lane.reach));
    let before = NaN;
    let after = NaN;
    for (let x = 0; x < n; x += 1) {
      const low = values[lows + x];
      const high = values[highs + x];
      if (Number.isNaN(low)) {
        before = NaN;
        continue;
      }
      let top = Math.round(lane.y - (high - lane.middle) * lane.perUnit);
      let foot = Math.round(lane.y - (low - lane.middle) * lane.perUnit);
      const [ownTop, ownFoot] = [top, foot];
      if (top > after) {
        top = after;
      }
      if (foot < before) {
        foot = before;
      }
      [before, after] = [ownTop, ownFoot];
      if (x > 0) {
        top = Math.max(top, least);
        foot = Math.min(Math.max(foot, least), most);
        top = Math.min(top, most);
        for (let at = top * TILE + x - 1, end = foot * TILE + x - 1; at <= end; at += TILE) {
          pixels[at] = INK;
        }
      }
    }
  });
  context.putImageData(image, 0, 0);
  return canvas;
}
