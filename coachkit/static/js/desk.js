// @ts-check
/**
 * The coach's workspace by keyboard alone. The keys stand in the page's help (dialog#keys), where single keys can be
 * switched off; while one writes, only Control+Enter and Escape do something.
 */
import { isOn, remember } from "./desk-keys.js";

/** @param {HTMLElement} desk holds the form with criteria and note */
export function connect(desk) {
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById("review"));
  const help = /** @type {HTMLDialogElement | null} */ (document.getElementById("keys"));
  if (!form) return;
  const stops = () => [...form.querySelectorAll(".crit, [data-stop]")];
  const firstOpen = () => stops().find((stop) => stop.matches(".crit, #advice") && !stop.querySelector(":is(.lv, .seg) input:checked"));
  showHelp(help);

  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(/** @type {HTMLElement | null} */ (document.querySelector("[data-desk-next]")));
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || help?.open) return;
    if (isWriting(target)) {
      if (event.key === "Escape") leave(target);
      return;
    }
    if (/^[0-5]$/.test(event.key)) {
      // levels.js has chosen it; what follows is its evidence line, or after the last advice the first open criterion
      if (event.defaultPrevented && target.closest("#advice")) into(firstOpen() ?? form.querySelector("[data-note]"));
      const line = event.defaultPrevented ? target.closest(".crit")?.querySelector("textarea") : null;
      if (line instanceof HTMLElement) line.focus();
      return;
    }
    if (event.defaultPrevented || !isOn()) return;
    const act = acts[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });

  /** @type {Record<string, () => void>} */
  const acts = {
    j: () => step(1),
    k: () => step(-1),
    a: () => into(form.querySelector("#advice")),
    n: () => into(form.querySelector("[data-note]")),
    e: () => open("said"),
    m: () => document.getElementById("comment-text")?.focus(),
    b: () => open("bank"),
    c: () => open("tries"),
    f: () => open("earlier"),
    p: () => open("private"),
    u: () => submit("[data-desk-undo]"),
    "?": () => help?.showModal(),
  };

  /** @param {number} by to the criterion or half of the note before or after the one with the focus */
  function step(by) {
    const all = stops();
    const now = all.findIndex((stop) => stop.contains(document.activeElement));
    const first = Math.max(all.findIndex((stop) => stop === firstOpen()), 0);
    const next = now < 0 ? (by > 0 ? first : all.length - 1) : now + by;
    into(all[Math.min(Math.max(next, 0), all.length - 1)]);
  }

  /** @param {Element | null} stop */
  function into(stop) {
    const goal = stop?.querySelector(":is(.lv, .seg) input:checked") ?? stop?.querySelector(":is(.lv, .seg) input:enabled, textarea");
    if (goal instanceof HTMLElement) goal.focus();
    stop?.scrollIntoView({ block: "nearest" });
  }

  /** @param {HTMLElement} field out of a text, to the levels above it or to its frame */
  function leave(field) {
    const crit = field.closest(".crit");
    if (crit) into(crit);
    else field.blur();
  }
  desk.dataset.ready = "true";
}

/** @param {string} id */
function open(id) {
  const part = document.getElementById(id);
  if (!part) return;
  if (part instanceof HTMLDetailsElement) part.open = true;
  const goal = part.querySelector("textarea") ?? part.querySelector("summary") ?? part;
  if (goal === part) part.tabIndex = -1;
  if (goal instanceof HTMLElement) goal.focus();
}

/** @param {string} selector */
function submit(selector) {
  const form = document.querySelector(selector);
  if (form instanceof HTMLFormElement) form.requestSubmit();
}

/** @param {HTMLElement} target */
function isWriting(target) {
  return target.matches("textarea, select, input:not([type=radio], [type=checkbox])") || target.isContentEditable;
}

/** @param {HTMLDialogElement | null} help */
function showHelp(help) {
  if (!help) return;
  const button = /** @type {HTMLElement | null} */ (document.querySelector("[data-keys-open]"));
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => help.showModal());
  }
  const box = help.querySelector("input[type=checkbox]");
  if (!(box instanceof HTMLInputElement)) return;
  box.checked = isOn();
  box.addEventListener("change", () => remember(box.checked));
}
