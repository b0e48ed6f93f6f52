// @ts-check
/** On the way out, text that never reached the server must not stay for the next person at this computer. */
import { all, drop } from "./drafts.js";

/** @param {HTMLFormElement} form */
export function connect(form) {
  form.addEventListener("submit", (event) => {
    const keys = all();
    if (keys.length === 0) return;
    if (window.confirm("This browser holds text that has not reached the server. Sign out and discard it?")) keys.forEach(drop);
    else event.preventDefault();
  });
}
