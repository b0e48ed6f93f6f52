// @ts-check
/** While the focus is on this element itself, the space bar opens and closes the details inside it. */

/** @param {HTMLElement} element */
export function connect(element) {
  element.addEventListener("keydown", (event) => {
    if (event.key !== " " || event.target !== element) return;
    const details = element.querySelector("details");
    if (!details) return;
    event.preventDefault();
    details.open = !details.open;
  });
}
