// @ts-check
/** Somebody takes back the agreement to be recorded: what this browser still holds of it goes as well. */
import { keyOf } from "./drafts.js";
import { forget } from "./held.js";

/** @param {HTMLFormElement} form */
export function connect(form) {
  form.addEventListener("submit", () => forget(keyOf(form)));
}
