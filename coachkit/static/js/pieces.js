// @ts-check
/**
 * Sends one file in pieces, each with its SHA-256, and goes on where it stopped: after a lost answer, a break of the
 * network, or a server that started again. See the upload rules in docs/operations.md.
 */
const WAITS = [1000, 2000, 5000, 10000, 20000, 30000];

/** Something that trying again does not help. Its message is for the person. */
export class Refused extends Error {}

/** @param {Uint8Array} bytes */
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** A key for one upload. The same upload keeps it, so that beginning twice makes one file. */
export function newKey() {
  return hex(crypto.getRandomValues(new Uint8Array(12)));
}

/** @param {BufferSource} data */
async function sha256(data) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

/**
 * @typedef {{beginUrl: string, token: string, key: string, name: string, recorded: boolean, piece: number}} Errand
 * @param {Blob} blob @param {Errand} errand
 * @param {(percent: number, words: string) => void} tell
 * @returns {Promise<{state: string}>} what the server holds in the end
 */
export async function send(blob, errand, tell) {
  const sums = new TextEncoder();
  let digests = "";
  const begun = await steady(() => begin(blob, errand), tell);
  const url = `${errand.beginUrl}/${begun.id}`;
  let arrived = begun.arrived;
  if (begun.state === "open") {
    for (let at = 0; at < blob.size; at += errand.piece) {
      const data = await blob.slice(at, at + errand.piece).arrayBuffer();
      const sum = await sha256(data);
      digests += hex(sum);
      if (at < arrived) continue;
      const now = await steady(() => piece(`${url}/${at}`, data, sum, errand.token), tell);
      arrived = now.arrived;
      tell((100 * arrived) / blob.size, `${Math.floor((100 * arrived) / blob.size)} % is on the server.`);
    }
    const digest = hex(await sha256(sums.encode(digests)));
    return steady(() => ask(`${url}/finish`, new URLSearchParams({ csrf_token: errand.token, digest })), tell);
  }
  return begun;
}

/** @param {Blob} blob @param {Errand} errand */
function begin(blob, errand) {
  return ask(errand.beginUrl, new URLSearchParams({
    csrf_token: errand.token, idempotency_key: errand.key, name: errand.name, size: String(blob.size), recorded: errand.recorded ? "1" : "",
  }));
}

/** @param {string} url @param {ArrayBuffer} data @param {Uint8Array} sum @param {string} token */
function piece(url, data, sum, token) {
  const digest = `sha-256=:${btoa(String.fromCharCode(...sum))}:`;
  return ask(url, data, { "Content-Type": "application/octet-stream", "X-CSRFToken": token, "Content-Digest": digest });
}

/** @param {string} url @param {BodyInit} body @param {Record<string, string>} [headers] */
async function ask(url, body, headers = {}) {
  const answer = await fetch(url, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json", ...headers } });
  if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
  const said = await answer.json().catch(() => ({}));
  if (answer.ok && said.state) return said;
  throw new Refused(said.problem || REASONS[answer.status] || "The server did not take it. Reload the page and try again.");
}

/** @type {Record<number, string>} */
const REASONS = {
  400: "This page was open for too long. Reload it and send the file again.",
  401: "You are signed out. Sign in again in another tab, then send it again from here.",
  404: "This attempt cannot be changed any more, or it is not yours.",
  409: "This attempt was changed meanwhile. Reload the page to see how it stands.",
  413: "This file is larger than what is taken.",
};

/**
 * Tries until it works; waits for the network. What is refused is not tried again.
 * @template T @param {() => Promise<T>} act @param {(percent: number, words: string) => void} tell
 */
async function steady(act, tell) {
  for (let failures = 0; ; failures += 1) {
    try {
      return await act();
    } catch (error) {
      if (error instanceof Refused) throw error;
      tell(-1, navigator.onLine ? "The server does not answer. Trying again; keep this page open." : "No network. It goes on by itself once there is one; keep this page open.");
      await pause(WAITS[Math.min(failures, WAITS.length - 1)]);
    }
  }
}

/** @param {number} wait @returns {Promise<void>} */
function pause(wait) {
  return new Promise((go) => {
    const timer = window.setTimeout(go, wait);
    window.addEventListener("online", () => { clearTimeout(timer); go(); }, { once: true });
  });
}
