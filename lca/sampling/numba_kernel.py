"""The interpreter of element operations, compiled by numba once for each machine.

It takes blocks of draws that stay in cache, and runs every line of the code on a block before it takes the next block.
Nothing is compiled for a study. There is no fastmath, and a product is never fused with a sum: the bits are those of
NumPy, except for `exp`, `log` and powers, which each library computes in its own way (U7).
"""

from __future__ import annotations

import math

import numpy as np

from .numba_loops import loop, part

#: Draws of a block: a row of them is 8 KiB.
BLOCK = 1024

#: The numbers of operations as in `Op`. They stand here again, since numba stores what it compiled by this file alone.
COPY, ADD, SUBTRACT, MULTIPLY, DIVIDE, NEGATIVE, MINIMUM, MAXIMUM, LESS, LESS_EQUAL, WHERE = range(11)
CLIP, CEIL, EXP, LOG, POWER, INTERPOLATE, GIVEN, UNIFORM, EMPIRICAL, TRIANGULAR, CUBIC, LIMIT = range(11, 23)
#: A value so close to a whole number, relative to it, is that number (lca/graph/kernels.py).
ROUNDING = 1e-9


def _unary(function):
    @part
    def every(out, x, a, n):
        if len(x):
            for i in range(n):
                out[i] = function(x[i])
        else:
            for i in range(n):
                out[i] = function(a)

    return every


def _binary(function):
    @part
    def every(out, x, y, a, b, n):
        if len(x) and len(y):
            for i in range(n):
                out[i] = function(x[i], y[i])
        elif len(x):
            for i in range(n):
                out[i] = function(x[i], b)
        else:
            for i in range(n):
                out[i] = function(a, y[i])

    return every


_copy = _unary(part(lambda x: x))
_negative = _unary(part(lambda x: -x))
_exp = _unary(part(lambda x: math.exp(x)))
_log = _unary(part(lambda x: np.log(x)))
_add = _binary(part(lambda x, y: x + y))
_subtract = _binary(part(lambda x, y: x - y))
_multiply = _binary(part(lambda x, y: x * y))
_divide = _binary(part(lambda x, y: x / y))
_minimum = _binary(part(lambda x, y: x if x < y or x != x else y))  # NaN stays; of 0 and -0 the second
_maximum = _binary(part(lambda x, y: x if x > y or x != x else y))
_less = _binary(part(lambda x, y: 1.0 if x < y else 0.0))
_less_equal = _binary(part(lambda x, y: 1.0 if x <= y else 0.0))
_power = _binary(part(lambda x, y: x**y))


@part
def _ceil_of(x):
    whole = np.rint(x)
    return whole + (1.0 if x - whole > ROUNDING * abs(whole) else 0.0)


_ceil = _unary(_ceil_of)


@part
def _clip(out, x, low, high, n):
    for i in range(n):
        value = x[i]
        value = low if value < low else value
        out[i] = high if value > high else value


@part
def _where(out, x, y, z, b, c, n):
    if len(y) and len(z):
        for i in range(n):
            yes, no = y[i], z[i]  # both are read, so that the choice is one instruction
            out[i] = yes if x[i] != 0 else no
    elif len(y):
        for i in range(n):
            yes = y[i]
            out[i] = yes if x[i] != 0 else c
    elif len(z):
        for i in range(n):
            no = z[i]
            out[i] = b if x[i] != 0 else no
    else:
        for i in range(n):
            out[i] = b if x[i] != 0 else c


@part
def _interpolate(out, x, xs, ys, n):
    """As numpy.interp: level outside, the listed value at a listed place, and the slope from the left within."""
    last = len(xs) - 1
    for i in range(n):
        value = x[i]
        if value != value:
            out[i] = value
            continue
        at = np.searchsorted(xs, value, side="right") - 1
        if at < 0:
            out[i] = ys[0]
        elif at >= last:
            out[i] = ys[last]
        elif xs[at] == value:
            out[i] = ys[at]
        else:
            slope = (ys[at + 1] - ys[at]) / (xs[at + 1] - xs[at])
            out[i] = slope * (value - xs[at]) + ys[at]


@part
def _beyond(x, low, high, n):
    """Whether a value lies outside, or is not a number."""
    within = 1
    for i in range(n):
        within &= (x[i] >= low) & (x[i] <= high)
    return within == 0


# --- random numbers -------------------------------------------------------------------------------


@part
def _words(key, gamma, first, out, n):
    """Words of a stream (`lca/sampling/stream.py`)."""
    for i in range(n):
        x = key + (first + np.uint64(i)) * gamma
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        out[i] = x ^ (x >> np.uint64(31))


@part
def _uniform(out, r, scale, location, n):
    for i in range(n):
        out[i] = (np.float64(r[i]) + 0.5) * 2.0**-32 * scale + location


@part
def _empirical(out, r, values, scale, location, n):
    last = len(values) - 1
    for i in range(n):
        place = int((np.float64(r[i]) + 0.5) * 2.0**-32 * len(values))
        out[i] = values[min(place, last)] * scale + location


