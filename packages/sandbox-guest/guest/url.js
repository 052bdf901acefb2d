// URL and URLSearchParams. Most programs need neither, so their text is compiled at the first use.

/** The text of the URL library, put here by the reader of this harness. */
const URL_LIBRARY = "/*URL_LIBRARY*/";
/** @type {Record<string, any> | undefined} */
let urlExports;

function loadUrls() {
  if (urlExports === undefined) {
    urlExports = {};
    new IntrinsicFunction("exports", URL_LIBRARY)(urlExports);
    watch(urlExports.URLSearchParams.prototype);
  }
  return urlExports;
}

/** @param {string} name */
function exposeLazily(name) {
  defineProperty(globalThis, name, {
    configurable: true,
    enumerable: false,
    get() {
      const value = loadUrls()[name];
      expose(name, value);
      return value;
    },
    set(/** @type {unknown} */ value) {
      expose(name, value);
    },
  });
}
exposeLazily("URL");
exposeLazily("URLSearchParams");
