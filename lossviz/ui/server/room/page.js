// A phone in a room: joins, asks every two seconds what is on, and sends answers.

/** @import { View } from "./messages.d.ts" */

import { say } from "../../../figures/browser/texts.js";
import { draw, drawGone, tell } from "./draw.js";
import { byId } from "./elements.js";
import { pause } from "./pace.js";

const PATIENCE = 10_000;
/** Milliseconds after which an answer is not waited for any more: a phone may have slept meanwhile. */

const room = location.pathname.replace(/\/+$/, "");
const code = decodeURIComponent(room.slice(room.lastIndexOf("/") + 1));
const status = { failures: 0, unchanged: 0, joined: false, last: "", timer: 0, looks: 0 };

/**
 * Ask the server; what it sent, or the status with which it refused and why.
 * @param {string} path
 * @param {object} [body]
 */
async function ask(path, body) {
  const posted = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const signal = AbortSignal.timeout(PATIENCE);
  const answer = await fetch(room + path, { cache: "no-cache", signal, ...(body && posted) });
  const said = await answer.json().catch(() => ({}));
  return { status: answer.status, said };
}

/** Be known to the room, once: the phone would be two if it joined twice at the same time. */
function join() {
  joining ??= joinNow().finally(() => {
    joining = null;
  });
  return joining;
}

/** @type {Promise<string> | null} */
let joining = null;

async function joinNow() {
  const { status: got, said } = await ask("/join", {});
  status.joined = got === 200;
  return status.joined ? "" : String(said.error ?? "");
}

/** Look what is on, now; a look that was under way is overtaken. */
async function look() {
  clearTimeout(status.timer);
  status.looks += 1;
  const mine = status.looks;
  try {
    const problem = status.joined ? "" : await join();
    const { status: got, said } = await ask("/now");
    if (mine !== status.looks) return;
    if (got === 404) return gone(said.error);
    if (got !== 200) throw new Error(String(got));
    show(said);
    if (problem) tell(problem);
    status.failures = 0;
  } catch {
    if (mine !== status.looks) return;
    status.failures += 1;
    if (status.failures > 1) tell(say("No connection to the room. Trying again …"));
  }
  if (!document.hidden) status.timer = setTimeout(look, pause(status.failures, status.unchanged));
}

/** @param {View} view */
function show(view) {
  const text = JSON.stringify(view);
  status.unchanged = text === status.last ? status.unchanged + 1 : 0;
  status.last = text;
  draw(view, (answer) => vote(view.ballot, answer));
}

/** @param {string} [why] */
function gone(why) {
  status.last = "";
  status.joined = false;
  drawGone(why ?? "");
}

/**
 * Send an answer; a phone that the room does not know joins once more.
 * @param {number} ballot
 * @param {number} answer
 */
async function vote(ballot, answer) {
  try {
    let { status: got, said } = await ask("/vote", { ballot, answer });
    if (got === 403) {
      await join();
      ({ status: got, said } = await ask("/vote", { ballot, answer }));
    }
    if (got === 200) {
      status.looks += 1;
      show(said);
    } else if (got === 404) return gone(said.error);
    await look();
    if (got !== 200) tell(said.error ?? "");
  } catch {
    tell(say("No connection to the room. Trying again …"));
    await look();
  }
}

if (byId("door").hidden) {
  byId("room").textContent = say("Room {code}", { code: code.toUpperCase() });
  byId("title").textContent = say("Joining …");
  addEventListener("online", look);
  addEventListener("pageshow", (event) => event.persisted && look());
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(status.timer) : look()));
  look();
}
