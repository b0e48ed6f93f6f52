// @ts-check
/**
 * The key "/" goes to the search: the page's input takes the focus, else the bar's link is followed. Never while one is writing, and not after
 * it was switched off on the search page, since a single key may be pressed by a voice or by accident.
 */
import { isOn } from "./search-key-switch.js";

/** @param {HTMLElement} element */
export function connect(element) {
  if (element instanceof HTMLAnchorElement && document.querySelector("input[data-js=search-key]")) return; // we are there
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !isOn()) return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.matches("input, textarea, select") || target.isContentEditable) return;
    event.preventDefault();
    if (element instanceof HTMLInputElement) {
      element.focus();
      element.select();
    } else {
      element.click();
    }
  });
}
