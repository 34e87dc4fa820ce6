// Keyed draws: the same numbers as the library makes (lca/sampling/stream.py, quantile.py and cubics.py).

function bytes_of(text) {
  const raw = atob(text), bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes.buffer;
}
const floats_of = text => new Float64Array(bytes_of(text));

// --- streams: word j is mix(key + j gamma) modulo 2^64, in halves of 32 bits ---------------------------

let high = 0, low = 0; // of the last product

function multiply(ah, al, bh, bl) {
  const a0 = al & 0xffff, a1 = al >>> 16, b0 = bl & 0xffff, b1 = bl >>> 16;
  const first = a0 * b0;
  const second = a1 * b0 + (first >>> 16);
  const third = a0 * b1 + (second % 65536);
  const carried = a1 * b1 + Math.floor(second / 65536) + Math.floor(third / 65536);
  low = Math.imul(al, bl) >>> 0;
  high = (carried + Math.imul(ah, bl) + Math.imul(al, bh)) >>> 0;
}

function numbers_of_stream([key_low, key_high, step_low, step_high], count) {
  const out = new Uint32Array(count + (count & 1));
  let h = key_high, l = key_low;
  for (let at = 0; at < count; at += 2) {
    let xh = (h ^ (h >>> 30)) >>> 0, xl = (l ^ ((l >>> 30) | (h << 2))) >>> 0;
    multiply(xh, xl, 0xbf58476d, 0x1ce4e5b9);
    xh = (high ^ (high >>> 27)) >>> 0;
    xl = (low ^ ((low >>> 27) | (high << 5))) >>> 0;
    multiply(xh, xl, 0x94d049bb, 0x133111eb);
    out[at] = (low ^ ((low >>> 31) | (high << 1))) >>> 0;
    out[at + 1] = (high ^ (high >>> 31)) >>> 0;
    const sum = l + step_low;
    h = (h + step_high + (sum > 0xffffffff ? 1 : 0)) >>> 0;
    l = sum >>> 0;
  }
  return out.subarray(0, count);
}

// --- shapes with tables: cubics on the 32 cells of each of 32 octaves, on two sides --------------------

const CELLS = 32, OCTAVES = 32, NODES = 16, BIAS = (127 - 1) << 5;

function chebyshev_nodes(count) {
  return Float64Array.from({ length: count }, (_, i) => Math.cos(Math.PI * (i + 0.5) / count));
}

// What the values at some Chebyshev nodes have of the polynomial through them at another place.
function interpolation(count, place) {
  return chebyshev_nodes(count).map(node => {
    let sum = 1;
    for (let k = 1; k < count; k++) sum += 2 * Math.cos(k * Math.acos(node)) * Math.cos(k * Math.acos(place));
    return sum / count;
  });
}

let cell_weights = null; // for each cell and each of its 4 nodes: weights of the 16 values of an octave

function weights_of_cells() {
  const inside = chebyshev_nodes(4), made = [];
  for (let cell = 0; cell < CELLS; cell++)
    for (let i = 0; i < 4; i++) made.push(interpolation(NODES, (2 * cell + 1 + inside[i]) / CELLS - 1));
  return made;
}

// The cubic in z, from -1 to 1, through values at 4 Chebyshev nodes: coefficients from the constant one up.
function cubic_through(values) {
  const nodes = chebyshev_nodes(4), c = [0, 0, 0, 0];
  for (let k = 0; k < 4; k++) {
    for (let i = 0; i < 4; i++) c[k] += values[i] * Math.cos(k * Math.acos(nodes[i])) * (k ? 0.5 : 0.25);
  }
  return [c[0] - c[2], c[1] - 3 * c[3], 2 * c[2], 4 * c[3]];
}

// (sides, octaves, cells, 4) from the values at the nodes of each octave of one side after the other.
function cubics_of(sides) {
  cell_weights ??= weights_of_cells();
  const out = new Float64Array(2 * OCTAVES * CELLS * 4), values = [0, 0, 0, 0];
  for (let side = 0, to = 0; side < 2; side++)
    for (let octave = 0; octave < OCTAVES; octave++) {
      const own = sides[side].subarray(octave * NODES, (octave + 1) * NODES);
      for (let cell = 0; cell < CELLS; cell++, to += 4) {
        for (let i = 0; i < 4; i++) {
          const weights = cell_weights[4 * cell + i];
          let sum = 0;
          for (let k = 0; k < NODES; k++) sum += weights[k] * own[k];
          values[i] = sum;
        }
        out.set(cubic_through(values), to);
      }
    }
  return out;
}

