// The graph of a study as operations on elements: an element is a number, or one number for each draw.

const [COPY, ADD, SUBTRACT, MULTIPLY, DIVIDE, NEGATIVE, MINIMUM, MAXIMUM, LESS, LESS_EQUAL, WHERE] = Array(11).keys();
const [CLIP, CEIL, EXP, LOG, POWER, INTERPOLATE, GIVEN] = Array.from({ length: 7 }, (_, i) => 11 + i);

// As numpy.rint: of two whole numbers that are as near, the even one.
function nearest(x) {
  const below = Math.floor(x), rest = x - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 ? below + 1 : below;
}

function ceil(x) {
  const whole = nearest(x);
  return whole + (x - whole > 1e-9 * Math.abs(whole) ? 1 : 0);
}

const UNARY = [];
UNARY[COPY] = x => x;
UNARY[NEGATIVE] = x => -x;
UNARY[CEIL] = ceil;
UNARY[EXP] = Math.exp;
UNARY[LOG] = Math.log;

const BINARY = [];
BINARY[ADD] = (x, y) => x + y;
BINARY[SUBTRACT] = (x, y) => x - y;
BINARY[MULTIPLY] = (x, y) => x * y;
BINARY[DIVIDE] = (x, y) => x / y;
BINARY[MINIMUM] = Math.min;
BINARY[MAXIMUM] = Math.max;
BINARY[LESS] = (x, y) => (x < y ? 1 : 0);
BINARY[LESS_EQUAL] = (x, y) => (x <= y ? 1 : 0);
BINARY[POWER] = Math.pow;

// A loop of its own for each function, which an engine makes fast.
const loop_of = new Map();
function binary(f, out, x, y) {
  if (!loop_of.has(f)) loop_of.set(f, looped(f));
  loop_of.get(f)(out, x, y);
}
function looped(f) {
  return (out, x, y) => {
    const n = out.length;
    if (typeof x === "number") for (let i = 0; i < n; i++) out[i] = f(x, y[i]);
    else if (typeof y === "number") for (let i = 0; i < n; i++) out[i] = f(x[i], y);
    else for (let i = 0; i < n; i++) out[i] = f(x[i], y[i]);
  };
}

// As numpy.interp: level outside.
function interpolate(list, x) {
  const size = list.length / 2, last = size - 1;
  if (!(x >= list[0])) return x !== x ? x : list[size];
  if (x >= list[last]) return list[size + last];
  let from = 0, to = last;
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (list[middle] <= x) from = middle;
    else to = middle;
  }
  const slope = (list[size + from + 1] - list[size + from]) / (list[from + 1] - list[from]);
  return slope * (x - list[from]) + list[size + from];
}

class Graph {
  constructor(data) {
    const nodes = new Int32Array(bytes_of(data.nodes)), count = nodes.length / 5;
    [this.op, this.a, this.b, this.c, this.extra] = [0, 1, 2, 3, 4].map(i => nodes.subarray(i * count, (i + 1) * count));
    this.count = count;
    this.constants = floats_of(data.constants);
    this.lists = data.lists.map(floats_of);
    this.spare = [];
  }

  operands(i) {
    const op = this.op[i];
    if (op === GIVEN) return [];
    if (op === WHERE || op === CLIP) return [this.a[i], this.b[i], this.c[i]];
    return UNARY[op] || op === INTERPOLATE ? [this.a[i]] : [this.a[i], this.b[i]];
  }

  number(i, x, y, z) {
    const op = this.op[i];
    if (op === CLIP) return Math.min(Math.max(x, y), z);
    if (op === INTERPOLATE) return interpolate(this.lists[this.extra[i]], x);
    return UNARY[op] ? UNARY[op](x) : BINARY[op](x, y);
  }

