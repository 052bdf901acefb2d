// Calls of the program to the host: queued as text, answered together by `deliver`.

const NAME_ROOM = 256;
const FRAME_ROOM = 4 * 1024 * 1024;
/** Names of the objects that stand for tools, so that the console and results can tell them. @type {WeakMap<object, string>} */
const namespaceNames = new WeakMap();
/** Calls sent and not answered, by id. @type {Record<string, { resolve: Function, reject: Function, name: string, stack: unknown }>} */
const waiting = setPrototypeOf({}, null);
let waitingCount = 0;
let callsMade = 0;
/** What every call over the limit gets. @type {Promise<never> | undefined} */
let refusal;
let nextCallId = 1;
let callLimit = 0;
let argumentLimit = 0;
/** @typedef {{ id: number, name: string, args: string, next: QueuedCall | undefined }} QueuedCall */
/** @type {QueuedCall | undefined} */
let queueHead;
/** @type {QueuedCall | undefined} */
let queueTail;

/** What every call over the limit gives: one promise, so that a flood of calls costs little. @type {Promise<any> | undefined} */
let refusedCall;

/** Calls the host. The promise rejects with a ToolError. @param {string} name @param {unknown[]} args */
function hostCall(name, args) {
  if (refusedCall !== undefined) {
    return refusedCall;
  }
  // Only here does the stack still hold the program's line.
  const stack = new IntrinsicError().stack;
  const call = new IntrinsicPromise((resolve, reject) => {
    const refusal = enqueueCall(name, args, resolve, reject, stack);
    if (refusal !== undefined) {
      reject(refusal);
    }
  });
  if (callsMade > callLimit) {
    refusedCall = call;
  }
  return call;
}

/** @param {string} name @param {any[]} args @param {Function} resolve @param {Function} reject @param {unknown} stack */
function enqueueCall(name, args, resolve, reject, stack) {
  const tool = toolOf(name, args);
  if (name.length > NAME_ROOM) {
    return hostError("unknown_tool", "There is no such tool: " + clip(name, 80), undefined, undefined, stack);
  }
  if (++callsMade > callLimit) {
    return hostError(
      "call_limit",
      "The run made more tool calls than it may: " + callLimit + ".",
      tool,
      undefined,
      stack,
    );
  }
  let text;
  try {
    text = encodeArguments(args);
  } catch (error) {
    return error === TOO_LONG
      ? hostError(
          "output_limit",
          "The arguments are over " + argumentLimit + " bytes.",
          tool,
          undefined,
          stack,
        )
      : hostError(
          "invalid_params",
          "The arguments cannot be sent: " + toMessage(error) + ".",
          tool,
          undefined,
          stack,
        );
  }
  const id = nextCallId++;
  /** @type {QueuedCall} */
  const call = { id, name, args: text, next: undefined };
  if (queueTail === undefined) {
    queueHead = call;
  } else {
    queueTail.next = call;
  }
  queueTail = call;
  waiting[id] = { resolve, reject, name: tool, stack };
  waitingCount++;
  return undefined;
}

/** The tool that a failure names. @param {string} name @param {unknown[]} args */
const toolOf = (name, args) =>
  name === "tools.call" && typeof args[0] === "string" ? clip(args[0], NAME_ROOM) : clip(name, NAME_ROOM);

/** @param {any[]} args */
function encodeArguments(args) {
  let count = args.length;
  while (count > 0 && args[count - 1] === undefined) {
    count--;
  }
  if (count === 0) {
    return "[]";
  }
  if (count < args.length) {
    args.length = count;
  }
  // A toJSON that the program put on every object is for its values, not for this list.
  setPrototypeOf(args, null);
  const plain = mayHoldSymbols ? undefined : encodePlain(args);
  const text =
    plain ?? encodeWalk(args, undefined, { left: argumentLimit, strict: true }, "arguments", 0) ?? "[]";
  if (text.length > argumentLimit) {
    throw TOO_LONG;
  }
  return text;
}

/** The queued calls as a frame, or as many of them as fit. */
function takeCalls() {
  let ids = "";
  let names = "";
  let lines = "";
  while (queueHead !== undefined && (lines === "" || lines.length + queueHead.args.length < FRAME_ROOM)) {
    const comma = ids === "" ? "" : ",";
    ids += comma + queueHead.id;
    names += comma + stringify(queueHead.name);
    lines += "\n" + queueHead.args;
    queueHead = queueHead.next;
  }
  if (queueHead === undefined) {
    queueTail = undefined;
  }
  return (
    'C{"ids":[' + ids + '],"names":[' + names + '],"lost":' + consoleLost + "}\n" + takeConsole() + lines
  );
}

/** Takes the host's answers: `[[id, 1, value?] | [id, 0, error], …]`. @param {string} text */
function deliver(text) {
  const replies = parseText(text);
  for (let i = 0; i < replies.length; i++) {
    const reply = replies[i];
    const call = waiting[reply[0]];
    if (call === undefined) {
      continue;
    }
    delete waiting[reply[0]];
    waitingCount--;
    if (reply[1] === 1) {
      // A value with a callable `then` cannot come out of JSON.
      call.resolve(reply.length > 2 ? reply[2] : undefined);
    } else {
      const error = reply[2];
      call.reject(
        hostError(
          error.code,
          error.message,
          hasOwn(error, "tool") ? error.tool : call.name,
          hasOwn(error, "data") ? error.data : undefined,
          call.stack,
        ),
      );
    }
  }
}
