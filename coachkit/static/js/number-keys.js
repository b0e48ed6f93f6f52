// @ts-check
/**
 * Inside one group of buttons: the key that stands on a button presses it. Only while the focus is inside the group, so
 * that nobody presses one by accident; a group with data-focus takes the focus when the page opens.
 */

/** @param {HTMLElement} group */
export function connect(group) {
  group.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.matches("textarea, select, input")) return;
    for (const button of group.querySelectorAll("[data-key]")) {
      if (button instanceof HTMLElement && button.dataset.key === event.key && button.checkVisibility()) {
        event.preventDefault();
        button.click();
        return;
      }
    }
  });
  const elsewhere = document.activeElement && document.activeElement !== document.body;
  if ("focus" in group.dataset && !elsewhere && !location.hash) group.focus({ preventScroll: true });
}
