// The page: controls, what they give, and the address that keeps them.

const DATA = JSON.parse(document.getElementById("data").textContent);
const STUDY = new Study(DATA);
const DERIVATIONS = new Derivations(STUDY);
const $ = id => document.getElementById(id);

function element(tag, said = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(said)) {
    if (name in made && name !== "list" && name !== "form") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// --- the setting: numbers that were set, by path, and a label of each choice ----------------------------

const AS_STATED = { values: {}, labels: Object.fromEntries(DATA.dims.map(dim => [dim.name, dim.at])) };
let setting = structuredClone(AS_STATED);
let reference = structuredClone(AS_STATED);
let compared = null; // the answer of the reference

function to_hash({ values, labels }) {
  const said = new URLSearchParams();
  for (const dim of DATA.dims) if (labels[dim.name] !== dim.at) said.set(dim.name, dim.labels[labels[dim.name]]);
  for (const [path, number] of Object.entries(values)) said.set(path, String(number));
  return said.toString();
}

function from_hash(hash) {
  const made = structuredClone(AS_STATED), said = new URLSearchParams(hash.replace(/^#/, ""));
  for (const dim of DATA.dims) {
    const at = dim.labels.indexOf(said.get(dim.name));
    if (at >= 0) made.labels[dim.name] = at;
  }
  for (const slider of DATA.sliders) {
    const text = said.get(slider.path), number = Number(text);
    if (text && Number.isFinite(number)) made.values[slider.path] = within(slider, number);
  }
  return made;
}

function within(slider, number) {
  return Math.min(Math.max(number, slider.low), slider.high);
}

// The setting as a line of Python: what has no effect at the labels is left out, since the study may lack it there.
function as_python({ values, labels }) {
  const quoted = text => JSON.stringify(text);
  const dims = DATA.dims.map(dim => ({ ...dim, said: dim.quoted[labels[dim.name]] }));
  const chosen = dims.filter(dim => !dim.path).map(dim => `${dim.name}=${dim.said}`).join(", ");
  const lists = dims.filter(dim => dim.path && dim.said).map(dim => `    ${quoted(dim.path)}: ${dim.said},\n`);
  const moving = STUDY.moving(labels);
  const numbers = DATA.sliders.filter(({ path }) => path in values && moving.has(path)).map(slider => {
    const number = String(values[slider.path]);
    return `    ${quoted(slider.path)}: ${slider.unit ? quoted(`${number} ${slider.unit}`) : number},\n`;
  });
  const set = [...lists, ...numbers].join("");
  return "study" + (chosen && `.sel(${chosen})`) + (set && `.replace({\n${set}})`);
}

// --- controls ---------------------------------------------------------------------------------------------

const STEPS = 200;
const shown = new Map(); // path -> what shows a slider

function slider_control(slider, number) {
  const id = `slider-${number}`, step = (slider.high - slider.low) / STEPS;
  const ends = { min: slider.low, max: slider.high };
  const range = element("input", { type: "range", id, ...ends, step: "any", className: "range" });
  const exact = element("input", { type: "number", ...ends, step: "any", "aria-label": `${slider.words}, exact number` });
  const reset = element("button", { type: "button", className: "quiet" }, "as stated");
  reset.setAttribute("aria-label", `${slider.words}: as stated`);
  const unit = element("span", { className: "unit" }, slider.unit);
  range.addEventListener("input", () => {
    const place = Math.round((Number(range.value) - slider.low) / step);
    change(slider.path, within(slider, rounded(slider.low + place * step, step)));
  });
  range.addEventListener("keydown", event => {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    change(slider.path, within(slider, rounded((setting.values[slider.path] ?? slider.shown) + by * step, step)));
  });
  exact.addEventListener("change", () => {
    if (exact.value === "") change(slider.path, undefined);
    else change(slider.path, within(slider, Number(exact.value)));
  });
  reset.addEventListener("click", () => change(slider.path, undefined));
  const note = element("span", { className: "stated" });
  shown.set(slider.path, { range, exact, reset, note, slider });
  return element("div", { className: "control" },
    element("label", { htmlFor: id }, slider.words), range,
    element("div", { className: "exact" }, exact, unit, reset, note));
}

// A number with no more digits than its step tells apart.
function rounded(number, step) {
  return Number(number.toFixed(Math.min(100, Math.max(0, 1 - Math.floor(Math.log10(step))))));
}

function choice_control(dim, number) {
  const id = `choice-${number}`;
  const select = element("select", { id });
  dim.labels.forEach((label, i) => select.append(element("option", { value: i }, label)));
  select.addEventListener("change", () => {
    setting.labels[dim.name] = Number(select.value);
    moved();
  });
  shown.set(dim.name, { select, dim });
  return element("div", { className: "control choice" }, element("label", { htmlFor: id }, dim.words), select);
}

function change(path, number) {
  if (number === undefined) delete setting.values[path];
  else setting.values[path] = number;
  moved();
}

let waiting = false;
function moved() {
  show_controls();
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    history.replaceState(null, "", "#" + to_hash(setting));
    update();
  });
}

function show_controls() {
  const moving = STUDY.moving(setting.labels);
  for (const { range, exact, reset, note, slider, select, dim } of shown.values()) {
    if (select) {
      select.value = setting.labels[dim.name];
      continue;
    }
    const set = setting.values[slider.path], is_set = set !== undefined;
    range.value = set ?? within(slider, slider.shown);
    exact.value = is_set ? String(set) : "";
    exact.placeholder = in_full(slider.shown);
    range.setAttribute("aria-valuetext", is_set ? `${set} ${slider.unit}`.trim() : `as stated: ${slider.stated} ${slider.unit}`.trim());
    range.classList.toggle("set", is_set);
    reset.disabled = !is_set;
    note.textContent = moving.has(slider.path) ? `stated: ${slider.stated}` : "no effect with this choice";
  }
}

// --- what a setting gives ---------------------------------------------------------------------------------

function interval({ p5, p50, p95 }, [unit, factor]) {
  const [middle, from, to] = [p50, p5, p95].map(value => significant(value / factor));
  return { middle: `${middle} ${unit}`, range: `median; 5 to 95\u00a0%: ${from} to ${to}` };
}

function update() {
  const begun = performance.now();
  compared ??= STUDY.answer(reference);
  const answer = STUDY.answer(setting);
  const whatif = { setting, answer, milliseconds: performance.now() - begun };
  globalThis.what_if.last = whatif;
  $("refused").hidden = answer.refused === undefined;
  $("compare").disabled = answer.refused !== undefined;
  $("results").classList.toggle("stale", answer.refused !== undefined);
  if (answer.refused) {
    show_refusal(answer.refused);
  } else {
    show_headline(answer);
    show_intervals(answer);
    show_stages(answer);
    show_difference(answer);
    show_derivation();
  }
  $("python").textContent = as_python(setting);
}

function show_refusal({ what, where, fix, found, value }) {
  const size = found === undefined ? "" : `found ${significant(found)} ${value.unit}`.trim();
  const place = [where, size].filter(Boolean).join("; ");
  $("refused").textContent = `The study refuses this setting: ${what}${place && ` (${place})`}. ${fix ?? ""}`;
}

function show_headline(answer) {
  const total = interval(answer.total, DATA.units.total), each = interval(answer.each, DATA.units.each);
  $("headline").replaceChildren(element("strong", {}, total.middle), ` (${total.range})`);
  $("nominal").textContent = `Nominal value: ${significant(answer.total.nominal / DATA.units.total[1])} ${DATA.units.total[0]}.`;
  $("each").textContent = `${each.middle} (${each.range}) for one functional unit: ${DATA.functional_unit}.`;
}

function drawn(tag, said) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(said)) made.setAttribute(name, value);
  return made;
}

