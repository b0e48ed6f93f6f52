// @ts-check
/** The switch of appearance: light, dark, or as the system has it. Kept in this browser, unknown to the server. */

/** @param {HTMLElement} group holds buttons with data-theme-choice = light | dark | system */
export function connect(group) {
  const buttons = /** @type {HTMLButtonElement[]} */ ([...group.querySelectorAll("[data-theme-choice]")]);

  function show() {
    const now = document.documentElement.dataset.theme ?? "system";
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.themeChoice === now));
  }

  for (const button of buttons) {
    button.addEventListener("click", () => {
      const choice = button.dataset.themeChoice ?? "system";
      if (choice === "system") delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = choice;
      try {
        if (choice === "system") localStorage.removeItem("coachkit:theme");
        else localStorage.setItem("coachkit:theme", choice);
      } catch {
        // It holds for this page only.
      }
      show();
    });
  }
  show();
  group.hidden = false;
}
