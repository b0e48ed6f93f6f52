// @ts-check
// The one module a page loads. Behaviours come by name, see connect.js.
import { connectIn } from "./connect.js";

connectIn(document);

// A form with autosaved text was handed in on the page before: forget the browser's copy if the server took it.
try {
  if (sessionStorage.getItem("coachkit:sent")) import("./drafts.js").then((drafts) => drafts.settle());
} catch {
  // No storage, nothing kept.
}