// The interval of the setting above that of the reference, from 0 on.
function show_intervals(answer) {
  const both = [["now", answer.total], ["reference", compared.total]];
  const most = Math.max(...both.map(([, one]) => one.p95)), least = Math.min(0, ...both.map(([, one]) => one.p5));
  const at = value => `${(100 * (value - least)) / (1.02 * (most - least))}%`;
  const marks = both.flatMap(([name, { p5, p50, p95 }], i) => {
    const y = 9 + 14 * i, radius = name === "now" ? 6 : 4;
    return [
      drawn("line", { x1: at(p5), x2: at(p95), y1: y, y2: y, class: name }),
      drawn("circle", { cx: at(p50), cy: y, r: radius, class: name }),
    ];
  });
  $("intervals").replaceChildren(drawn("line", { x1: at(0), x2: at(0), y1: 0, y2: 32, class: "zero" }), ...marks);
}

function show_stages(answer) {
  const widest = Math.max(...answer.stages.map(one => one.share), ...compared.stages.map(one => one.share), 0.01);
  const [unit, factor] = DATA.units.total;
  const rows = answer.stages.map((one, i) => {
    const bar = element("span", { className: "bar" }), before = element("span", { className: "before" });
    bar.style.width = `${100 * Math.max(0, one.share) / widest}%`;
    before.style.width = `${100 * Math.max(0, compared.stages[i].share) / widest}%`;
    return element("tr", {},
      element("th", { scope: "row" }, asking(one.name, DATA.stages[i].words)),
      element("td", { className: "bars", "aria-hidden": "true" }, before, bar),
      element("td", { className: "n" }, percent(one.share)),
      element("td", { className: "n" }, `${significant(one.mean / factor)} ${unit}`));
  });
  const focus = document.activeElement?.dataset?.value;
  $("stages").replaceChildren(...rows);
  if (focus) document.querySelector(`.asking[data-value="${focus}"]`)?.focus();
}

