// @ts-check
/**
 * Saves a form's text as a draft on the server two seconds after typing stops, and says where the text is safe.
 *
 * <form data-js="autosave" data-autosave-url="…" [data-autosave-key="…"] [data-autosave-status="id of the status line"]>
 * The server answers 2xx; a JSON body may carry {"version": n}, which goes into the form's field `version`.
 */
import { drop, keep, kept, keyOf, sending } from "./drafts.js";

const PAUSE = 2000;
const RETRY = [5000, 10000, 20000, 40000, 60000];
const NOT_TEXT = new Set(["csrf_token", "idempotency_key", "unanswered", "version"]);
const UNADDED = "comment-"; // a comment is kept when it is added, and is no part of the draft

/** @param {HTMLFormElement} form */
export function connect(form) {
  const url = form.dataset.autosaveUrl;
  if (!url) return;
  const key = keyOf(form);
  const say = speaker(form);
  let timer = 0;
  let failures = 0;
  let running = false;
  let dirty = false;
  let closed = false;
  /** @type {{body: URLSearchParams, key: string} | null} a save whose answer has not arrived; it goes out again as it was */
  let pending = null;

  offerRestore(form, key, () => changed());

  function changed() {
    dirty = true;
    if (closed) return;
    keep(key, fieldsOf(form));
    if (failures === 0) unsaved();
    schedule(PAUSE);
  }

  /** "Saved" is said of what stands in the form, never of what stood there before the last key. */
  function unsaved() {
    say("typing", "Not saved yet; a moment after you pause");
  }

  /** @param {number} wait */
  function schedule(wait) {
    clearTimeout(timer);
    timer = window.setTimeout(save, wait);
  }

  async function save(leaving = false) {
    if (!dirty || closed || running) return;
    running = true;
    dirty = false;
    pending ??= marked(textOf(form));
    try {
      const response = await fetch(/** @type {string} */ (url), {
        method: "POST", body: pending.body, credentials: "same-origin", keepalive: leaving,
        headers: { Accept: "application/json", "X-Requested-With": "fetch" },
      });
      await answered(response);
    } catch {
      again();
    } finally {
      running = false;
      if (dirty && !closed && failures === 0) schedule(PAUSE);
    }
  }

  /** @param {{body: URLSearchParams, key: string} | null} sent whether more was typed since then */
  function newerThan(sent) {
    return sent !== null && JSON.stringify(onlyText([...sent.body])) !== JSON.stringify(fieldsOf(form));
  }

  /** @param {Response} response */
  async function answered(response) {
    if (response.ok && !response.redirected) {
      failures = 0;
      await takeVersion(form, response);
      if (newerThan(pending)) dirty = true;
      pending = null;
      if (dirty) return unsaved();
      drop(key);
      say("saved", `Draft saved on the server at ${clock()}`);
    } else if (response.status >= 500 || response.status === 429) {
      again();
    } else {
      closed = true;
      keep(key, fieldsOf(form));
      say("stopped", reason(response));
    }
  }

  function again() {
    dirty = true;
    const safe = keep(key, fieldsOf(form));
    say("local", safe ? "Only in this browser, retrying" : "Not saved yet, retrying. Keep this page open");
    schedule(RETRY[Math.min(failures, RETRY.length - 1)]);
    failures += 1;
  }

  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    clearTimeout(timer);
    closed = true; // a draft must not arrive after the real thing
    if (pending) remark(form, "unanswered", pending.key);
    keep(key, fieldsOf(form));
    sending(key);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) closed = false;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save(true);
  });
  window.addEventListener("online", () => {
    if (dirty) schedule(0);
  });
}

/** @param {Response} response */
function reason(response) {
  if (response.status === 409 || response.status === 412) {
    return "Saved elsewhere in the meantime. Your text is kept in this browser; reload to compare";
  }
  if (response.redirected || response.status === 401 || response.status === 403 || response.status === 400) {
    return "You are signed out. Your text is kept in this browser; sign in again in another tab, then reload";
  }
  return "The server did not take the draft. Your text is kept in this browser";
}

/** @param {HTMLFormElement} form @param {Response} response */
async function takeVersion(form, response) {
  const field = form.elements.namedItem("version");
  if (!(field instanceof HTMLInputElement) || response.status === 204) return;
  const body = await response.json().catch(() => ({}));
  if (body.version !== undefined) field.value = String(body.version);
}

/** @param {HTMLFormElement} form everything that is text, and the token; files wait for the real submit */
function textOf(form) {
  const data = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") data.append(name, value);
  return data;
}

/** @param {HTMLFormElement} form @returns {[string, string][]} */
function fieldsOf(form) {
  return onlyText([...textOf(form)]);
}

/** @param {[string, string][]} fields */
function onlyText(fields) {
  return fields.filter(([name]) => !NOT_TEXT.has(name) && !name.startsWith(UNADDED));
}

/** @param {URLSearchParams} body one save has one key, however often it is sent; the form's own key is for the form */
function marked(body) {
  const key = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  body.set("idempotency_key", key);
  return { body, key };
}

/** @param {HTMLFormElement} form @param {string} name @param {string} value */
function remark(form, name, value) {
  const there = form.elements.namedItem(name);
  const field = there instanceof HTMLInputElement ? there : document.createElement("input");
  field.type = "hidden";
  field.name = name;
  field.value = value;
  form.append(field);
}

/** @param {HTMLFormElement} form */
function speaker(form) {
  const line = document.getElementById(form.dataset.autosaveStatus ?? "") ?? form.querySelector("[data-autosave-status]");
  const words = line?.querySelector("[data-words]") ?? line;
  return (/** @type {string} */ state, /** @type {string} */ text) => {
    if (!line || !words) return;
    line.setAttribute("data-state", state);
    words.textContent = text;
  };
}

function clock() {
  return new Date().toLocaleTimeString(document.documentElement.lang || undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** @param {HTMLFormElement} form @param {string} key @param {() => void} restored */
function offerRestore(form, key, restored) {
  const draft = kept(key);
  if (!draft) return;
  if (JSON.stringify(draft.fields) === JSON.stringify(fieldsOf(form))) {
    drop(key);
    return;
  }
  const at = new Date(draft.at).toLocaleString(document.documentElement.lang || undefined, { dateStyle: "medium", timeStyle: "short" });
  const box = document.createElement("div");
  box.className = "notice warn";
  box.setAttribute("role", "status");
  const text = document.createElement("p");
  text.textContent = `This browser holds text from ${at} that did not reach the server.`;
  const act = document.createElement("div");
  act.className = "act";
  act.append(
    button("Bring it back", () => { fill(form, draft.fields); box.remove(); restored(); }),
    button("Discard it", () => { drop(key); box.remove(); }),
  );
  const body = document.createElement("div");
  body.append(text, act);
  box.append(body);
  form.before(box);
}

/** @param {string} label @param {() => void} press */
function button(label, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn";
  made.textContent = label;
  made.addEventListener("click", press);
  return made;
}

/** @param {HTMLFormElement} form @param {[string, string][]} fields */
function fill(form, fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const element of form.elements) {
    if (element instanceof HTMLInputElement && (element.type === "radio" || element.type === "checkbox")) {
      element.checked = (values.get(element.name) ?? []).includes(element.value);
    } else if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement) {
      if (element.name && element.type !== "file" && values.has(element.name)) element.value = values.get(element.name).shift() ?? "";
    }
  }
}
