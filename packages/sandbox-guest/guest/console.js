// The program's console: lines of text within a budget of bytes; what is over is counted, not kept.

const CONSOLE_LEVELS = freeze({ __proto__: null, log: 0, info: 1, warn: 2, error: 3, debug: 4 });
/** JSON texts of lines that no frame has carried yet. */
let consoleLines = "";
let consoleRoom = 0;
let consoleLost = 0;
let consoleIndent = "";
const consoleCounts = setPrototypeOf({}, null);
const consoleTimers = setPrototypeOf({}, null);
const ASCII = /^[\x00-\x7f]*$/;

/** @param {string} text */
function utf8Length(text) {
  if (regExpExec(ASCII, text) !== null) {
    return text.length;
  }
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const code = stringCharCodeAt(text, i);
    if (code >= 0xd800 && code < 0xdc00 && stringCharCodeAt(text, i + 1) >> 10 === 0x37) {
      bytes += 4;
      i++;
    } else {
      bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
    }
  }
  return bytes;
}

/** @param {number} level @param {string} text */
function writeLine(level, text) {
  const line =
    consoleIndent === "" ? text : consoleIndent + stringReplaceAll(text, "\n", "\n" + consoleIndent);
  // Empty lines are not free.
  const bytes = line === "" ? 1 : utf8Length(line);
  let kept = line;
  if (bytes > consoleRoom) {
    // A character takes at most three bytes, so this prefix surely fits.
    kept =
      bytes === line.length
        ? stringSlice(line, 0, consoleRoom)
        : stringSlice(line, 0, floor(consoleRoom / 3));
    const keptBytes = utf8Length(kept);
    consoleLost += bytes - keptBytes;
    consoleRoom = 0;
    if (kept === "") {
      return;
    }
  } else {
    consoleRoom -= bytes;
  }
  consoleLines += (consoleLines === "" ? "" : ",") + "[" + level + "," + stringify(kept) + "]";
}

/** @param {any[]} args */
function formatLine(args) {
  let text = "";
  let next = 0;
  if (typeof args[0] === "string" && args.length > 1 && stringIncludes(args[0], "%")) {
    next = 1;
    const format = args[0];
    for (let i = 0; i < format.length; i++) {
      const kind = format[i] === "%" ? format[i + 1] : undefined;
      if (kind === "%") {
        text += "%";
        i++;
      } else if (kind !== undefined && stringIncludes("sdifjoOc", kind) && next < args.length) {
        text += formatArgument(kind, args[next++]);
        i++;
      } else {
        text += format[i];
      }
    }
  } else if (args.length > 0) {
    next = 1;
    text = inspect(args[0], true);
  }
  for (; next < args.length; next++) {
    text += " " + inspect(args[next], true);
  }
  return text;
}

/** @param {string} kind @param {any} value */
function formatArgument(kind, value) {
  switch (kind) {
    case "s":
      return inspect(value, true);
    case "d":
    case "f":
      return typeof value === "bigint"
        ? value + "n"
        : typeof value === "symbol"
          ? "NaN"
          : toText(toNumber(value));
    case "i":
      return typeof value === "symbol" ? "NaN" : toText(parseInt10(value));
    case "j":
      return encodeWithin(value, INSPECT_TOTAL) ?? "undefined";
    case "c":
      return "";
    default:
      return inspect(value);
  }
}

const parseInteger = parseInt;
/** @param {any} value */
const parseInt10 = (value) => (typeof value === "bigint" ? value : parseInteger(value, 10));

/** @param {number} level */
const logger =
  (level) =>
  (/** @type {any[]} */ ...args) => {
    // A value whose traps throw must not fail the line.
    let text;
    try {
      text = formatLine(args);
    } catch {
      text = "[not printable]";
    }
    writeLine(level, text);
  };

const log = logger(CONSOLE_LEVELS.log);
const logError = logger(CONSOLE_LEVELS.error);
/** @param {unknown} label */
const labelText = (label) => (label === undefined ? "default" : inspect(label, true));

const guestConsole = {
  log,
  info: logger(CONSOLE_LEVELS.info),
  warn: logger(CONSOLE_LEVELS.warn),
  error: logError,
  debug: logger(CONSOLE_LEVELS.debug),
  trace: logError,
  dir: (/** @type {unknown} */ value) => log(value),
  table: (/** @type {unknown} */ data, /** @type {unknown} */ columns) =>
    writeLine(0, formatTable(data, columns)),
  assert: (/** @type {unknown} */ condition, /** @type {unknown[]} */ ...rest) => {
    if (!condition) {
      writeLine(
        CONSOLE_LEVELS.error,
        rest.length === 0 ? "Assertion failed" : "Assertion failed: " + formatLine(rest),
      );
    }
  },
  count: (/** @type {unknown} */ label) => {
    const key = labelText(label);
    consoleCounts[key] = (consoleCounts[key] ?? 0) + 1;
    writeLine(0, key + ": " + consoleCounts[key]);
  },
  countReset: (/** @type {unknown} */ label) => {
    consoleCounts[labelText(label)] = 0;
  },
  time: (/** @type {unknown} */ label) => {
    consoleTimers[labelText(label)] = runClock();
  },
  timeLog: (/** @type {unknown} */ label) => logTimer(label),
  timeEnd: (/** @type {unknown} */ label) => {
    logTimer(label);
    delete consoleTimers[labelText(label)];
  },
  group: (/** @type {unknown[]} */ ...args) => {
    if (args.length > 0) {
      apply(log, undefined, args);
    }
    if (consoleIndent.length < 40) {
      consoleIndent += "  ";
    }
  },
  groupEnd: () => {
    consoleIndent = stringSlice(consoleIndent, 2);
  },
};
defineProperty(guestConsole, "groupCollapsed", { value: guestConsole.group, enumerable: true });
expose("console", guestConsole);

/** @param {unknown} label */
function logTimer(label) {
  const key = labelText(label);
  if (consoleTimers[key] !== undefined) {
    writeLine(0, key + ": " + (runClock() - consoleTimers[key]) + "ms");
  }
}

/** The lines since the last call, as a JSON array. */
function takeConsole() {
  const lines = "[" + consoleLines + "]";
  consoleLines = "";
  return lines;
}
