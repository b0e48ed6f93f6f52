// @ts-check
// Runs before the first paint, so that a chosen appearance never flashes. The switch itself is theme.js.
try {
  const chosen = localStorage.getItem("coachkit:theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // No storage in this browser: the system's appearance stays.
}
