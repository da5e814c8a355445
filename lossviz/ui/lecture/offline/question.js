// A question of a scene: answered before its answer is shown.

import { say } from "../../../figures/browser/texts.js";
import { ANSWERED } from "../../../figures/player/guess.js";

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
 * @param {() => void} answered called when one has been given
 */
export function prepareQuestion(scene, ask, answered) {
  for (const input of questionOf(scene)?.querySelectorAll("input") ?? []) input.oninput = answered;
  scene.addEventListener(ANSWERED, (event) => {
    const field = /** @type {HTMLInputElement | null} */ (scene.querySelector(".question input[type=number]"));
    if (!(event instanceof CustomEvent) || !field || !isSealed(scene)) return;
    field.value = String(event.detail);
    answered();
  });
  const button = /** @type {HTMLButtonElement | null} */ (scene.querySelector(".reveal"));
  if (button) button.onclick = ask;
}

/**
 * Whether any answer was given.
 * @param {HTMLElement} scene
 */
export const isAnswered = (scene) =>
  [...(questionOf(scene)?.querySelectorAll("input") ?? [])].some(({ type, value, checked }) =>
    type === "number" ? value !== "" : checked,
  );

/**
 * The number that was given; null where there is none.
 * @param {HTMLElement} scene
 */
export function numberOf(scene) {
  const field = /** @type {HTMLInputElement | null} */ (scene.querySelector(".question input[type=number]"));
  return field?.value ? field.valueAsNumber : null;
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
