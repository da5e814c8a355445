import assert from "node:assert/strict";
import { test } from "node:test";
import { embedCode } from "../../lossviz/ui/components/frame/embed.js";

test("the code shows the present page, embedded", () => {
  const code = embedCode("https://example.org/lossviz/curves?gamma=3&lang=zh", "Curves · lossviz");
  assert.match(code, /^<iframe src="https:\/\/example\.org\/lossviz\/curves\?gamma=3&amp;lang=zh&amp;embed=true" /);
  assert.match(code, / title="Curves · lossviz" .*<\/iframe>$/);
});

test("what is embedded already is so once", () => {
  assert.equal(embedCode("https://example.org/?embed=true", "").split("embed=true").length, 2);
});

test("no word of an address or a title is HTML", () => {
  const code = embedCode('https://example.org/?words="><script>', '"><script>');
  assert.equal(code.match(/</g)?.length, 2);
  assert.doesNotMatch(code, /"">/);
});
