// What a bare context of V8 lacks and the engine of the embedded sandbox has: DOMException, atob, btoa.

(function () {
  "use strict";
  const { defineProperty } = Reflect;
  /** @type {(method: Function) => (self: any, ...args: any[]) => any} */
  const uncurry = (method) => Function.prototype.call.bind(method);
  const charCodeAt = uncurry(String.prototype.charCodeAt);
  const indexOf = uncurry(String.prototype.indexOf);
  const fromCharCode = String.fromCharCode;
  const toText = String;
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const { hasOwn } = Object;
  /** @type {Record<string, number>} */
  const CODES = { InvalidCharacterError: 5, DataCloneError: 25 };

  class DOMException extends Error {
    constructor(message = "", name = "Error") {
      super(toText(message));
      const text = toText(name);
      defineProperty(this, "name", { value: text, configurable: true });
      defineProperty(this, "code", { value: hasOwn(CODES, text) ? CODES[text] : 0, configurable: true });
    }
  }

  /** @param {unknown} data */
  function btoa(data) {
    const text = toText(data);
    let out = "";
    for (let i = 0; i < text.length; i += 3) {
      const a = charCodeAt(text, i);
      const b = i + 1 < text.length ? charCodeAt(text, i + 1) : 0;
      const c = i + 2 < text.length ? charCodeAt(text, i + 2) : 0;
      if ((a | b | c) > 255) {
        throw new DOMException("String contains an invalid character", "InvalidCharacterError");
      }
      const bits = (a << 16) | (b << 8) | c;
      out += "" + LETTERS[bits >> 18] + LETTERS[(bits >> 12) & 63];
      out += i + 1 < text.length ? LETTERS[(bits >> 6) & 63] : "=";
      out += i + 2 < text.length ? LETTERS[bits & 63] : "=";
    }
    return out;
  }

  /** The text without white space, and without the padding of a text of full length. @param {string} data */
  function stripped(data) {
    let text = "";
    for (let i = 0; i < data.length; i++) {
      if (indexOf(" \t\n\f\r", data[i]) < 0) {
        text += data[i];
      }
    }
    let length = text.length;
    if (length % 4 === 0) {
      length -= text[length - 1] !== "=" ? 0 : text[length - 2] !== "=" ? 1 : 2;
    }
    return { text, length };
  }

  /** @param {unknown} data */
  function atob(data) {
    const { text, length } = stripped(toText(data));
    let out = "";
    let bits = 0;
    for (let i = 0; i < length; i++) {
      const value = indexOf(LETTERS, text[i]);
      if (value < 0 || length % 4 === 1) {
        throw new DOMException("The string to be decoded is not correctly encoded", "InvalidCharacterError");
      }
      bits = ((bits << 6) | value) & 0xffffff;
      if (i % 4 > 0) {
        out += fromCharCode((bits >> (6 - 2 * (i % 4))) & 255);
      }
    }
    return out;
  }

  /** @param {string} name @param {unknown} value */
  const define = (name, value) =>
    defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  define("DOMException", DOMException);
  define("atob", atob);
  define("btoa", btoa);
})();
