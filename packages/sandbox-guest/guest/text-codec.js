// TextEncoder and TextDecoder: UTF-8, UTF-16LE and Latin-1.

const CHUNK = 4_096;

/** @param {string} text */
function encodeUtf8(text) {
  const bytes = new IntrinsicUint8Array(utf8Bound(text));
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    let code = stringCharCodeAt(text, i);
    if (code >= 0xd800 && code < 0xe000) {
      const low = code < 0xdc00 && i + 1 < text.length ? stringCharCodeAt(text, i + 1) : 0;
      if (low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        i++;
      } else {
        code = 0xfffd;
      }
    }
    if (code < 0x80) {
      bytes[at++] = code;
    } else if (code < 0x800) {
      bytes[at++] = 0xc0 | (code >> 6);
      bytes[at++] = 0x80 | (code & 63);
    } else if (code < 0x10000) {
      bytes[at++] = 0xe0 | (code >> 12);
      bytes[at++] = 0x80 | ((code >> 6) & 63);
      bytes[at++] = 0x80 | (code & 63);
    } else {
      bytes[at++] = 0xf0 | (code >> 18);
      bytes[at++] = 0x80 | ((code >> 12) & 63);
      bytes[at++] = 0x80 | ((code >> 6) & 63);
      bytes[at++] = 0x80 | (code & 63);
    }
  }
  return typedArraySlice(bytes, 0, at);
}

/** @param {string} text */
const utf8Bound = (text) => (regExpExec(ASCII, text) === null ? text.length * 3 : text.length);

class TextEncoder {
  get encoding() {
    return "utf-8";
  }
  encode(text = "") {
    return encodeUtf8(toText(text));
  }
  /** @param {string} text @param {Uint8Array} target */
  encodeInto(text, target) {
    let read = 0;
    let written = 0;
    const source = toText(text);
    while (read < source.length) {
      const code = stringCharCodeAt(source, read);
      const pair = code >= 0xd800 && code < 0xdc00 && read + 1 < source.length ? 2 : 1;
      const bytes = encodeUtf8(stringSlice(source, read, read + pair));
      // A lone high surrogate encodes alone; its neighbour belongs to the next round.
      const taken = pair === 2 && bytes.length !== 4 ? 1 : pair;
      const part = taken === pair ? bytes : encodeUtf8(stringSlice(source, read, read + 1));
      if (written + part.length > typedArrayLength(target)) {
        break;
      }
      typedArraySet(target, part, written);
      read += taken;
      written += part.length;
    }
    return { read, written };
  }
}
expose("TextEncoder", TextEncoder);

/** @type {any} */
const ENCODINGS = freeze({
  __proto__: null,
  "utf-8": "utf-8",
  utf8: "utf-8",
  "unicode-1-1-utf-8": "utf-8",
  "utf-16le": "utf-16le",
  "utf-16": "utf-16le",
  utf16: "utf-16le",
  "ucs-2": "utf-16le",
  latin1: "windows-1252",
  "iso-8859-1": "windows-1252",
  ascii: "windows-1252",
  "us-ascii": "windows-1252",
  "windows-1252": "windows-1252",
});

/** The bytes of a buffer or view. @param {any} input @returns {Uint8Array} */
function bytesOf(input) {
  if (input === undefined) {
    return new IntrinsicUint8Array(0);
  }
  if (accepts(typedArrayLength, input)) {
    return new IntrinsicUint8Array(
      typedArrayBuffer(input),
      typedArrayByteOffset(input),
      typedArrayByteLength(input),
    );
  }
  if (accepts(arrayBufferByteLength, input)) {
    return viewBytes(input, "ArrayBuffer");
  }
  if (accepts(dataViewByteLength, input)) {
    return viewBytes(input, "DataView");
  }
  throw new IntrinsicTypeError("TextDecoder.decode needs an ArrayBuffer or a view of one");
}

