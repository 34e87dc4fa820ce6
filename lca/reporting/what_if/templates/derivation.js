// How a value follows from others, as lca.derivation writes it, with the numbers of a setting.

const YEAR = 31557600;

// The unit in which a value reads best, by its size (lca.units.number_text.readable).
function readable([, factor, text, rule], size) {
  if (rule === "FLOP" && size < 1e11) {
    const [word, less] = size < 1e6 ? ["FLOP", 1e12] : ["GFLOP", 1e3];
    return [text.replace("TFLOP", word), factor / less];
  }
  if (rule === "s" && size >= 3600) return size >= YEAR / 10 ? ["year", YEAR] : ["h", 3600];
  return [text, factor];
}

function digits(values) {
  if (values.length === 1) return in_full(values[0]);
  if (values.every(value => value === values[0])) return `[${in_full(values[0])} each]`;
  const shown = values.slice(0, 6).map(value => in_full(value)).join(", ");
  return `[${shown}${values.length > 6 ? ", ..." : ""}]`;
}

class Derivations {
  constructor(study) {
    this.study = study;
    this.data = study.data.derivations;
  }

  // The step of a value at labels: which list of steps, and which of them. Nothing where it was not written.
  root(name, labels) {
    const value = this.study.data.values[name];
    const at = value.dims.reduce((place, dim, axis) => place * value.sizes[axis] + labels[dim], 0);
    const step = this.data.roots[name][at];
    return step === undefined ? undefined : [0, step];
  }

  // The text of a value at a setting: of at most so many steps.
  text(name, setting, most = 40) {
    const root = this.root(name, setting.labels);
    if (root === undefined) return "";
    const known = this.known(setting), order = [root], seen = new Set([String(root)]);
    const lines = [], sure = this.varies(name, setting) ? " (nominal)" : "";
    for (let i = 0; i < order.length; i++) {
      const [list, number] = order[i];
      for (const next of this.below(list, number, setting)) {
        if (!seen.has(String(next))) order.push(next);
        seen.add(String(next));
      }
      if (i < most) lines.push(...this.lines(list, number, known, setting, i ? "" : sure));
    }
    const more = order.length - most;
    if (more > 0) lines.push(`... and ${more} further step${more > 1 ? "s" : ""}`);
    return lines.join("\n");
  }

  // Whether draws of a value differ.
  varies(name, setting) {
    const [place] = this.study.places(this.study.data.values[name], setting.labels);
    const { value, same } = this.study.graph.fixed(this.study.rows(setting.values, true));
    return this.number(place, value, same) === undefined;
  }

  is_set(slider, setting) {
    return this.study.data.sliders[slider].path in setting.values;
  }

  below(list, number, setting) {
    const [, , , , rests, named] = this.data.steps[list][number];
    const own = rests.filter(([, , slider]) => slider >= 0 && !this.is_set(slider, setting));
    const stated = own.map(([, , slider]) => this.data.stated[slider][1]).filter(step => step >= 0);
    return [...named.map(step => [list, step]), ...stated.map(step => [1, step])];
  }

  lines(list, number, known, setting, sure) {
    const [name, symbols, numbers, value, rests] = this.data.steps[list][number];
    const filled = text => text.replace(/\ue000(\d+)\ue001/g, (_, at) => this.figure(this.data.figures[list][at], known));
    const made = [`${name} = ${symbols}`];
    if (numbers) made.push(`    = ${filled(numbers)}`);
    made.push(`    = ${filled(value)}${sure}`);
    const together = new Map();
    for (const [called, said, slider] of rests) {
      const rest = slider >= 0 && !this.is_set(slider, setting) ? this.data.stated[slider][0] : said;
      if (rest) together.set(rest, (together.get(rest) ?? new Set()).add(called));
    }
    for (const [said, names] of together) made.push(`      ${[...names].join(", ")}: ${said}`);
    return made;
  }

  figure(figure, known) {
    const [places, factor, text] = figure;
    if (typeof places === "number") return `[${places} numbers]`;
    const values = places.map(known);
    if (text === undefined) return digits(values.map(value => value / factor));
    const [unit, by] = readable(figure, Math.max(...values.map(Math.abs)));
    return `${digits(values.map(value => value / by))} ${unit}`.trim();
  }

  // The nominal value of an element at a setting.
  known(setting) {
    const { value, same } = this.study.graph.fixed(this.study.rows(setting.values, false));
    return place => this.number(place, value, same);
  }

  number(place, value, same) {
    while (place >= 0 && same[place] !== undefined) place = same[place];
    return place < 0 ? this.study.graph.constants[~place] : value[place];
  }
}
