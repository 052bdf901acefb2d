// A copy of a machine goes on with code that its processor has not met yet, which is slow where the processor is emulated. An empty line
// tells that it goes on: it runs a program that does what programs do, in a realm of its own, while nobody waits.

"use strict";
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { createWorld } = require("./world.cjs");

const MOST_STEPS = 100;
const { source, start, answers } = JSON.parse(readFileSync(join(__dirname, "warm-up.json"), "utf8"));

exports.warmUp = function warmUp() {
  require("node:v8").setFlagsFromString("--random-seed=1");
  const { harness, runJobs, evaluate } = createWorld();
  harness.start(evaluate(source), start);
  let frame = "";
  for (let step = 0; step < MOST_STEPS && frame[0] !== "F"; step++) {
    runJobs();
    frame = harness.poll(step);
    if (frame[0] === "W") {
      harness.deliver(answers);
    }
  }
  harness.finish();
};
