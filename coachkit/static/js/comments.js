// @ts-check
/**
 * The place of a comment without typing it: a press on a passage's number, or the stamp (button or F8) for the moment
 * that a recording has come to. And its first words: a saved phrase, with its gap selected.
 */

/** @param {HTMLElement} element */
export function connect(element) {
  const field = (/** @type {string} */ name) => document.getElementById(`comment-${name}`);
  const passage = field("passage");
  const at = field("at");
  const file = field("file");

  document.querySelectorAll("a[data-passage]").forEach((link) => {
    link.addEventListener("click", (event) => {
      if (!(passage instanceof HTMLInputElement)) return;
      event.preventDefault();
      passage.value = /** @type {HTMLElement} */ (link).dataset.passage ?? "";
      if (at instanceof HTMLInputElement) at.value = "";
      field("text")?.focus();
    });
  });

  element.querySelectorAll("button[data-phrase]").forEach((taken) => {
    taken.addEventListener("click", (event) => {
      const text = field("text");
      const criterion = field("criterion");
      if (!(text instanceof HTMLTextAreaElement) || !(taken instanceof HTMLElement)) return;
      event.preventDefault();
      const before = text.value.trim() && `${text.value.trimEnd()}\n`;
      text.value = before + taken.dataset.phrase;
      if (criterion instanceof HTMLSelectElement && taken.dataset.criterion) criterion.value = taken.dataset.criterion;
      text.focus();
      const gap = text.value.indexOf("…", before.length);
      if (gap >= 0) text.setSelectionRange(gap, gap + 1);
    });
  });

  const button = element.querySelector("[data-stamp]");
  const players = /** @type {HTMLMediaElement[]} */ ([...document.querySelectorAll("audio[data-evidence], video[data-evidence]")]);
  if (!(button instanceof HTMLButtonElement) || !(at instanceof HTMLInputElement) || players.length === 0) return;
  let heard = players[0];
  players.forEach((player) => player.addEventListener("play", () => (heard = player)));

  function stamp() {
    const seconds = Math.floor(heard.currentTime);
    /** @type {HTMLInputElement} */ (at).value = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (passage instanceof HTMLInputElement) passage.value = "";
    if (file instanceof HTMLSelectElement || file instanceof HTMLInputElement) file.value = heard.dataset.evidence ?? "";
    field("excerpt")?.focus();
  }

  button.hidden = false;
  button.addEventListener("click", stamp);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F8" || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    stamp();
  });
}
