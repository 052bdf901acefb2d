// Randomness from the host's entropy, or from a seed: ChaCha20 for `crypto`, sfc32 for a seeded `Math.random`.

/** Key, counter and spare words of the generator. @type {Uint32Array} */
const chachaKey = new IntrinsicUint32Array(8);
const chachaBlock = new IntrinsicUint32Array(16);
let chachaCounter = 0;
let chachaUsed = 16;
/** Entropy of the host that is not in the key yet: most programs draw nothing. */
let entropyHex = "";

/** @param {string} hex 64 digits */
function keyFromHex(hex) {
  for (let i = 0; i < 8; i++) {
    chachaKey[i] = parseInteger(stringSlice(hex, i * 8, i * 8 + 8), 16);
  }
}

/** Eight words from one number. @param {number} seed */
function keyFromSeed(seed) {
  let state = (seed ^ (seed / 4_294_967_296)) >>> 0;
  for (let i = 0; i < 8; i++) {
    state = (state + 0x9e3779b9) >>> 0;
    let word = state ^ (state >>> 16);
    word = imul(word, 0x21f0aaad);
    word ^= word >>> 15;
    word = imul(word, 0x735a2d97);
    chachaKey[i] = word ^ (word >>> 15);
  }
}

const imul = Math.imul;

/** @param {Uint32Array} s @param {number} a @param {number} b @param {number} c @param {number} d */
function quarterRound(s, a, b, c, d) {
  /** @type {any} */
  const x = s;
  let t;
  x[a] += x[b];
  t = x[d] ^ x[a];
  x[d] = (t << 16) | (t >>> 16);
  x[c] += x[d];
  t = x[b] ^ x[c];
  x[b] = (t << 12) | (t >>> 20);
  x[a] += x[b];
  t = x[d] ^ x[a];
  x[d] = (t << 8) | (t >>> 24);
  x[c] += x[d];
  t = x[b] ^ x[c];
  x[b] = (t << 7) | (t >>> 25);
}

const CHACHA_CONSTANTS = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574];
/** @param {Uint32Array} out */
function chachaInput(out) {
  for (let i = 0; i < 4; i++) {
    out[i] = /** @type {number} */ (CHACHA_CONSTANTS[i]);
    out[12 + i] = i === 0 ? chachaCounter : 0;
  }
  for (let i = 0; i < 8; i++) {
    out[4 + i] = /** @type {number} */ (chachaKey[i]);
  }
}

const chachaStart = new IntrinsicUint32Array(16);
function nextBlock() {
  chachaInput(chachaBlock);
  chachaInput(chachaStart);
  chachaCounter++;
  for (let round = 0; round < 10; round++) {
    quarterRound(chachaBlock, 0, 4, 8, 12);
    quarterRound(chachaBlock, 1, 5, 9, 13);
    quarterRound(chachaBlock, 2, 6, 10, 14);
    quarterRound(chachaBlock, 3, 7, 11, 15);
    quarterRound(chachaBlock, 0, 5, 10, 15);
    quarterRound(chachaBlock, 1, 6, 11, 12);
    quarterRound(chachaBlock, 2, 7, 8, 13);
    quarterRound(chachaBlock, 3, 4, 9, 14);
  }
  for (let i = 0; i < 16; i++) {
    /** @type {any} */ (chachaBlock)[i] += chachaStart[i];
  }
  chachaUsed = 0;
}

function nextWord() {
  if (entropyHex !== "") {
    keyFromHex(entropyHex);
    entropyHex = "";
  }
  if (chachaUsed === 16) {
    nextBlock();
  }
  return /** @type {number} */ (chachaBlock[chachaUsed++]);
}

/** @template T @param {T} array @returns {T} */
function getRandomValues(array) {
  const tag = accepts(typedArrayLength, array) ? typedArrayTag(array) : undefined;
  if (tag === undefined || stringIncludes(tag, "Float")) {
    throw new IntrinsicTypeError("crypto.getRandomValues needs an integer typed array");
  }
  const length = typedArrayByteLength(array);
  if (length > 65_536) {
    throw new IntrinsicRangeError("crypto.getRandomValues gives at most 65536 bytes at once");
  }
  const bytes = new IntrinsicUint8Array(typedArrayBuffer(array), typedArrayByteOffset(array), length);
  let word = 0;
  for (let i = 0; i < length; i++) {
    word = i % 4 === 0 ? nextWord() : word >>> 8;
    bytes[i] = word & 255;
  }
  return array;
}

function randomUUID() {
  const bytes = getRandomValues(new IntrinsicUint8Array(16));
  bytes[6] = (/** @type {number} */ (bytes[6]) & 15) | 64;
  bytes[8] = (/** @type {number} */ (bytes[8]) & 63) | 128;
  let text = "";
  for (let i = 0; i < 16; i++) {
    const byte = /** @type {number} */ (bytes[i]);
    text +=
      (i === 4 || i === 6 || i === 8 || i === 10 ? "-" : "") +
      (byte < 16 ? "0" : "") +
      numberToString(byte, 16);
  }
  return text;
}
expose("crypto", freeze({ getRandomValues, randomUUID }));

/** Makes Math.random repeatable. */
function seedMathRandom() {
  let a = nextWord();
  let b = nextWord();
  let c = nextWord();
  let counter = 1;
  const word = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  const random = () => ((word() >>> 5) * 67_108_864 + (word() >>> 6)) / 9_007_199_254_740_992;
  defineProperty(Math, "random", { value: random, writable: true, configurable: true, enumerable: false });
}
