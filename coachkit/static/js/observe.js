// @ts-check
/**
 * The observer's page: one tap marks a moment, with the words typed so far. Each note has a key of its own, waits in this
 * page (and in the browser's storage, which signing out clears) while there is no network, and is sent until it is
 * answered. The form works without any of this.
 */
import { drop, keep, kept, keyOf } from "./drafts.js";
import { newKey } from "./pieces.js";

const WAITS = [1000, 3000, 5000, 10000, 20000];

/** @typedef {{key: string, seconds: number, criterion: string, text: string}} Note */

/** @param {HTMLElement} part */
export function connect(part) {
  const form = part.querySelector("form");
  const list = part.querySelector("[data-notes]");
  const clock = part.querySelector("[data-clock]");
  const area = part.querySelector("textarea");
  const token = form?.elements.namedItem("csrf_token");
  if (!form || !list || !(clock instanceof HTMLElement) || !area || !(token instanceof HTMLInputElement)) return;
  const store = keyOf(/** @type {any} */ (part));
  const began = performance.now() - Number(part.dataset.elapsed) * 1000;
  /** @type {Note[]} */
  let waiting = restored();
  let typedAt = -1;
  let sending = false;
  let failures = 0;
  let stopped = false;

  const now = () => Math.floor((performance.now() - began) / 1000);
  const shown = (/** @type {number} */ s) => `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;

  clock.hidden = false;
  const tick = () => { clock.textContent = shown(now()); };
  tick();
  window.setInterval(tick, 1000);
  waiting.forEach(draw);
  send();

  area.addEventListener("input", () => {
    if (typedAt < 0) typedAt = now();
    if (!area.value) typedAt = -1;
  });

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    event.preventDefault();
    const criterion = button instanceof HTMLButtonElement ? button.value : "";
    const note = { key: newKey(), seconds: typedAt < 0 ? now() : typedAt, criterion, text: area.value.trim() };
    area.value = "";
    typedAt = -1;
    waiting.push(note);
    save();
    draw(note);
    send();
  });

  /** @param {Note} note */
  function draw(note) {
    const line = document.createElement("li");
    const time = document.createElement("span");
    const words = document.createElement("span");
    const about = document.createElement("b");
    time.className = "num";
    time.textContent = shown(note.seconds);
    about.textContent = label(note.criterion);
    words.append(about, ` ${note.text || "moment marked"}`);
    line.dataset.key = note.key;
    line.append(time, " ", words);
    list?.append(line);
    part.querySelector("[data-empty]")?.setAttribute("hidden", "");
  }

  /** @param {string} criterion */
  function label(criterion) {
    const button = [...part.querySelectorAll("button[name=criterion]")].find((each) => each instanceof HTMLButtonElement && each.value === criterion);
    return criterion ? button?.textContent ?? criterion : "No criterion";
  }

  async function send() {
    if (sending || stopped) return;
    sending = true;
    while (waiting.length && !stopped) {
      if (!(await one(waiting[0]))) break;
      waiting.shift();
      save();
      failures = 0;
    }
    sending = false;
    if (!waiting.length) say("saved", part.querySelector("[data-key]") ? "Every note is on the server" : "Nothing noted yet");
    else if (!stopped) window.setTimeout(send, WAITS[Math.min(failures++, WAITS.length - 1)]);
  }

  /** @param {Note} note @returns {Promise<boolean>} */
  async function one(note) {
    const body = new URLSearchParams({
      csrf_token: token.value, idempotency_key: note.key, key: note.key, seconds: String(note.seconds), criterion: note.criterion, text: note.text,
    });
    try {
      const answer = await fetch(part.dataset.notesUrl ?? "", { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" } });
      if (answer.ok && !answer.redirected) return true;
      if (answer.status < 500 && answer.status !== 429) {
        stopped = true;
        say("stopped", answer.status === 401 || answer.status === 400 ? "You are signed out. Your notes wait in this browser; sign in again in another tab, then reload" : "The server takes no more notes here. What is not sent stays in this browser");
        return false;
      }
    } catch {
      // no network: below
    }
    say("local", `No answer: ${waiting.length} waiting in this page, sent by themselves`);
    return false;
  }

  function save() {
    if (!waiting.length) drop(store);
    else keep(store, waiting.map((note) => [JSON.stringify([note.key, note.seconds, note.criterion]), note.text]));
  }

  /** @returns {Note[]} */
  function restored() {
    const there = new Set([...part.querySelectorAll("[data-key]")].map((each) => /** @type {HTMLElement} */ (each).dataset.key));
    const fields = kept(store)?.fields ?? [];
    const notes = fields.map(([head, text]) => {
      const [key, seconds, criterion] = JSON.parse(head);
      return { key, seconds, criterion, text };
    });
    return notes.filter((note) => !there.has(note.key));
  }

  /** @param {string} state @param {string} text */
  function say(state, text) {
    const line = part.querySelector(".saved");
    const words = line?.querySelector("[data-words]");
    line?.setAttribute("data-state", state);
    if (words) words.textContent = text;
  }

  window.addEventListener("online", () => { failures = 0; send(); });
}
