// @ts-check
/**
 * Follows long work: <div data-js="poll" data-poll-url="…"> is replaced by what the address answers (the same element,
 * newer) every two seconds, until it comes with data-done. data-done="reload" loads the page once more at the end.
 */
import { connectIn } from "./connect.js";

const PACE = 2000;
const PATIENCE = 30000;

/** @param {HTMLElement} element */
export function connect(element) {
  let current = element;
  let wait = PACE;

  async function look() {
    if (document.hidden) {
      document.addEventListener("visibilitychange", look, { once: true });
      return;
    }
    const { status, page } = await ask(current.dataset.pollUrl ?? "");
    const newer = page?.querySelector("[data-poll-url]");
    if (status === 200 && newer instanceof HTMLElement) {
      current = replace(current, newer);
      wait = PACE;
    } else if (status >= 400 && status < 500 && status !== 429) {
      return; // signed out, or gone: what stands here stays
    } else {
      wait = Math.min(wait * 2, PATIENCE);
    }
    if (current.dataset.done === "reload") location.reload();
    else if (current.dataset.done === undefined) window.setTimeout(look, wait);
  }

  if (current.dataset.pollUrl && current.dataset.done === undefined) window.setTimeout(look, wait);
}

/**
 * The browser itself makes the answer a document, without a string that a script could turn into markup.
 * @param {string} url @returns {Promise<{status: number, page: Document | null}>}
 */
function ask(url) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("GET", url);
    request.responseType = "document";
    request.setRequestHeader("X-Requested-With", "fetch");
    request.addEventListener("loadend", () => resolve({ status: request.status, page: request.response }));
    request.send();
  });
}

/** @param {HTMLElement} old @param {HTMLElement} newer */
function replace(old, newer) {
  const focused = old.contains(document.activeElement) ? document.activeElement?.id : "";
  // This follower goes on with the new element; it must not get a second one.
  newer.dataset.js = (newer.dataset.js ?? "").split(/\s+/).filter((name) => name !== "poll").join(" ");
  old.replaceWith(document.adoptNode(newer));
  connectIn(newer);
  if (focused) document.getElementById(focused)?.focus();
  return newer;
}
