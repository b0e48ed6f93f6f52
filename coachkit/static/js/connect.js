// @ts-check
/**
 * Gives elements their behaviour: `data-js="autosave submit-once"` loads ./autosave.js and ./submit-once.js and hands
 * the element to the `connect` of each. Pages work without any of it.
 */

/** @type {WeakMap<Element, Set<string>>} */
const connected = new WeakMap();

/** @param {ParentNode} root where to look; the root itself counts when it is an element */
export async function connectIn(root) {
  const found = [...root.querySelectorAll("[data-js]")];
  if (root instanceof Element && root.matches("[data-js]")) found.unshift(root);
  await Promise.all(found.map((element) => connectOne(/** @type {HTMLElement} */ (element))));
}

/** @param {HTMLElement} element */
async function connectOne(element) {
  const names = (element.dataset.js ?? "").split(/\s+/).filter((name) => /^[a-z][a-z-]*$/.test(name));
  const known = connected.get(element) ?? new Set();
  connected.set(element, known);
  for (const name of names) {
    if (known.has(name)) continue;
    known.add(name);
    const behaviour = await import(`./${name}.js`);
    behaviour.connect(element);
  }
}
