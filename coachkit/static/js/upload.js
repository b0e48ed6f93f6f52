// @ts-check
/**
 * A form with one file: sends it in pieces, shows how far it is, and goes on after an interruption. Without this the form
 * sends the file in one go. Choosing the same file again goes on where an earlier try on this page stopped.
 */
import { Refused, newKey, send } from "./pieces.js";

/** @param {HTMLFormElement} form */
export function connect(form) {
  const input = form.querySelector("input[type=file]");
  const box = form.querySelector("[data-sending]");
  const bar = form.querySelector("progress");
  const words = form.querySelector("[data-words]");
  const token = form.elements.namedItem("csrf_token");
  const able = input instanceof HTMLInputElement && box instanceof HTMLElement && bar && words && token instanceof HTMLInputElement && crypto.subtle;
  if (!able) return;
  /** @type {Map<string, string>} keys of uploads that were begun on this page, by what the file looks like */
  const keys = new Map();
  let busy = false;

  /** @param {BeforeUnloadEvent} event */
  const warn = (event) => event.preventDefault();

  /** @param {number} percent @param {string} text */
  function tell(percent, text) {
    if (percent >= 0) bar.value = percent;
    words.textContent = text;
  }

  /** @param {File} file */
  async function go(file) {
    const looks = `${file.name}/${file.size}/${file.lastModified}`;
    keys.set(looks, keys.get(looks) ?? newKey());
    const errand = {
      beginUrl: form.dataset.beginUrl ?? "", token: token.value, key: keys.get(looks) ?? "", name: file.name, recorded: false, piece: Number(form.dataset.piece),
    };
    box.hidden = false;
    busy = true;
    window.addEventListener("beforeunload", warn);
    tell(0, "Beginning.");
    try {
      await send(file, errand, tell);
      window.removeEventListener("beforeunload", warn);
      tell(100, "It is here.");
      location.assign(form.dataset.beginUrl ?? location.href);
    } catch (error) {
      keys.delete(looks);
      tell(0, error instanceof Refused ? error.message : "This file cannot be read any more. Choose it again.");
    } finally {
      busy = false;
      window.removeEventListener("beforeunload", warn);
    }
  }

  form.addEventListener("submit", (event) => {
    const file = input.files?.[0];
    if (!file) return;
    event.preventDefault();
    if (busy) return;
    if (file.size > Number(form.dataset.largest)) {
      box.hidden = false;
      tell(0, "This file is larger than what is taken.");
    } else go(file);
  });
}