@part
def _triangular(out, r, mode, scale, location, n):
    for i in range(n):
        u = (np.float64(r[i]) + 0.5) * 2.0**-32
        rising = min(math.sqrt(u * mode), mode)
        falling = max((1 - mode) - math.sqrt((1 - u) * (1 - mode)), 0.0)
        out[i] = (rising + falling) * scale + location


@part
def _cubic(out, r, cubics, offset, scale, location, n):
    """The cubic of a cell at a signed number (`lca/sampling/quantile.py`)."""
    near, cells = np.empty(BLOCK, np.float32), np.empty(BLOCK, np.int32)
    for i in range(n):
        near[i] = np.float32(r[i]) + np.float32(0.5)
        out[i] = r[i]
    bits = near.view(np.uint32)
    for i in range(n):
        cells[i] = np.int32(bits[i] >> np.uint32(18)) + np.int32(offset)
    c0, c1, c2, c3 = cubics[0], cubics[1], cubics[2], cubics[3]
    for i in range(n):
        cell, y = np.uint64(cells[i]), out[i]
        out[i] = ((c3[cell] * y + c2[cell]) * y + c1[cell]) * y + c0[cell]
    for i in range(n):
        out[i] = out[i] * scale + location


# --- the interpreter ------------------------------------------------------------------------------


@part
def _row(rows, outs, place, at, n):
    """A row of a block: a constant has none, those of outputs stand after the others."""
    if place < 0:
        return rows[0, :0]
    if place < len(rows):
        return rows[place, :n]
    return outs[place - len(rows), at : at + n]


@part
def _constant(constants, place):
    return constants[~place] if place < 0 else 0.0


@loop
def run(code, constants, cubics, lists, spans, keys, places, numbers, given, first, count, rows, outs):
    """Draws `first` to `first + count` of every output; whether a value lies beyond its limits.

    A column has a place among the numbers that were read, or -1: then its stream is made here.
    """
    beyond = False
    words = np.empty(BLOCK // 2 + 1, np.uint64)
    for at in range(0, count, BLOCK):
        n = min(BLOCK, count - at)
        drawn = -1
        start = first + at
        odd = start & 1
        made = words.view(np.uint32)[odd : odd + n]
        for line in range(len(code)):
            op, to, a, b, c, extra = code[line]
            out = _row(rows, outs, to, at, n)
            if op in (CUBIC, UNIFORM, TRIANGULAR, EMPIRICAL):
                r = made
                if places[a] >= 0:
                    r = numbers[places[a], at : at + n]
                elif a != drawn:
                    _words(keys[a, 0], keys[a, 1], np.uint64(start // 2), words, (n + odd + 1) // 2)
                    drawn = a
                scale, location = constants[~b], constants[~c]
                if op == CUBIC:
                    _cubic(out, r.view(np.int32), cubics, extra, scale, location, n)
                elif op == UNIFORM:
                    _uniform(out, r, scale, location, n)
                elif op == TRIANGULAR:
                    _triangular(out, r, constants[extra], scale, location, n)
                else:
                    values = lists[spans[extra, 0] : spans[extra, 0] + spans[extra, 1]]
                    _empirical(out, r, values, scale, location, n)
                continue
            if op == GIVEN:
                _copy(out, given[extra, at : at + n], 0.0, n)
                continue
            x, kx = _row(rows, outs, a, at, n), _constant(constants, a)
            if op == LIMIT:
                low, high = constants[~b], constants[~c]
                beyond |= _beyond(x, low, high, n) if a >= 0 else not low <= kx <= high
                continue
            if op == CLIP:
                _clip(out, x, constants[~b], constants[~c], n)
                continue
            if op == INTERPOLATE:
                size, begin = spans[extra, 1] // 2, spans[extra, 0]
                _interpolate(out, x, lists[begin : begin + size], lists[begin + size : begin + 2 * size], n)
                continue
            if op == COPY:
                _copy(out, x, kx, n)
                continue
            if op == NEGATIVE:
                _negative(out, x, kx, n)
                continue
            if op == CEIL:
                _ceil(out, x, kx, n)
                continue
            if op == EXP:
                _exp(out, x, kx, n)
                continue
            if op == LOG:
                _log(out, x, kx, n)
                continue
            y, ky = _row(rows, outs, b, at, n), _constant(constants, b)
            if op == ADD:
                _add(out, x, y, kx, ky, n)
            elif op == SUBTRACT:
                _subtract(out, x, y, kx, ky, n)
            elif op == MULTIPLY:
                _multiply(out, x, y, kx, ky, n)
            elif op == DIVIDE:
                _divide(out, x, y, kx, ky, n)
            elif op == MINIMUM:
                _minimum(out, x, y, kx, ky, n)
            elif op == MAXIMUM:
                _maximum(out, x, y, kx, ky, n)
            elif op == LESS:
                _less(out, x, y, kx, ky, n)
            elif op == LESS_EQUAL:
                _less_equal(out, x, y, kx, ky, n)
            elif op == POWER:
                _power(out, x, y, kx, ky, n)
            elif op == WHERE:
                _where(out, x, y, _row(rows, outs, c, at, n), ky, _constant(constants, c), n)
    return beyond
