// What a setting gives: nominal values, intervals and shares, as lca.nominal and lca.summary give them.

// A quantile of sorted numbers, by linear interpolation (numpy.quantile).
function quantile(sorted, q) {
  const at = q * (sorted.length - 1), from = Math.floor(at), rest = at - from;
  const [a, b] = [sorted[from], sorted[Math.min(from + 1, sorted.length - 1)]];
  return rest < 0.5 ? a + (b - a) * rest : b - (b - a) * (1 - rest);
}

function mean(values) {
  if (typeof values === "number") return values;
  let sum = 0, lost = 0; // what rounding loses is added again (Kahan)
  for (const value of values) {
    const more = value - lost, next = sum + more;
    lost = next - sum - more;
    sum = next;
  }
  return sum / values.length;
}

function spread(values) {
  if (typeof values === "number") return { p5: values, p50: values, p95: values, mean: values };
  const sorted = values.slice().sort();
  return { p5: quantile(sorted, 0.05), p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), mean: mean(values) };
}

function divided(x, y) {
  if (typeof x === "number" && typeof y === "number") return x / y;
  const of = (one, i) => (typeof one === "number" ? one : one[i]);
  return Float64Array.from({ length: x.length ?? y.length }, (_, i) => of(x, i) / of(y, i));
}

function minus(x, y) {
  if (typeof x === "number" && typeof y === "number") return x - y;
  const of = (one, i) => (typeof one === "number" ? one : one[i]);
  return Float64Array.from({ length: x.length ?? y.length }, (_, i) => of(x, i) - of(y, i));
}

class Study {
  constructor(data) {
    this.data = data;
    this.graph = new Graph(data);
    this.draws = new Draws(data);
  }

  // The elements of a value at labels (a place along each dim), those of parts one after the other.
  places(value, labels) {
    let places = [0];
    value.dims.forEach((dim, axis) => {
      const every = dim in labels ? [labels[dim]] : Array.from({ length: value.sizes[axis] }, (_, i) => i);
      places = places.flatMap(at => every.map(i => at * value.sizes[axis] + i));
    });
    return places.map(at => value.places[at]);
  }

  // A function from the number of a row to what it is: `drawn` says whether there are draws.
  rows(values, drawn) {
    const set = new Map();
    for (const slider of this.data.sliders) {
      const number = values[slider.path];
      set.set(slider.set, number === undefined ? 0 : 1);
      set.set(slider.value, (number ?? slider.low) * slider.scale);
    }
    const rows = this.data.rows;
    return row => (set.has(row) ? set.get(row) : drawn ? this.draws.of_row(row) : rows[row][4]);
  }

  // {nominal, draws}: the values by name, in root units; `refused` where a law does not hold.
  values(setting, names) {
    const roots = names.map(name => this.places(this.data.values[name], setting.labels)[0]);
    const found = {};
    for (const kind of ["nominal", "draws"]) {
      const laws = this.data.laws.filter(law => kind === "nominal" || !law.nominal);
      const looked = laws.map(law => this.places(law.value, setting.labels));
      const row = this.rows(setting.values, kind === "draws");
      const made = this.graph.evaluate(row, [...roots, ...looked.flat()], this.data.draws);
      found[kind] = Object.fromEntries(names.map((name, i) => [name, made[i]]));
      let at = names.length;
      laws.forEach((law, i) => {
        const own = made.slice(at, (at += looked[i].length));
        found.refused ??= broken(law, own);
      });
      this.graph.free(made.slice(names.length).filter(one => !made.slice(0, names.length).includes(one)));
    }
    return found;
  }

  get names() {
    return ["total", "functional_unit", ...this.data.stages.map(stage => stage.name)];
  }

  // The paths of the sliders on which something rests at labels.
  moving(labels) {
    const roots = this.names.map(name => this.places(this.data.values[name], labels)[0]);
    const rows = this.graph.rows_below(roots);
    return new Set(this.data.sliders.filter(slider => rows.has(slider.value)).map(slider => slider.path));
  }

  // Everything that the page shows of a setting, in the units of the study.
  answer(setting) {
    const { stages } = this.data;
    const { nominal, draws, refused } = this.values(setting, this.names);
    const factor = this.data.values.total.factor, count = this.data.values.functional_unit.factor;
    const scaled = (values, by) => (typeof values === "number" ? values / by : values.map(value => value / by));
    const total = scaled(draws.total, factor);
    const each = divided(total, scaled(draws.functional_unit, count));
    const whole = mean(total);
    const made = {
      refused: refused ?? (finite(total) && finite(each) ? undefined : NOT_FINITE),
      draws: { total, each },
      total: { nominal: nominal.total / factor, ...spread(total) },
      each: { nominal: nominal.total / factor / (nominal.functional_unit / count), ...spread(each) },
      stages: stages.map(stage => {
        const own = scaled(draws[stage.name], factor);
        return { name: stage.name, nominal: nominal[stage.name] / factor, mean: mean(own), share: mean(own) / whole };
      }),
    };
    this.graph.free(Object.values(draws));
    return made;
  }
}

const NOT_FINITE = { what: "a value is not a finite number", fix: "Choose another setting." };

function finite(values) {
  return typeof values === "number" ? Number.isFinite(values) : values.every(Number.isFinite);
}

// What is found beyond the ends of a law; rounding is no breach (lca/graph/guard.py).
function broken(law, every) {
  for (const values of every) {
    const list = typeof values === "number" ? [values] : values;
    let least = Infinity, most = -Infinity;
    for (const value of list) {
      if (value < least) least = value;
      if (value > most) most = value;
    }
    const slack = 1e-12 * Math.max(1, Math.abs(least), Math.abs(most));
    const over = law.high !== undefined && most > law.high + slack;
    const under = law.low !== undefined && (least < law.low - slack || (law.above && least <= law.low));
    if (over || under) return { ...law, found: (over ? most : least) / law.value.factor };
  }
  return undefined;
}