  // Each root as a number, or as draws that stay as they are until `free` is called with them. `row` gives a number
  // or draws for each row. A branch that is not taken is not computed.
  evaluate(row, roots, draws) {
    const { value, same } = this.fixed(row);
    const at = x => {
      while (x >= 0 && same[x] !== undefined) x = same[x];
      return x;
    };
    const known = x => (x < 0 ? this.constants[~x] : value[x]);
    const uses = this.uses(roots.map(at), at, value);
    for (let i = 0; i < this.count; i++) {
      if (!uses[i] || value[i] !== undefined) continue;
      if (this.op[i] === GIVEN) {
        value[i] = row(this.extra[i]);
        continue;
      }
      const places = this.operands(i).map(at);
      const out = (value[i] = this.spare.pop() ?? new Float64Array(draws));
      this.fill(out, i, ...places.map(known));
      for (const one of places) {
        if (one < 0 || --uses[one] || typeof value[one] === "number" || this.op[one] === GIVEN) continue;
        this.spare.push(value[one]);
        value[one] = null;
      }
    }
    return roots.map(root => {
      const one = at(root), found = known(one);
      return one >= 0 && this.op[one] === GIVEN && typeof found !== "number" ? found.slice() : found;
    });
  }

  // What does not vary, and of each choice that is made the branch that it takes.
  fixed(row) {
    const value = new Array(this.count), same = new Array(this.count);
    const known = x => {
      while (x >= 0 && same[x] !== undefined) x = same[x];
      return x < 0 ? this.constants[~x] : value[x];
    };
    for (let i = 0; i < this.count; i++) {
      if (this.op[i] === GIVEN) {
        const given = row(this.extra[i]);
        if (typeof given === "number") value[i] = given;
        continue;
      }
      const [x, y, z] = this.operands(i).map(known);
      if (this.op[i] === WHERE) {
        if (x !== undefined) same[i] = x !== 0 ? this.b[i] : this.c[i];
      } else if (x !== undefined && (y !== undefined || this.unary(i)) && (z !== undefined || this.op[i] !== CLIP)) {
        value[i] = this.number(i, x, y, z);
      }
    }
    return { value, same };
  }

  unary(i) {
    return UNARY[this.op[i]] !== undefined || this.op[i] === INTERPOLATE;
  }

  // How often each element that varies is read, on the way to the roots; a root once more, so that it stays.
  uses(roots, at, value) {
    const uses = new Int32Array(this.count), waiting = [];
    const read = one => {
      if (one < 0 || value[one] !== undefined) return;
      if (!uses[one]++) waiting.push(one);
    };
    roots.forEach(read);
    while (waiting.length) this.operands(waiting.pop()).map(at).forEach(read);
    return uses;
  }

  // The rows on which some elements stand.
  rows_below(roots) {
    const seen = new Uint8Array(this.count), waiting = roots.filter(one => one >= 0), rows = new Set();
    while (waiting.length) {
      const one = waiting.pop();
      if (seen[one]) continue;
      seen[one] = 1;
      if (this.op[one] === GIVEN) rows.add(this.extra[one]);
      else waiting.push(...this.operands(one).filter(below => below >= 0));
    }
    return rows;
  }

  fill(out, i, x, y, z) {
    const op = this.op[i], n = out.length;
    const of = (one, k) => (typeof one === "number" ? one : one[k]);
    if (BINARY[op]) binary(BINARY[op], out, x, y);
    else if (op === WHERE) for (let k = 0; k < n; k++) out[k] = x[k] !== 0 ? of(y, k) : of(z, k);
    else if (op === CLIP) for (let k = 0; k < n; k++) out[k] = Math.min(Math.max(x[k], y), z);
    else if (op === INTERPOLATE) for (let k = 0; k < n; k++) out[k] = interpolate(this.lists[this.extra[i]], x[k]);
    else for (let k = 0; k < n; k++) out[k] = UNARY[op](x[k]);
  }

  free(values) {
    for (const one of new Set(values)) if (typeof one !== "number") this.spare.push(one);
  }
}
