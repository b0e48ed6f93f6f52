// @ts-check
/**
 * Compares a chosen file with a fingerprint, in the browser: <div data-js="file-check" data-sha256="…"> holds a hidden
 * line with the file field and a hidden line for the answer. Nothing is sent.
 */
const LARGEST = 64 * 1024 * 1024;

/** @param {HTMLElement} element */
export function connect(element) {
  const field = element.querySelector("input[type=file]");
  const line = field?.parentElement;
  const answer = element.querySelector("[role=status]");
  if (!(field instanceof HTMLInputElement) || !line || !(answer instanceof HTMLElement)) return;
  // Browsers compute fingerprints on encrypted pages only (and on this machine itself).
  if (!globalThis.crypto?.subtle) return;
  line.hidden = false;

  /** @param {string} words */
  function say(words) {
    if (!(answer instanceof HTMLElement)) return;
    answer.hidden = false;
    answer.textContent = words;
  }

  field.addEventListener("change", async () => {
    const file = field.files?.[0];
    if (!file) return;
    if (file.size > LARGEST) {
      say(`${file.name} is not this report: it is far too large.`);
      return;
    }
    say("Looking at the file …");
    try {
      const found = await fingerprint(file);
      say(
        found === element.dataset.sha256
          ? `${file.name} is this report, unchanged.`
          : `${file.name} is not this report, or was changed after it was issued. Its fingerprint is ${found}.`,
      );
    } catch {
      say(`${file.name} could not be read.`);
    }
  });
}

/** @param {File} file @returns {Promise<string>} */
async function fingerprint(file) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
