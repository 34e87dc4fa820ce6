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

// With so many digits behind the point. Of two texts that are as near it is the even one, as in Python; the decimal
// digits of a number end, so that this is told exactly.
function fixed(value, places) {
  const long = value.toFixed(Math.min(100, places + 56)), cut = long.indexOf(".") + 1 + places;
  const is_tie = /^50*$/.test(long.slice(cut));
  const below = long.slice(0, places ? cut : cut - 1);
  return is_tie && "02468".includes(below.at(-1)) ? below : value.toFixed(places);
}

// The number rounded to a place behind the point, or before it where that is below 0.
function rounded_at(value, place) {
  if (place >= 0) return Number(fixed(value, place));
  const unit = 10 ** -place, rest = Math.abs(value) % unit, below = Math.abs(value) - rest;
  const up = rest > unit / 2 || (rest === unit / 2 && (below / unit) % 2);
  return Math.sign(value) * (up ? below + unit : below);
}

// A number rounded to so many significant digits.
function significant(value, digits = 3) {
  if (!Number.isFinite(value)) return "n/a";
  if (value === 0) return "0";
  const size = size_of(value);
  if (size > 11) value = rounded_at(value, digits - 1 - size);
  if (size < -4 || size > 11) return python_exponent(value.toExponential(digits - 1));
  const rounded = rounded_at(value, digits - 1 - size);
  return with_thousands(fixed(rounded, Math.max(0, digits - 1 - size_of(rounded))));
}

// A number with all digits before the point, and at least so many in all.
function in_full(value, digits = 4) {
  const size = value && Number.isFinite(value) ? size_of(value) : 0;
  if (size < -4 || size > 14) {
    if (size > 14) value = rounded_at(value, digits - 1 - size);
    const [head, tail] = value.toExponential(digits - 1).split("e");
    if (tail === "-4") return String(Number(`${head}e-4`));
    return python_exponent((head.includes(".") ? head.replace(/\.?0+$/, "") : head) + "e" + tail);
  }
  const text = with_thousands(fixed(value, Math.max(0, digits - 1 - size)));
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function percent(share) {
  return Number.isFinite(share) ? significant(100 * share, 2) + "\u00a0%" : "n/a";
}
