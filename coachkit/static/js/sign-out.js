// @ts-check
/** On the way out, text or a recording that never reached the server must not stay for the next person at this computer. */
import { all, drop } from "./drafts.js";
import { forgetAll } from "./held.js";

/** @param {HTMLFormElement} form */
export function connect(form) {
  form.addEventListener("submit", (event) => {
    const keys = all();
    if (keys.length === 0) return;
    event.preventDefault();
    if (!window.confirm("This browser holds something that has not reached the server. Sign out and discard it?")) return;
    keys.forEach(drop);
    forgetAll().then(() => form.submit());
  });
}
