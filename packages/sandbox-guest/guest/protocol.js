// The five functions that a backend calls. Everything that leaves is one string: a letter, a JSON header, then lines of JSON.

const UNHANDLED_LIMIT = 20;
let state = "idle";
let started = false;
/** @type {unknown} */
let returned;
/** @type {unknown} */
let thrown;
/** A failure that no error of the program stands for. @type {Failure | undefined} */
let verdict;
let valueLimit = 0;
let unhandledTexts = "";
let unhandledCount = 0;

/** Notes a failure that nothing handled. @param {unknown} error */
function reportUnhandled(error) {
  if (unhandledCount++ < UNHANDLED_LIMIT) {
    unhandledTexts += "" + (unhandledTexts === "" ? "" : ",") + encodeFailure(describeFailure(error));
  }
}

/**
 * Starts a program, or fails with the error that its source threw. `text` is a JSON header (`names` of namespaces, `calls`, `argumentBytes`, `valueBytes`, `consoleBytes`,
 * `entropy` in hexadecimal, `seed`) and, for each namespace, a line with the JSON array of its tools.
 * @param {unknown} program @param {string} text
 */
function start(program, text) {
  const lines = stringSplit(text, "\n");
  const header = parseText(lines[0]);
  callLimit = header.calls;
  argumentLimit = header.argumentBytes;
  valueLimit = header.valueBytes;
  consoleRoom = header.consoleBytes;
  clockBase = dateNow();
  if (hasOwn(header, "seed")) {
    keyFromSeed(header.seed);
    seedMathRandom();
  } else {
    entropyHex = header.entropy;
  }
  for (let i = 0; i < header.names.length; i++) {
    const name = header.names[i];
    if (RESERVED[/** @type {keyof typeof RESERVED} */ (name)] === undefined) {
      exposeFixed(name, createNamespace(name, lines[i + 1]));
    }
  }
  state = "running";
  void main(program);
}

/** @param {any} program */
async function main(program) {
  try {
    if (typeof program !== "function") {
      throw isError(program)
        ? program
        : new IntrinsicTypeError("The source must be an expression that gives a function");
    }
    mayHoldSymbols = stringIncludes(functionToString(program), "Symbol");
    started = true;
    returned = await program();
    state = "returned";
  } catch (error) {
    thrown = error;
    state = "threw";
  }
}

/**
 * What the program wants now, when no job is pending: `C` calls, `R` a timer ran (run jobs and poll again),
 * `W` it waits (`due`: when its next timer fires, in milliseconds of the run), `F` it is over (call `finish`).
 * @param {number} nowMs milliseconds since `start`
 */
function poll(nowMs) {
  clockHost = floor(nowMs);
  if (state !== "running") {
    return "F";
  }
  if (queueHead !== undefined) {
    return takeCalls();
  }
  if (runDueTimer()) {
    return "R";
  }
  if (waitingCount === 0 && timerHead === undefined) {
    verdict = {
      code: "program_failed",
      message:
        "The program waits for a promise that nothing settles: no tool call and no timer is under way.",
    };
    state = "threw";
    return "F";
  }
  return flush();
}

/** What was written to the console so far, and the time of the next timer. */
function flush() {
  const due = timerHead === undefined ? "" : '"due":' + timerHead.due + ",";
  return "W{" + due + '"lost":' + consoleLost + "}\n" + takeConsole();
}

/** The outcome: `D`, with the value on the third line when there is one. */
function finish() {
  let value;
  if (state === "returned") {
    value = encodeReturned();
    noteCallsUnderWay();
  }
  const failure = state === "returned" ? "" : '"failure":' + encodeFailure(describeEnd()) + ",";
  const more =
    unhandledCount > UNHANDLED_LIMIT ? ',"moreUnhandled":' + (unhandledCount - UNHANDLED_LIMIT) : "";
  const head = failure + '"unhandled":[' + unhandledTexts + "]" + more + ',"lost":' + consoleLost;
  return "D{" + head + "}\n" + takeConsole() + (value === undefined ? "" : "\n" + value);
}

function encodeReturned() {
  try {
    return encodeWithin(returned, valueLimit);
  } catch (error) {
    state = "threw";
    thrown = error;
    if (error === TOO_LONG) {
      verdict = {
        code: "output_limit",
        message: "The returned value is over " + valueLimit + " bytes. Return less.",
      };
    }
    return undefined;
  }
}

/** Why the program has no value. */
function describeEnd() {
  if (verdict !== undefined) {
    return verdict;
  }
  const failure = describeFailure(thrown);
  if (!started && failure.name === "SyntaxError") {
    failure.code = "program_invalid";
  }
  return failure;
}

/** A program that returned without waiting for a call is told so. */
function noteCallsUnderWay() {
  const ids = objectKeys(waiting);
  for (let i = 0; i < ids.length; i++) {
    const { name, stack } = /** @type {any} */ (waiting[/** @type {string} */ (ids[i])]);
    reportUnhandled(
      hostError(
        "cancelled",
        "The program ended before this call: await " + name + ".",
        name,
        undefined,
        stack,
      ),
    );
  }
}
