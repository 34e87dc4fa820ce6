// Numbers as texts, by the rules of the library (lca/units/number_text.py).

function python_exponent(text) {
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}

function with_thousands(text) {
  const [whole, rest] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return rest === undefined ? grouped : grouped + "." + rest;
}

function size_of(value) {
  return Math.floor(Math.log10(Math.abs(value)));
}

// A number rounded to so many significant digits.
function significant(value, digits = 3) {
  if (!Number.isFinite(value)) return "n/a";
  if (value === 0) return "0";
  const size = size_of(value);
  if (size < -4 || size > 11) return python_exponent(value.toExponential(digits - 1));
  const rounded = Number(value.toPrecision(digits));
  return with_thousands(rounded.toFixed(Math.max(0, digits - 1 - size_of(rounded))));
}

// A number with all digits before the point, and at least so many in all.
function in_full(value, digits = 4) {
  const size = value && Number.isFinite(value) ? size_of(value) : 0;
  if (size < -4 || size > 14) {
    const [head, tail] = value.toExponential(digits - 1).split("e");
    return python_exponent((head.includes(".") ? head.replace(/\.?0+$/, "") : head) + "e" + tail);
  }
  const text = with_thousands(value.toFixed(Math.max(0, digits - 1 - size)));
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function percent(share) {
  return Number.isFinite(share) ? significant(100 * share, 2) + "\u00a0%" : "n/a";
}
