import assert from "node:assert/strict";
import { test } from "node:test";
import { AddressHistory } from "../../lossviz/figures/browser/history.js";

/** A browser's history and address, and a list of what was done to them. */
function browserAt(href) {
  const location = { href, pathname: "", search: "" };
  const done = [];
  const go = (kind) => (_state, _title, url) => {
    const to = new URL(url ?? location.href, location.href);
    Object.assign(location, { href: to.href, pathname: to.pathname, search: to.search });
    done.push(`${kind} ${to.pathname}${to.search}`);
  };
  const history = { pushState: go("push"), replaceState: go("replace") };
  history.replaceState({}, "", href);
  done.pop();
  return { history, done, addresses: new AddressHistory(history, location) };
}

const address = (query, more = {}) => ({ page: "curves", query, step: 0, acts: 0, run: 1, ...more });

test("the first address replaces, a step pushes, a drag replaces", () => {
  const { addresses, done } = browserAt("http://host/curves?gamma=2");
  addresses.write(address("gamma=3"));
  addresses.write(address("gamma=3&y=gradient", { step: 1 }));
  addresses.write(address("gamma=4&y=gradient", { step: 1 }));
  assert.deepEqual(done, ["replace /curves?gamma=3", "push /curves?gamma=3&y=gradient", "replace /curves?gamma=4&y=gradient"]);
});

test("an address that stands there already is not written, and a step on another page is none", () => {
  const { addresses, done, history } = browserAt("http://host/curves?gamma=2");
  addresses.write(address("gamma=2"));
  assert.deepEqual(done, []);
  history.pushState({}, "", "/surfaces");
  addresses.write(address("gamma=2", { page: "surfaces", step: 1 }));
  assert.deepEqual(done, ["push /surfaces", "replace /surfaces?gamma=2"]);
});

test("what was done on a page right before it was left has an entry of its own, before that of the next page", () => {
  const { addresses, done, history } = browserAt("http://host/sub/curves?gamma=2&embed=true");
  addresses.write(address("gamma=2"));
  history.pushState({}, "", "/sub/surfaces?embed=true");
  const left = { page: "curves", query: "gamma=2&y=gradient" };
  addresses.write(address("gamma=2", { page: "surfaces", step: 1, left }));
  assert.deepEqual(done, [
    "push /sub/surfaces?embed=true",
    "replace /sub/curves?gamma=2&y=gradient&embed=true",
    "push /sub/surfaces?gamma=2&embed=true",
  ]);
});

test("who is on the way to another page is left alone", () => {
  const { addresses, done } = browserAt("http://host/surfaces");
  addresses.write(address("gamma=3"));
  assert.deepEqual(done, []);
});

test("words that embed the app stay", () => {
  const { addresses, done } = browserAt("http://host/curves?embed=true&embed_options=light_theme&gamma=2");
  addresses.write(address("gamma=3"));
  assert.deepEqual(done, ["replace /curves?gamma=3&embed=true&embed_options=light_theme"]);
});

test("of Streamlit's own entries only those of other pages are made", () => {
  const { history, done, addresses } = browserAt("http://host/curves?gamma=2");
  history.pushState({}, "", "?gamma=9");
  history.replaceState({}, "", "/curves");
  assert.deepEqual(done, []);
  history.pushState({}, "", "/surfaces?gamma=2");
  history.replaceState({}, "");
  assert.deepEqual(done, ["push /surfaces?gamma=2", "replace /surfaces?gamma=2"]);
  addresses.rewrite(new URL("http://host/surfaces?gamma=5"));
  assert.equal(done.at(-1), "replace /surfaces?gamma=5", "ours are made");
});

test("an act goes along with those of which Python may not know", () => {
  const { addresses } = browserAt("http://host/curves");
  const first = addresses.numbered({ control: "gamma", value: 3 });
  assert.deepEqual(first, { control: "gamma", value: 3, act: 1, before: [] });
  const second = addresses.numbered({ action: "add" });
  assert.deepEqual(second, { action: "add", act: 2, before: [{ control: "gamma", value: 3, act: 1 }] });
  addresses.write(address("", { acts: 1 }));
  assert.deepEqual(addresses.numbered({ action: "remove" }).before, [{ action: "add", act: 2 }]);
});

test("of many acts without an answer the last twenty go along", () => {
  const { addresses } = browserAt("http://host/curves");
  for (let n = 0; n < 30; n++) addresses.numbered({ control: "gamma", value: n });
  const { act, before } = addresses.numbered({ control: "gamma", value: 30 });
  assert.equal(act, 31);
  assert.deepEqual(
    before.map((one) => one.act),
    Array.from({ length: 20 }, (_, i) => i + 11),
  );
});
