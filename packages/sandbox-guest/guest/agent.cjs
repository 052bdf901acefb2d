// Runs one program for the host: JSON lines on stdin, frames on stdout, each with a blank line after it. Before its program it answers
// a line without one: it is ready.
// The process is the boundary. The context only gives the program the world that it has in every sandbox.

// It is loaded as CommonJS, reads and writes without streams, and loads what it may not need when it does: each takes as long as the rest.

"use strict";
const { read, writeSync } = require("node:fs");
const { createWorld } = require("./world.cjs");

const KEPT_REJECTIONS = 1_000;
const { harness, runJobs, evaluate } = createWorld();

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

/** What the host waits for at the start, and asks of a guest that waits. */
function sayReady() {
  send(`${JSON.stringify({ ready: 1, language: "javascript", version: process.versions.node })}\n\n`);
}

function send(text) {
  if (text !== "") {
    const bytes = Buffer.from(text);
    for (let from = 0; from < bytes.length; from += write(bytes, from));
  }
}

function write(bytes, from) {
  try {
    return writeSync(1, bytes, from);
  } catch (error) {
    if (error.code !== "EAGAIN") {
      throw error;
    }
    return 0;
  }
}

function receive(line) {
  if (line === "") {
    require("./warm-up.cjs").warmUp();
    return;
  }
  const message = JSON.parse(line);
  if (Array.isArray(message)) {
    if (!over) {
      clearTimeout(timer);
      harness.deliver(line);
      advance();
    }
    return;
  }
  if (message.source === undefined) {
    sayReady();
    return;
  }
  // A copy of a started agent must not draw what the others draw.
  require("node:v8").setFlagsFromString(`--random-seed=${message.random}`);
  startedAt = performance.now();
  harness.start(evaluate(message.source), message.start);
  advance();
}

const chunk = Buffer.allocUnsafe(65_536);
let pending = [];
function take(size) {
  let from = 0;
  for (let end = chunk.indexOf(10); end >= 0 && end < size; end = chunk.indexOf(10, from)) {
    const line = Buffer.concat([...pending, chunk.subarray(from, end)]).toString("utf8");
    pending = [];
    from = end + 1;
    receive(line);
  }
  if (from < size) {
    pending.push(Buffer.from(chunk.subarray(from, size)));
  }
}

function listen() {
  read(0, chunk, 0, chunk.length, null, (error, size) => {
    if (error?.code === "EAGAIN") {
      setTimeout(listen, 1);
    } else if (error || size === 0) {
      process.exit(0);
    } else {
      take(size);
      listen();
    }
  });
}

sayReady();
listen();
