// @ts-check
/** Whether the key "/" leads to the search, kept in this browser. */
const NAME = "coachkit:search-key";

export function isOn() {
  try {
    return localStorage.getItem(NAME) !== "off";
  } catch {
    return true;
  }
}

/** @param {HTMLElement} element holds a checkbox */
export function connect(element) {
  const box = element.querySelector("input");
  if (!box) return;
  box.checked = isOn();
  element.hidden = false;
  box.addEventListener("change", () => {
    try {
      localStorage.setItem(NAME, box.checked ? "on" : "off");
    } catch {
      // Then it stays on until the browser allows to keep something.
    }
  });
}
