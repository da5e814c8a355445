import assert from "node:assert/strict";
import { test } from "node:test";
import { withElements } from "../../lossviz/figures/browser/elements.js";
import { filled, say } from "../../lossviz/figures/browser/texts.js";

test("a text has its parts where its template says", () => {
  assert.equal(say("Must be at least {value}.", { value: "0" }), "Must be at least 0.");
  assert.equal(say("{b}, {a}, {b}", { a: "1", b: "2" }), "2, 1, 2");
  assert.equal(say("{p_t} = {}", { p_t: "" }), " = {}");
  assert.equal(filled(say("{name} is 0."), { name: "NLL" }), "NLL is 0.");
});

test("without parts a text is its template", () => {
  assert.equal(say("At {p_t} = {value}"), "At {p_t} = {value}");
});

test("parts are words, whatever is in them", () => {
  assert.equal(say("{a} and {b}", { a: "{b} $& $1", b: "<b>" }), "{b} $& $1 and <b>");
});

test("a part that is not there leaves its place", () => {
  assert.equal(say("{value} of {all}", { value: "1" }), "1 of {all}");
});

test("elements stand where a template says, in any order", () => {
  const [symbol, value] = [{}, {}];
  const pieces = (template) => withElements(template, { symbol, value }).filter(Boolean);
  assert.deepEqual(pieces("At {symbol} = {value}"), ["At ", symbol, " = ", value]);
  assert.equal(pieces("At {symbol} = {value}")[1], symbol);
  assert.equal(pieces("{value}: {symbol}")[0], value);
  assert.deepEqual(pieces("none {other}"), ["none ", "{other}"]);
});
