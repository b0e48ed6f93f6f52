// @ts-check
/** Links to a moment of a recording, `<a data-seek="seconds" data-file="number">`, play it from there in this page. */

/** @param {HTMLElement} element */
export function connect(element) {
  element.addEventListener("click", (event) => {
    const link = /** @type {HTMLElement} */ (event.target).closest("a[data-seek]");
    if (!(link instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const player = document.querySelector(`[data-evidence="${link.dataset.file}"]`);
    if (!(player instanceof HTMLMediaElement)) return;
    event.preventDefault();
    player.scrollIntoView({ block: "center" });
    player.focus();
    player.currentTime = Number(link.dataset.seek);
    player.play().catch(() => {}); // a browser may ask for a press of its own; the place is set
  });
}
