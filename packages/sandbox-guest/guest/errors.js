// The error that a failed host call throws, and what is told of any thrown value.

/** @typedef {{ code: string, message: string, name?: string, tool?: string, data?: unknown, position?: { line: number, column: number } }} Failure */

const MESSAGE_ROOM = 4_000;
/** Facts of errors that came from the host. A program cannot forge an entry.
 * @type {WeakMap<object, { code: string, tool: string | undefined, data: unknown }>} */
const hostErrors = new WeakMap();

/** Thrown by a failed tool call. `code` is stable, `tool` names the tool, `data` holds further facts. */
class ToolError extends IntrinsicError {
  /** @param {string} message @param {{ code?: string, tool?: string, data?: unknown, cause?: unknown }} [options] */
  constructor(message, options) {
    super(message, options !== undefined && "cause" in options ? { cause: options.cause } : undefined);
    this.code = options?.code ?? "tool_failed";
    this.tool = options?.tool;
    this.data = options?.data;
  }
}
defineProperty(ToolError.prototype, "name", { value: "ToolError", writable: true, configurable: true });
expose("ToolError", ToolError);

/** An error of the host, with the stack of the call that it answers.
 * @param {string} code @param {string} message @param {string | undefined} tool @param {unknown} data @param {unknown} stack */
function hostError(code, message, tool, data, stack) {
  const error = new ToolError(message, { code, ...(tool === undefined ? {} : { tool }), data });
  if (typeof stack === "string") {
    defineProperty(error, "stack", { value: stack, writable: true, configurable: true });
  }
  weakMapSet(hostErrors, error, { code, tool, data });
  return error;
}

/** A property of a value that may be a proxy or have a throwing getter. @param {any} value @param {string} key */
function peek(value, key) {
  try {
    return value[key];
  } catch {
    return undefined;
  }
}

/** @param {unknown} value */
function isError(value) {
  try {
    return typeof value === "object" && value !== null && value instanceof IntrinsicError;
  } catch {
    return false;
  }
}

const FRAME = /program\.js:(\d+)(?::(\d+))?/;

/** The innermost place of the program in a stack. The source stands behind one parenthesis. @param {unknown} stack */
function positionOf(stack) {
  if (typeof stack !== "string") {
    return undefined;
  }
  const match = regExpExec(FRAME, stack);
  if (match === null) {
    return undefined;
  }
  const line = toNumber(match[1]);
  const column = match[2] === undefined ? 1 : toNumber(match[2]);
  return { line, column: line === 1 && column > 1 ? column - 1 : column };
}

/** What is told of a thrown value. Never throws. @param {any} thrown @returns {Failure} */
function describeFailure(thrown) {
  // quickjs throws null when it has no memory left for an error object.
  if (thrown === null) {
    return { code: "memory_limit", message: "The program ran out of memory (or threw null)." };
  }
  if (!isError(thrown)) {
    return { code: "program_failed", message: clip("Thrown: " + inspect(thrown), MESSAGE_ROOM) };
  }
  const known = weakMapGet(hostErrors, thrown);
  const name = peek(thrown, "name");
  const message = peek(thrown, "message");
  const position = positionOf(peek(thrown, "stack"));
  /** @type {Failure} */
  const failure = {
    code: known?.code ?? "program_failed",
    message: clip(typeof message === "string" ? message + causeOf(thrown) : inspect(message), MESSAGE_ROOM),
  };
  if (typeof name === "string") {
    failure.name = clip(name, 100);
  }
  if (known?.tool !== undefined) {
    failure.tool = known.tool;
  }
  if (known?.data !== undefined) {
    failure.data = known.data;
  }
  if (position !== undefined) {
    failure.position = position;
  }
  if (
    (name === "InternalError" && message === "out of memory") ||
    (name === "RangeError" && message === "Array buffer allocation failed")
  ) {
    failure.code = "memory_limit";
    failure.message = "The program ran out of memory.";
  }
  return failure;
}

/** The messages behind an error: its cause, or the errors of an AggregateError. @param {any} error */
function causeOf(error) {
  const inner = peek(error, "errors");
  if (isArray(inner)) {
    let text = "";
    for (let i = 0; i < inner.length && i < 3; i++) {
      text += "" + (i === 0 ? ": " : "; ") + clip(toMessage(inner[i]), 300);
    }
    return text;
  }
  const cause = peek(error, "cause");
  return cause === undefined ? "" : " (cause: " + clip(toMessage(cause), 300) + ")";
}

/** @param {unknown} thrown */
function toMessage(thrown) {
  return isError(thrown) ? toText(inspect(peek(thrown, "message"), true)) : inspect(thrown);
}

/** A failure as JSON text. @param {Failure} failure */
function encodeFailure(failure) {
  let text = '{"code":' + stringify(failure.code) + ',"message":' + stringify(failure.message);
  if (failure.name !== undefined) {
    text += ',"name":' + stringify(failure.name);
  }
  if (failure.tool !== undefined) {
    text += ',"tool":' + stringify(failure.tool);
  }
  if (failure.position !== undefined) {
    text += ',"position":{"line":' + failure.position.line + ',"column":' + failure.position.column + "}";
  }
  if (failure.data !== undefined) {
    const data = encodeWithin(failure.data, 65_536);
    text += data === undefined ? "" : ',"data":' + data;
  }
  return text + "}";
}
