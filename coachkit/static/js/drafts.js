// @ts-check
/**
 * Copies of unsent text in this browser. A copy lives only while the server does not have the text: it is written with
 * every keystroke, and dropped when the server has saved the draft or taken the form.
 */
const PREFIX = "coachkit:draft:";
const SENT = "coachkit:sent";

/** @typedef {{at: number, fields: [string, string][]}} Draft */

/** @param {string} key @param {[string, string][]} fields */
export function keep(key, fields) {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), fields }));
    return true;
  } catch {
    return false;
  }
}

/** @param {string} key @returns {Draft | null} */
export function kept(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(PREFIX + key) ?? "null");
    return draft && Array.isArray(draft.fields) ? draft : null;
  } catch {
    return null;
  }
}

/** @param {string} key */
export function drop(key) {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // Nothing was kept.
  }
}

/** @returns {string[]} the keys of all copies */
export function all() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length));
  } catch {
    return [];
  }
}

/** @param {string} key remember that this form is on its way to the server */
export function sending(key) {
  try {
    sessionStorage.setItem(SENT, key);
  } catch {
    // The copy is offered again next time, which is harmless.
  }
}

/** On the page after: an error page, or the same form again, means that the text has not arrived yet. */
export function settle() {
  const key = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (!key || document.querySelector("[data-error-page]")) return;
  const again = [...document.querySelectorAll("form[data-autosave-url]")].some(
    (form) => keyOf(/** @type {HTMLFormElement} */ (form)) === key,
  );
  if (!again) drop(key);
}

/**
 * Two people may use one browser, one after the other, and open the same page: each is offered only what is his own.
 * @param {HTMLElement} form
 */
export function keyOf(form) {
  const person = document.querySelector("#me-menu .name")?.textContent?.trim() ?? "";
  return `${person}:${form.dataset.autosaveKey || form.dataset.autosaveUrl || location.pathname}`;
}
