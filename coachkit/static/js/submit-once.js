// @ts-check
/** A form that goes out once, however often one presses. The server has an idempotency key as well; this is manners. */

/** @param {HTMLFormElement} form */
export function connect(form) {
  let gone = false;
  const buttons = () => [...form.elements].filter((e) => e instanceof HTMLButtonElement && e.type === "submit");

  /** @param {boolean} off */
  function mark(off) {
    for (const button of buttons()) {
      if (off) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
    if (off) form.setAttribute("aria-busy", "true");
    else form.removeAttribute("aria-busy");
  }

  form.addEventListener("submit", (event) => {
    if (gone) {
      event.preventDefault();
      return;
    }
    if (event.defaultPrevented) return;
    gone = true;
    mark(true);
  });
  // Back from the next page: the same document may return from the browser's memory.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    gone = false;
    mark(false);
  });
}
