// @ts-check
/** Whether single keys work on the coach's desk, kept in this browser: a voice or an accident may press one. */
const NAME = "coachkit:desk-keys";

export function isOn() {
  try {
    return localStorage.getItem(NAME) !== "off";
  } catch {
    return true;
  }
}

/** @param {boolean} on */
export function remember(on) {
  try {
    localStorage.setItem(NAME, on ? "on" : "off");
  } catch {
    // Then they stay on until the browser allows to keep something.
  }
}
