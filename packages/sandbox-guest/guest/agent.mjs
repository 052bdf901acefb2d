// Runs one program for the host: JSON lines on stdin, frames on stdout, each with a blank line after it.
// The process is the boundary. The context only gives the program the world that it has in every sandbox.

import { readFileSync } from "node:fs";
import { Buffer } from "node:buffer";
import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { compileFunction, constants, createContext, Script } from "node:vm";

const PARENTHESIS = "return (";
const KEPT_REJECTIONS = 1_000;

/** Its own queue of microtasks, which a script that ends in it works off. */
const context = createContext(constants.DONT_CONTEXTIFY, { microtaskMode: "afterEvaluate" });
const inside = (source, filename) => new Script(source, { filename }).runInContext(context);
const harness = (() => {
  const file = (name) => inside(readFileSync(new URL(name, import.meta.url), "utf8"), name);
  inside("delete globalThis.WebAssembly", "agent.js");
  file("web-globals.js");
  return file("harness.js");
})();
const runJobs = (() => {
  const nothing = new Script("0");
  return () => nothing.runInContext(context);
})();

/** What was rejected and is not handled yet. */
const rejections = new Map();
process.on("unhandledRejection", (reason, promise) => {
  if (rejections.size < KEPT_REJECTIONS) {
    rejections.set(promise, reason);
  }
});
process.on("rejectionHandled", (promise) => rejections.delete(promise));

let startedAt = 0;
let over = false;
let timer;

/** Works until the program waits, and sends what it wants. */
function advance() {
  let out = "";
  for (;;) {
    runJobs();
    const frame = harness.poll(performance.now() - startedAt);
    if (frame[0] === "F") {
      over = true;
      send(out);
      // Node tells of rejections after this turn.
      setImmediate(finish);
      return;
    }
    if (frame[0] === "W") {
      send(frame.endsWith("\n[]") ? out : `${out}${frame}\n\n`);
      const due = /^W\{"due":(\d{1,15}),/.exec(frame)?.[1];
      if (due !== undefined) {
        timer = setTimeout(advance, Math.max(0, Number(due) - (performance.now() - startedAt)));
      }
      return;
    }
    if (frame[0] === "C") {
      out += `${frame}\n\n`;
    } else if (out !== "") {
      send(out);
      out = "";
    }
  }
}

function finish() {
  for (const reason of rejections.values()) {
    harness.reportUnhandled(reason);
  }
  send(`${harness.finish()}\n\n`);
}

function send(text) {
  if (text !== "") {
    process.stdout.write(text);
  }
}

/** The program's function, or the error that its source threw: the harness tells them apart. */
function evaluate(source) {
  try {
    const options = { parsingContext: context, filename: "program.js", columnOffset: 1 - PARENTHESIS.length };
    return compileFunction(`${PARENTHESIS}${source}\n)`, [], options)();
  } catch (error) {
    return error;
  }
}

function receive(line) {
  const message = JSON.parse(line);
  if (Array.isArray(message)) {
    if (!over) {
      clearTimeout(timer);
      harness.deliver(line);
      advance();
    }
    return;
  }
  // A copy of a started agent must not draw what the others draw.
  setFlagsFromString(`--random-seed=${message.random}`);
  startedAt = performance.now();
  harness.start(evaluate(message.source), message.start);
  advance();
}

let pending = [];
process.stdin.on("data", (chunk) => {
  let from = 0;
  for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
    const line = Buffer.concat([...pending, chunk.subarray(from, end)]).toString("utf8");
    pending = [];
    from = end + 1;
    receive(line);
  }
  if (from < chunk.length) {
    pending.push(chunk.subarray(from));
  }
});
process.stdin.on("end", () => process.exit(0));
send(`${JSON.stringify({ ready: 1, language: "javascript", version: process.versions.node })}\n\n`);
