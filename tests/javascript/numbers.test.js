import assert from "node:assert/strict";
import { test } from "node:test";
import {
  clamp,
  decimalsOf,
  formatAsPython,
  formatFixed,
  formatOnGrid,
  formatSignificant,
  nearest,
  parseNumber,
  shortestDecimal,
} from "../../lossviz/figures/browser/numbers.js";

test("a number has as many significant digits as it is given", () => {
  const texts = [
    [0.0457, "0.0457"],
    [0.04571, "0.0457"],
    [12.3456, "12.3"],
    [1234.5, "1235"],
    [0.99999, "1.00"],
    [9.999, "10.0"],
    [1, "1"],
    [-1, "−1"],
    [0, "0"],
    [-0, "0"],
    [-2.5, "−2.50"],
    [0.0001, "0.000100"],
    [0.00009999, "1.00×10⁻⁴"],
    [1.2e-9, "1.20×10⁻⁹"],
    [999999, "999999"],
    [1e6, "1.00×10⁶"],
    [-3.456e12, "−3.46×10¹²"],
    [Infinity, "∞"],
    [-Infinity, "−∞"],
    [NaN, "—"],
  ];
  for (const [value, text] of texts) assert.equal(formatSignificant(value), text);
  assert.equal(formatSignificant(0.123456, 4), "0.1235");
  assert.equal(formatSignificant(1.5, 4), "1.500");
});

test("a control's value has the decimals of its grid, or its own where it lies between", () => {
  assert.equal(formatOnGrid(2, 2), "2.00");
  assert.equal(formatOnGrid(-0.5, 1), "−0.5");
  assert.equal(formatOnGrid(1.2345, 1), "1.2345");
  assert.equal(formatOnGrid(1 / 3, 2), "0.33333333");
  assert.equal(formatOnGrid(1000, 2), "1000", "large ones have no decimals");
  assert.equal(formatOnGrid(0.1 + 0.2, 1), "0.3");
  assert.equal(formatOnGrid(-1e-7, 2), "−1e−7");
  assert.equal(formatOnGrid(-Infinity, 2), "−∞");
  assert.equal(formatFixed(-0.25, 3), "−0.250");
});

test("a number in the link is written as Python's repr writes it, less a trailing .0", () => {
  const texts = [
    [2, "2"],
    [0.1, "0.1"],
    [-1.2345, "-1.2345"],
    [-0, "0"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [1.5e-7, "1.5e-07"],
    [1e-100, "1e-100"],
    [1e15, "1000000000000000"],
    [1e16, "1e+16"],
    [1.25e22, "1.25e+22"],
    [Infinity, "inf"],
    [-Infinity, "-inf"],
  ];
  for (const [value, text] of texts) assert.equal(formatAsPython(value), text);
});

test("a float32 is told by the shortest decimal that is it", () => {
  for (const value of [0.1, 0.3, 0.85, 1, 123.45, 1e-8, 0.333333]) assert.equal(shortestDecimal(Math.fround(value)), value);
  assert.equal(shortestDecimal(Math.fround(1 / 3)), 0.33333334);
});

test("what is typed is read with any minus, comma or point", () => {
  const read = [
    ["1,2345", 1.2345],
    [" 2.5 ", 2.5],
    ["\u22122", -2],
    ["\u2013.5", -0.5],
    ["3.", 3],
    ["1e-3", 0.001],
    ["-0", 0],
    ["+7", 7],
  ];
  for (const [text, value] of read) assert.equal(parseNumber(text, false), value, text);
  for (const text of ["two", "", "1,2,3", "1e400", "0x10", "--1", "1 2", "∞", "nan"])
    assert.equal(parseNumber(text, false), NaN);
});

test("infinity is read only where it may be", () => {
  for (const text of ["∞", "inf", "+Infinity", "INF"]) assert.equal(parseNumber(text, true), Infinity, text);
  for (const text of ["-∞", "\u2212inf", "-infinity"]) assert.equal(parseNumber(text, true), -Infinity, text);
  assert.equal(parseNumber("1e400", true), NaN, "too large is not infinite");
});

test("the fewest decimals that tell a grid", () => {
  assert.equal(decimalsOf([0, 1, 2]), 0);
  assert.equal(decimalsOf([0, 0.25, 0.5]), 2);
  assert.equal(decimalsOf([0.1 + 0.2]), 1);
  assert.equal(decimalsOf([1 / 3]), 6);
  assert.equal(decimalsOf([0.0005, 0.5], 3), 3);
  assert.equal(decimalsOf(Float32Array.of(0.5, 1)), 1);
  assert.equal(decimalsOf([]), 0);
});

test("the nearest of a grid, the first of two as near", () => {
  const grid = [-2, -1, 0, 1, 4];
  for (const [wanted, index] of [
    [-9, 0],
    [-1.4, 1],
    [0.5, 2],
    [0.51, 3],
    [2.5, 3],
    [2.6, 4],
    [99, 4],
    [Infinity, 4],
    [-Infinity, 0],
  ])
    assert.equal(nearest(grid, wanted), index, String(wanted));
  assert.equal(nearest([5, 3, 1], 1.5), 2, "falling: pixels of a vertical axis");
  assert.equal(nearest([NaN, NaN, 2, 7], 9), 3, "gaps are never near");
  assert.equal(nearest([1], 8), 0);
});

test("clamped", () => {
  assert.deepEqual(
    [-1, 0.5, 2].map((value) => clamp(value, 0, 1)),
    [0, 0.5, 1],
  );
});