class TextDecoder {
  /** @type {Uint8Array} */
  #rest = new IntrinsicUint8Array(0);
  #started = false;
  /** @param {{ fatal?: boolean, ignoreBOM?: boolean }} [options] */
  constructor(label = "utf-8", options = {}) {
    const encoding = ENCODINGS[stringToLowerCase(stringTrim(toText(label)))];
    if (encoding === undefined) {
      throw new IntrinsicRangeError("The encoding " + clip(toText(label), 40) + " is not supported");
    }
    this.encoding = encoding;
    this.fatal = options.fatal === true;
    this.ignoreBOM = options.ignoreBOM === true;
  }
  /** @param {unknown} [input] @param {{ stream?: boolean }} [options] */
  decode(input, options = {}) {
    let bytes = bytesOf(input);
    if (this.#rest.length > 0) {
      const joined = new IntrinsicUint8Array(this.#rest.length + bytes.length);
      typedArraySet(joined, this.#rest, 0);
      typedArraySet(joined, bytes, this.#rest.length);
      bytes = joined;
    }
    const stream = options.stream === true;
    const decode =
      this.encoding === "utf-8" ? decodeUtf8 : this.encoding === "utf-16le" ? decodeUtf16 : decodeLatin1;
    const { text, used } = decode(bytes, stream, this.fatal);
    this.#rest = stream ? typedArraySlice(bytes, used) : new IntrinsicUint8Array(0);
    const bom = !this.#started && !this.ignoreBOM && text.length > 0 && stringCharCodeAt(text, 0) === 0xfeff;
    this.#started = stream && (this.#started || text.length > 0);
    return bom ? stringSlice(text, 1) : text;
  }
}
expose("TextDecoder", TextDecoder);

/** @param {number[]} codes */
const codesToText = (codes) => apply(fromCharCode, undefined, codes);

/** @param {Uint8Array} bytes @param {boolean} stream @param {boolean} fatal @returns {{ text: string, used: number }} */
function decodeUtf8(bytes, stream, fatal) {
  let text = "";
  /** @type {number[]} */
  let codes = setPrototypeOf([], null);
  let i = 0;
  while (i < bytes.length) {
    const start = i;
    const { code, next } = utf8Point(bytes, i);
    if (code === -2 && stream) {
      i = start;
      break;
    }
    if (code < 0 && fatal) {
      throw new IntrinsicTypeError("The data is not valid UTF-8");
    }
    i = next;
    if (code > 0xffff) {
      codes[codes.length] = 0xd7c0 + (code >> 10);
      codes[codes.length] = 0xdc00 + (code & 0x3ff);
    } else {
      codes[codes.length] = code < 0 ? 0xfffd : code;
    }
    if (codes.length >= CHUNK) {
      text += codesToText(codes);
      codes = setPrototypeOf([], null);
    }
  }
  return { text: text + codesToText(codes), used: i };
}

/** The code point at an offset and the next offset; -1 for a fault, -2 when the data ends inside it. @param {Uint8Array} bytes @param {number} at */
function utf8Point(bytes, at) {
  const lead = /** @type {number} */ (bytes[at]);
  if (lead < 0x80) {
    return { code: lead, next: at + 1 };
  }
  const more =
    lead >= 0xc2 && lead < 0xe0 ? 1 : lead >= 0xe0 && lead < 0xf0 ? 2 : lead >= 0xf0 && lead < 0xf5 ? 3 : 0;
  if (more === 0) {
    return { code: -1, next: at + 1 };
  }
  let code = lead & (0x3f >> more);
  for (let k = 1; k <= more; k++) {
    if (at + k >= bytes.length) {
      return { code: -2, next: at + k };
    }
    const byte = /** @type {number} */ (bytes[at + k]);
    const low = k === 1 ? (lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80) : 0x80;
    const high = k === 1 ? (lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf) : 0xbf;
    if (byte < low || byte > high) {
      return { code: -1, next: at + k };
    }
    code = (code << 6) | (byte & 63);
  }
  return { code, next: at + more + 1 };
}

/** @param {Uint8Array} bytes @param {boolean} stream @param {boolean} fatal @returns {{ text: string, used: number }} */
function decodeUtf16(bytes, stream, fatal) {
  const even = bytes.length - (bytes.length % 2);
  let text = "";
  for (let i = 0; i < even; i += 2) {
    text += fromCharCode(/** @type {number} */ (bytes[i]) | (/** @type {number} */ (bytes[i + 1]) << 8));
  }
  if (even < bytes.length && !stream) {
    if (fatal) {
      throw new IntrinsicTypeError("The data is not valid UTF-16");
    }
    text += "\ufffd";
  }
  return { text, used: even };
}

const WINDOWS_1252 =
  "\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178";

/** @param {Uint8Array} bytes @returns {{ text: string, used: number }} */
function decodeLatin1(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i++) {
    const byte = /** @type {number} */ (bytes[i]);
    text += byte >= 0x80 && byte < 0xa0 ? WINDOWS_1252[byte - 0x80] : fromCharCode(byte);
  }
  return { text, used: bytes.length };
}
