// A question of a scene: answered before its answer is shown.

import { say } from "../../../figures/browser/texts.js";

/** @param {HTMLElement} scene */
const questionOf = (scene) => /** @type {HTMLElement | null} */ (scene.querySelector(".question"));

/**
 * Whether the answer is still to come.
 * @param {HTMLElement} scene
 */
export const isSealed = (scene) => questionOf(scene)?.dataset.sealed === "yes";

/**
 * @param {HTMLElement} scene
 * @param {() => void} ask called when a person wants the answer
 */
export function prepareQuestion(scene, ask) {
  const button = /** @type {HTMLButtonElement | null} */ (scene.querySelector(".reveal"));
  if (button) button.onclick = ask;
}

/**
 * Open the answer, and say what was right about the one that was given.
 * @param {HTMLElement} scene
 */
export function reveal(scene) {
  const question = questionOf(scene);
  if (!question) return;
  question.dataset.sealed = "no";
  const inputs = [...question.querySelectorAll("input")];
  for (const input of inputs) input.disabled = true;
  for (const option of question.querySelectorAll("[data-right]")) option.classList.add("right");
  const answer = /** @type {HTMLElement} */ (question.querySelector(".answer"));
  const verdict = /** @type {HTMLElement} */ (answer.querySelector(".verdict"));
  const isRight = judged(inputs);
  const truth = verdict.dataset.truth ?? "";
  if (isRight === null) verdict.textContent = say("Right: {truth}", { truth });
  else if (isRight) verdict.textContent = say("Right.");
  else verdict.textContent = say("Not quite. Right: {truth}", { truth });
  verdict.classList.toggle("good", isRight === true);
  verdict.classList.toggle("bad", isRight === false);
  answer.hidden = false;
  /** @type {HTMLElement} */ (question.querySelector(".reveal")).hidden = true;
}

/**
 * Whether what was answered is right; null where nothing was.
 * @param {HTMLInputElement[]} inputs
 */
function judged(inputs) {
  const [number] = inputs.filter(({ type }) => type === "number");
  if (number) {
    const { value, tolerance } = number.dataset;
    return number.value === "" ? null : Math.abs(Number(number.value) - Number(value)) <= Number(tolerance);
  }
  const chosen = inputs.find(({ checked }) => checked);
  return chosen ? chosen.closest("[data-right]") !== null : null;
}
