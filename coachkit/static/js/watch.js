// @ts-check
/**
 * Watch mode only: <section data-js="watch" data-watch-url="…" data-watch-stamp="…"> loads the page again when the address
 * answers with another stamp, that is, when a file of the library was saved.
 */
const PACE = 500;
const HIDDEN_PACE = 3000;

/** @param {HTMLElement} element */
export function connect(element) {
  const url = element.dataset.watchUrl ?? "";
  const stamp = element.dataset.watchStamp ?? "";

  async function look() {
    if (await hasChanged()) location.reload();
    else window.setTimeout(look, document.hidden ? HIDDEN_PACE : PACE);
  }

  async function hasChanged() {
    try {
      const answer = await fetch(url, { cache: "no-store" });
      return answer.ok && (await answer.text()) !== stamp;
    } catch {
      return false; // the server is being started again
    }
  }

  window.setTimeout(look, PACE);
}
