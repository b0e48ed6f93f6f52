// @ts-check
/**
 * Keeps an attempt for the coach who works on it: takes it up when the page opens, and again every few minutes as long
 * as she types or points. Away from the desk she lets it lapse.
 *
 * <form data-js="claim" action="…"> with a status line [data-words] and a button for browsers without scripts.
 */
const EVERY = 5 * 60 * 1000;

/** @param {HTMLFormElement} form */
export function connect(form) {
  const words = form.querySelector("[data-words]");
  const button = form.querySelector("button");
  let active = true;
  if (button) button.hidden = true;
  for (const type of ["keydown", "pointerdown"]) {
    document.addEventListener(type, () => {
      active = true;
    }, { passive: true });
  }

  async function take() {
    if (!active || document.visibilityState === "hidden") return;
    active = false;
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new URLSearchParams(/** @type {any} */ (new FormData(form))), credentials: "same-origin",
        headers: { Accept: "application/json", "X-Requested-With": "fetch" },
      });
      if (answer.ok && !answer.redirected) {
        const { until } = await answer.json();
        if (words) words.textContent = `Yours until ${until}, and longer while you work.`;
      } else if (answer.status === 409 && words) {
        words.textContent = "A colleague works on this now. What you write cannot be saved here; reload to see.";
      }
    } catch {
      active = true; // out of reach: the next round tries again
    }
  }

  take();
  setInterval(take, EVERY);
}
