// The realm that a program runs in, with the world that it has in every sandbox.

"use strict";
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { compileFunction, constants, createContext, Script } = require("node:vm");

const PARENTHESIS = "return (";

/** A fresh realm: its harness, how to work off its jobs, and how to get a program's function, or the error that its source threw. */
exports.createWorld = function createWorld() {
  // Its own queue of microtasks, which a script that ends in it works off.
  const context = createContext(constants.DONT_CONTEXTIFY, { microtaskMode: "afterEvaluate" });
  const inside = (source, filename) => new Script(source, { filename }).runInContext(context);
  const file = (name) => inside(readFileSync(join(__dirname, name), "utf8"), name);
  inside("delete globalThis.WebAssembly", "agent.js");
  file("web-globals.js");
  const nothing = new Script("0");
  return {
    harness: file("harness.js"),
    runJobs: () => nothing.runInContext(context),
    evaluate(source) {
      try {
        const columnOffset = 1 - PARENTHESIS.length;
        const options = { parsingContext: context, filename: "program.js", columnOffset };
        return compileFunction(`${PARENTHESIS}${source}\n)`, [], options)();
      } catch (error) {
        return error;
      }
    },
  };
};
