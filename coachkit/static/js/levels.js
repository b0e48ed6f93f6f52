// @ts-check
/**
 * Inside one criterion (section.crit): the keys 1 to 5 choose a level, 0 chooses "not observed", in the group of radios
 * that has the focus, or in the levels. Only while the focus is inside, and never while one is writing.
 */

/** @param {HTMLElement} criterion */
export function connect(criterion) {
  criterion.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[0-5]$/.test(event.key)) return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.matches("textarea, select, input:not([type=radio])") || target.isContentEditable) return;
    const group = target.closest(".seg, .lv") ?? criterion.querySelector(".lv");
    const radio = group?.querySelector(`input[type="radio"][data-key="${event.key}"]`);
    if (!(radio instanceof HTMLInputElement) || radio.disabled) return;
    event.preventDefault();
    radio.focus();
    if (radio.checked) return;
    radio.checked = true;
    radio.dispatchEvent(new Event("input", { bubbles: true }));
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
