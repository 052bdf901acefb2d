import type { CallPair } from "../call-pair.ts";

/** `simulate-research-query` answers a plain call with an error: it wants tasks. */
export const everythingPairs = (): CallPair[] => [
  { tool: "echo", first: { message: "one" }, second: { message: "another one, and longer" } },
  {
    tool: "get-annotated-message",
    first: { messageType: "error" },
    second: { messageType: "success", includeImage: true },
  },
  { tool: "get-env", first: {}, second: {} },
  { tool: "get-resource-links", first: { count: 2 }, second: { count: 5 } },
  {
    tool: "get-resource-reference",
    first: { resourceType: "Text", resourceId: 1 },
    second: { resourceType: "Blob", resourceId: 2 },
  },
  {
    tool: "get-structured-content",
    first: { location: "New York" },
    second: { location: "Chicago" },
  },
  { tool: "get-sum", first: { a: 1, b: 2 }, second: { a: -4, b: 2.5 } },
  { tool: "get-tiny-image", first: {}, second: {} },
  {
    tool: "gzip-file-as-resource",
    first: { name: "a.txt", data: "data:text/plain,first", outputType: "resourceLink" },
    second: { name: "b.txt", data: "data:text/plain,second", outputType: "resourceLink" },
  },
  { tool: "toggle-simulated-logging", first: {}, second: {} },
  { tool: "toggle-subscriber-updates", first: {}, second: {} },
  {
    tool: "trigger-long-running-operation",
    first: { duration: 0.1, steps: 1 },
    second: { duration: 0.2, steps: 2 },
  },
];
