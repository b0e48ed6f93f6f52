// @ts-check
/**
 * Records sound, or sound and picture, in the page: start, pause, stop, listen, send. Nothing leaves the browser before
 * "Send it"; what a page that died had recorded is offered again. What cannot work says so in words, with the other ways
 * that there are.
 */
import { keyOf } from "./drafts.js";
import { forget, held, hold as holdPiece } from "./held.js";
import { Refused, newKey, send } from "./pieces.js";

const KINDS = {
  audio: ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"],
  video: ["video/webm;codecs=vp8,opus", "video/webm", "video/mp4"],
};
const BITS = { audioBitsPerSecond: 64000, videoBitsPerSecond: 800000 };
/** @type {Record<string, string>} */
const TROUBLE = {
  NotAllowedError: "The browser was not allowed to use the microphone or the camera. Allow it beside the address, or add a file, or write it down.",
  NotFoundError: "No microphone was found, or no camera. Text is enough; a file is, too.",
  NotReadableError: "Another program uses the microphone or the camera. Close it and start again.",
};

/** @param {HTMLElement} part */
export function connect(part) {
  part.hidden = false;
  const get = (/** @type {string} */ name) => /** @type {HTMLElement} */ (part.querySelector(`[data-${name}]`));
  const [start, hold, stop, again, post] = ["start", "pause", "stop", "again", "send"].map((name) => /** @type {HTMLButtonElement} */ (get(name)));
  const live = /** @type {HTMLVideoElement} */ (get("live"));
  /** @type {MediaRecorder | null} */
  let recorder = null;
  /** @type {Blob[]} */
  let chunks = [];
  /** @type {Blob | null} */
  let blob = null;
  let key = newKey();
  let seconds = 0;
  let ticking = 0;
  let large = false;
  let safe = true;
  const place = keyOf(part);

  const say = (/** @type {string} */ text) => { get("words").textContent = text; };
  const wanted = () => /** @type {"audio" | "video"} */ (/** @type {HTMLInputElement} */ (part.querySelector("input[name=media]:checked")).value);
  const warn = (/** @type {BeforeUnloadEvent} */ event) => event.preventDefault();

  if (!navigator.mediaDevices || typeof MediaRecorder === "undefined" || !crypto.subtle) {
    start.disabled = true;
    say("This browser cannot record here. Add a file that you recorded elsewhere, or write it down.");
    return;
  }

  async function begin() {
    const kind = wanted();
    let stream;
    start.disabled = true;
    say("Asking the browser for the microphone.");
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: kind === "video" && { width: { ideal: 640 }, height: { ideal: 360 } } });
    } catch (error) {
      say(TROUBLE[/** @type {Error} */ (error).name] ?? "Recording could not start. Add a file, or write it down.");
      return;
    } finally {
      start.disabled = false;
    }
    const mimeType = KINDS[kind].find((each) => MediaRecorder.isTypeSupported(each));
    recorder = new MediaRecorder(stream, { ...(mimeType ? { mimeType } : {}), ...BITS });
    await forget(place);
    chunks = [];
    seconds = 0;
    large = false;
    safe = true;
    recorder.addEventListener("dataavailable", (event) => take(event.data, kind));
    recorder.addEventListener("stop", () => ended(stream, kind));
    recorder.addEventListener("error", () => say("Recording broke off. What was recorded until then is kept below."));
    stream.getTracks().forEach((track) => track.addEventListener("ended", finish));
    if (kind === "video") {
      live.srcObject = stream;
      live.hidden = false;
      live.play().catch(() => undefined);
    }
    recorder.start(1000);
    window.addEventListener("beforeunload", warn);
    ticking = window.setInterval(tick, 1000);
    show("recording");
    say("Recording.");
  }

  /** @param {Blob} data @param {"audio" | "video"} kind */
  function take(data, kind) {
    if (data.size) {
      chunks.push(data);
      keepHere(data, { key: place, number: chunks.length - 1, kind, type: recorder?.mimeType ?? "", seconds });
    }
    if (chunks.reduce((sum, each) => sum + each.size, 0) > Number(part.dataset.largest) - 2_000_000) {
      large = true;
      finish();
    }
  }

  /** @param {Blob} data @param {{key: string, number: number, kind: "audio" | "video", type: string, seconds: number}} about */
  async function keepHere(data, about) {
    const bytes = await data.arrayBuffer();
    if (!safe || (await holdPiece({ ...about, bytes }))) return;
    safe = false;
    say("Recording. This browser cannot keep it: if the page closes before you send it, it is gone.");
  }

  function tick() {
    if (recorder?.state === "recording") seconds += 1;
    get("clock").textContent = clock(seconds);
  }

  function finish() {
    if (recorder && recorder.state !== "inactive") recorder.stop();
  }

  /** @param {MediaStream} stream @param {"audio" | "video"} kind */
  function ended(stream, kind) {
    clearInterval(ticking);
    stream.getTracks().forEach((track) => track.stop());
    live.hidden = true;
    live.srcObject = null;
    review(new Blob(chunks, { type: (recorder?.mimeType ?? "").split(";")[0] }), kind);
    const where = `It is only in this ${safe ? "browser" : "page"} so far.`;
    say(!blob?.size ? "Nothing was recorded. Try again." : large ? `Stopped: more than this is not taken. ${where}` : `Stopped. ${where}`);
  }

  /** @param {Blob} made @param {"audio" | "video"} kind */
  function review(made, kind) {
    blob = made;
    const player = /** @type {HTMLMediaElement} */ (get(kind === "video" ? "play-video" : "play-audio"));
    get(kind === "video" ? "play-audio" : "play-video").hidden = true;
    if (player.src) URL.revokeObjectURL(player.src);
    player.src = URL.createObjectURL(blob);
    player.hidden = false;
    show(blob.size ? "review" : "ready");
    player.focus({ preventScroll: true });
  }

  /** What an earlier page of this attempt recorded and could not send. */
  async function offer() {
    const found = await held(place);
    if (!found || recorder) return;
    const until = clock(found.seconds);
    show("offer");
    get("clock").textContent = until;
    say("A recording of this attempt was never sent.");
    get("held-keep").textContent = `Keep what was recorded until ${until}`;
    get("held-keep").addEventListener("click", () => {
      window.addEventListener("beforeunload", warn);
      review(found.blob, found.kind);
      say(`Recorded until ${until}. It is only in this browser so far.`);
    }, { once: true });
    get("held-drop").addEventListener("click", async () => {
      await forget(place);
      get("clock").textContent = clock(0);
      show("ready");
      say("Ready. What was recorded before is gone.");
    }, { once: true });
  }

  /** @param {"ready" | "offer" | "recording" | "review"} state */
  function show(state) {
    part.dataset.state = state;
    get("offer").hidden = state !== "offer";
    start.hidden = state !== "ready";
    hold.hidden = stop.hidden = state !== "recording";
    get("choose").hidden = state !== "ready";
    get("review").hidden = state !== "review";
    hold.textContent = "Pause";
  }

  function toggle() {
    if (recorder?.state === "recording") {
      recorder.pause();
      hold.textContent = "Go on";
      part.dataset.state = "paused";
      say("Paused.");
    } else if (recorder?.state === "paused") {
      recorder.resume();
      hold.textContent = "Pause";
      part.dataset.state = "recording";
      say("Recording.");
    }
  }

  async function deliver() {
    if (!blob) return;
    post.disabled = again.disabled = true;
    get("sending").hidden = false;
    const bar = /** @type {HTMLProgressElement} */ (part.querySelector("progress"));
    const tell = (/** @type {number} */ percent, /** @type {string} */ text) => {
      if (percent >= 0) bar.value = percent;
      get("sent-words").textContent = text;
    };
    const day = new Date().toISOString().slice(0, 16).replace("T", " ");
    const token = /** @type {HTMLInputElement} */ (part.querySelector("input[name=csrf_token]")).value;
    try {
      await send(blob, { beginUrl: part.dataset.beginUrl ?? "", token, key, name: `Recording ${day}`, recorded: true, piece: Number(part.dataset.piece) }, tell);
      window.removeEventListener("beforeunload", warn);
      await forget(place);
      location.assign(part.dataset.doneUrl ?? "/practice");
    } catch (error) {
      key = newKey();
      tell(0, `${error instanceof Refused ? error.message : "It could not be sent."} The recording is still here.`);
      post.disabled = again.disabled = false;
    }
  }

  start.addEventListener("click", begin);
  hold.addEventListener("click", toggle);
  stop.addEventListener("click", finish);
  post.addEventListener("click", deliver);
  again.addEventListener("click", async () => {
    await forget(place);
    blob = null;
    key = newKey();
    get("clock").textContent = clock(0);
    window.removeEventListener("beforeunload", warn);
    show("ready");
    say("Ready. What you recorded before is gone.");
  });
  start.disabled = true;
  offer().finally(() => { start.disabled = false; });
}

/** @param {number} seconds */
function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
