// Timers on the clock of the run, and microtasks. The host polls; nothing here waits.

/** @typedef {{ id: number, due: number, every: number | undefined, callback: Function, args: unknown[], next: Timer | undefined }} Timer */
/** Timers in the order in which they fire. @type {Timer | undefined} */
let timerHead;
/** The timer that fires last. @type {Timer | undefined} */
let timerTail;
let nextTimerId = 1;
let clockBase = 0;
let clockHost = 0;

/** Whole milliseconds since the start of the run. */
function runClock() {
  const passed = dateNow() - clockBase;
  return passed > clockHost ? passed : clockHost;
}

/** @param {Timer} timer */
function insertTimer(timer) {
  if (timerTail === undefined || timerHead === undefined) {
    timerHead = timerTail = timer;
  } else if (timer.due >= timerTail.due) {
    timerTail = timerTail.next = timer;
  } else if (timer.due < timerHead.due) {
    timer.next = timerHead;
    timerHead = timer;
  } else {
    let at = timerHead;
    while (at.next !== undefined && at.next.due <= timer.due) {
      at = at.next;
    }
    timer.next = at.next;
    at.next = timer;
  }
}

/** Takes a timer out. @param {Timer} timer @param {Timer | undefined} before */
function unlinkTimer(timer, before) {
  if (before === undefined) {
    timerHead = timer.next;
  } else {
    before.next = timer.next;
  }
  if (timerTail === timer) {
    timerTail = before;
  }
  timer.next = undefined;
}

/** @param {any} callback @param {unknown} delay @param {boolean} repeat @param {unknown[]} args */
function addTimer(callback, delay, repeat, args) {
  if (typeof callback !== "function") {
    throw new IntrinsicTypeError("The callback of a timer must be a function");
  }
  const asked = toNumber(delay);
  const ms = asked >= 1 && asked <= 2_147_483_647 ? floor(asked) : 1;
  const id = nextTimerId++;
  insertTimer({ id, due: runClock() + ms, every: repeat ? ms : undefined, callback, args, next: undefined });
  return id;
}

/** @param {unknown} id */
function clearTimer(id) {
  let before;
  for (let at = timerHead; at !== undefined; before = at, at = at.next) {
    if (at.id === id) {
      unlinkTimer(at, before);
      return;
    }
  }
}

/** Runs the first timer when it is due. Whether one ran. */
function runDueTimer() {
  const timer = timerHead;
  if (timer === undefined || timer.due > runClock()) {
    return false;
  }
  unlinkTimer(timer, undefined);
  if (timer.every !== undefined) {
    timer.due = runClock() + timer.every;
    insertTimer(timer);
  }
  runCallback(timer.callback, timer.args);
  return true;
}

/** @param {Function} callback @param {unknown[]} args */
function runCallback(callback, args) {
  try {
    apply(callback, undefined, args);
  } catch (error) {
    reportUnhandled(error);
  }
}

const settled = IntrinsicPromise.resolve();
/** @param {any} callback */
function queueTask(callback) {
  if (typeof callback !== "function") {
    throw new IntrinsicTypeError("The callback of queueMicrotask must be a function");
  }
  promiseThen(settled, () => runCallback(callback, []));
}

expose(
  "setTimeout",
  (/** @type {any} */ callback, /** @type {unknown} */ delay, /** @type {unknown[]} */ ...args) =>
    addTimer(callback, delay, false, args),
);
expose(
  "setInterval",
  (/** @type {any} */ callback, /** @type {unknown} */ delay, /** @type {unknown[]} */ ...args) =>
    addTimer(callback, delay, true, args),
);
expose("setImmediate", (/** @type {any} */ callback, /** @type {unknown[]} */ ...args) => {
  if (typeof callback !== "function") {
    throw new IntrinsicTypeError("The callback of setImmediate must be a function");
  }
  const id = nextTimerId++;
  insertTimer({ id, due: 0, every: undefined, callback, args, next: undefined });
  return id;
});
expose("clearTimeout", clearTimer);
expose("clearInterval", clearTimer);
expose("clearImmediate", clearTimer);
expose("queueMicrotask", queueTask);
expose("performance", freeze({ now: () => runClock(), timeOrigin: 0, toJSON: () => ({}) }));
delete (/** @type {any} */ (globalThis).SharedArrayBuffer);
delete (/** @type {any} */ (globalThis).Atomics);