const one_float = new Float32Array(1), its_bits = new Uint32Array(one_float.buffer);

function tabled(cubics, numbers, out) {
  for (let i = 0; i < numbers.length; i++) {
    const y = numbers[i] | 0;
    one_float[0] = Math.fround(Math.fround(y) + 0.5);
    const bits = its_bits[0] >>> 18, side = bits >>> 13;
    const at = Math.min((bits & 8191) - BIAS, OCTAVES * CELLS - 1); // numbers that round up to 2^31 are in the last
    const octave = at >> 5, cell = at & 31;
    const near = side ? -(y + 0.5) : y + 0.5;
    const z = (near / 2 ** (octave - 1) - (1 + (cell + 0.5) / CELLS)) * (2 * CELLS);
    const c = 4 * (side * OCTAVES * CELLS + at);
    out[i] = ((cubics[c + 3] * z + cubics[c + 2]) * z + cubics[c + 1]) * z + cubics[c];
  }
}

// --- every kind of shape: from numbers to standard draws ------------------------------------------------

const probability = number => (number + 0.5) * 2 ** -32;

const KINDS = {
  uniform: () => (numbers, out) => numbers.forEach((r, i) => (out[i] = probability(r))),
  triangular: ({ mode }) => (numbers, out) => numbers.forEach((r, i) => {
    const u = probability(r);
    const rising = Math.min(Math.sqrt(u * mode), mode);
    out[i] = rising + Math.max((1 - mode) - Math.sqrt((1 - u) * (1 - mode)), 0);
  }),
  listed: shape => {
    const values = floats_of(shape.values), last = values.length - 1;
    return (numbers, out) => numbers.forEach((r, i) => {
      out[i] = values[Math.min(Math.floor(probability(r) * values.length), last)];
    });
  },
  discrete: shape => {
    const values = floats_of(shape.values), edges = floats_of(shape.edges);
    return (numbers, out) => numbers.forEach((r, i) => {
      const u = probability(r);
      let place = 0;
      while (place < edges.length && edges[place] < u) place++;
      out[i] = values[place];
    });
  },
  normal: (shape, normal) => {
    const bent = sign => normal.map(value => {
      const z = sign * value;
      if (shape.low === undefined) return z;
      return Math.exp((z < 0 ? shape.low : shape.high) * z);
    });
    const cubics = cubics_of([bent(1), bent(-1)]);
    return (numbers, out) => tabled(cubics, numbers, out);
  },
  tabled: shape => {
    const cubics = cubics_of([floats_of(shape.lower), floats_of(shape.upper)]);
    return (numbers, out) => tabled(cubics, numbers, out);
  },
  drawn: shape => {
    const values = floats_of(shape.values);
    return (numbers, out) => out.set(values);
  },
};

// The draws of every row of a graph, each made when it is first asked for.
class Draws {
  constructor(data) {
    this.data = data;
    this.count = data.draws;
    this.normal = floats_of(data.normal);
    this.shapes = [];
    this.numbers = [];
    this.rows = [];
  }

  of_column(column) {
    const said = this.data.columns[column];
    this.numbers[column] ??=
      typeof said === "string" ? new Uint32Array(bytes_of(said)) : numbers_of_stream(said, this.count);
    return this.numbers[column];
  }

  of_row(row) {
    if (this.rows[row] === undefined) {
      const [column, number, scale, location] = this.data.rows[row];
      const shape = this.data.shapes[number];
      this.shapes[number] ??= KINDS[shape.kind](shape, this.normal);
      const out = new Float64Array(this.count);
      this.shapes[number](this.of_column(column), out);
      for (let i = 0; i < out.length; i++) out[i] = out[i] * scale + location;
      this.rows[row] = out;
    }
    return this.rows[row];
  }
}