// --- how a value follows: of the one under the cursor, or that has the focus -------------------------------

let asked = "total";

function asking(name, words) {
  const button = element("button", { type: "button", className: "asking" }, words);
  button.dataset.value = name;
  button.setAttribute("aria-controls", "derivation");
  return button;
}

function show_derivation() {
  const words = { total: "the total", functional_unit: "the number of functional units" };
  for (const stage of DATA.stages) words[stage.name] = stage.words;
  $("derived").textContent = words[asked];
  const text = DERIVATIONS.text(asked, setting);
  $("derivation").textContent = text || "Too many labels to write it here: ask lca.derivation(study, ...).";
  for (const one of document.querySelectorAll(".asking")) one.setAttribute("aria-pressed", one.dataset.value === asked);
}

function ask(event) {
  const button = event.target.closest?.(".asking");
  if (!button || button.dataset.value === asked) return;
  asked = button.dataset.value;
  show_derivation();
}

function show_difference(answer) {
  const same = to_hash(setting) === to_hash(reference);
  const drawn = spread(minus(answer.draws.total, compared.draws.total));
  const [unit, factor] = DATA.units.total;
  const against = to_hash(reference) === to_hash(AS_STATED) ? "the study as stated" : "the reference";
  const sign = value => (value > 0 ? "+" : "") + significant(value / factor);
  const share = drawn.p50 / compared.total.p50;
  $("legend").textContent = `Thin and grey: ${against}.`;
  $("difference").textContent = same
    ? `This is ${against}.`
    : `${sign(drawn.p50)} ${unit} against ${against} (median of the differences; 5 to 95\u00a0%: ` +
      `${sign(drawn.p5)} to ${sign(drawn.p95)}), ${share > 0 ? "+" : ""}${percent(share)} of its median.`;
}

// --- begin ------------------------------------------------------------------------------------------------

function begin() {
  $("controls").append(...DATA.dims.map(choice_control), ...DATA.sliders.map(slider_control));
  $("reset").addEventListener("click", () => {
    setting = structuredClone(AS_STATED);
    moved();
  });
  $("compare").addEventListener("click", () => {
    reference = structuredClone(setting);
    compared = null;
    moved();
  });
  for (const kind of ["pointerover", "focusin", "click"]) $("results").addEventListener(kind, ask);
  $("copy").addEventListener("click", () => copied($("python").textContent));
  $("link").addEventListener("click", () => copied(location.href));
  addEventListener("hashchange", () => {
    setting = from_hash(location.hash);
    show_controls();
    update();
  });
  setting = from_hash(location.hash);
  show_controls();
  update();
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    $("copied").textContent = "Copied.";
  } catch {
    $("copied").textContent = "The browser does not allow to copy: select the text instead.";
  }
}

// For scripts: what_if.answer({ values: { "robots.load": 12 }, labels: { engine: 0 } }).
globalThis.what_if = {
  derivation: (name, { values = {}, labels = {} }) =>
    DERIVATIONS.text(name, { values, labels: { ...AS_STATED.labels, ...labels } }),
  answer: ({ values = {}, labels = {} }) => STUDY.answer({ values, labels: { ...AS_STATED.labels, ...labels } }),
  python: ({ values = {}, labels = {} }) => as_python({ values, labels: { ...AS_STATED.labels, ...labels } }),
  last: null,
};
begin();
