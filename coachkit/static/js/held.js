// @ts-check
/**
 * A recording that has not been sent, second by second in this browser's database: if the page or the browser dies, what
 * was recorded until then is offered again. It goes as soon as it was sent or thrown away, and when one signs out.
 */
import { drop as unmark, keep as mark } from "./drafts.js";

const NAME = "coachkit-recording";
const PIECES = "pieces";

/** @typedef {{key: string, number: number, bytes: ArrayBuffer, kind: "audio" | "video", type: string, seconds: number}} Piece */
/** @typedef {{blob: Blob, kind: "audio" | "video", seconds: number}} Held */

/** @returns {Promise<IDBDatabase>} */
function database() {
  return new Promise((go, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(PIECES, { keyPath: ["key", "number"] });
    asked.onsuccess = () => go(asked.result);
    asked.onerror = () => fail(asked.error);
  });
}

/**
 * @template T
 * @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>} act
 * @returns {Promise<T>} once it is stored
 */
async function inStore(mode, act) {
  const open = await database();
  try {
    return await new Promise((go, fail) => {
      const transaction = open.transaction(PIECES, mode);
      const asked = act(transaction.objectStore(PIECES));
      transaction.oncomplete = () => go(asked.result);
      transaction.onabort = () => fail(transaction.error);
    });
  } finally {
    open.close();
  }
}

/** @param {string} key */
const all = (key) => IDBKeyRange.bound([key, 0], [key, Infinity]);

/** @param {Piece} piece @returns {Promise<boolean>} whether this browser has it */
export async function hold(piece) {
  try {
    await inStore("readwrite", (store) => store.put(piece));
    if (piece.number === 0) mark(piece.key, []); // so that signing out asks
    return true;
  } catch {
    return false;
  }
}

/** @param {string} key @returns {Promise<Held | null>} what was recorded here and neither sent nor thrown away */
export async function held(key) {
  try {
    const pieces = /** @type {Piece[]} */ (await inStore("readonly", (store) => store.getAll(all(key))));
    const last = pieces.at(-1);
    if (!last) return null;
    const type = last.type.split(";")[0];
    return { blob: new Blob(pieces.map((piece) => piece.bytes), { type }), kind: last.kind, seconds: last.seconds };
  } catch {
    return null;
  }
}

/** @param {string} key unmarked only once it is gone: if the page goes first, signing out still throws it away */
export async function forget(key) {
  await inStore("readwrite", (store) => store.delete(all(key))).catch(() => undefined);
  unmark(key);
}

/** Everything, whosever it is: nothing stays for the next person at this computer. */
export function forgetAll() {
  return new Promise((go) => {
    const asked = indexedDB.deleteDatabase(NAME);
    asked.onsuccess = asked.onerror = asked.onblocked = go;
  });
}
