import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { serveHttp } from "@mcp-optimizer/server";
import { describe, expect, it, onTestFinished } from "vitest";
import { FIXTURE } from "../fixtures/http-server.ts";
import { runNode } from "../fixtures/run-node.ts";
import { createSuiteSource } from "./suite-source.ts";

const require = createRequire(import.meta.url);
const manifest = require.resolve("@modelcontextprotocol/conformance/package.json");
const cli = join(dirname(manifest), "dist/index.js");

/** Runs the suite for servers; each scenario is one line of the summary. */
async function runSuite(revision: string) {
  const service = await serveHttp(createSuiteSource(), FIXTURE);
  onTestFinished(() => service.close());
  const baseline = new URL(`${revision}.yaml`, import.meta.url).pathname;
  const target = ["--url", service.url, "--suite", "all", "--spec-version", revision];
  const { code, stdout, stderr } = await runNode(cli, ["server", ...target, "--expected-failures", baseline]);
  const summary = stdout.slice(stdout.indexOf("=== SUMMARY ==="));
  const scenarios = summary.match(/^[✓✗] \S+: \d+ passed/gmu)?.length ?? 0;
  return { scenarios, verdict: code === 0 ? "as the baseline says" : summary + stderr };
}

const TASK_SCENARIOS = [
  "tasks-lifecycle",
  "tasks-capability-negotiation",
  "tasks-wire-fields",
  "tasks-request-state-removal",
  "tasks-mrtr-input",
  "tasks-request-headers",
  "tasks-dispatch-and-envelope",
  "tasks-required-task-error",
  "tasks-mrtr-composition",
];

describe("the official conformance suite for servers", () => {
  it.each([
    { revision: "2025-11-25", scenarios: 33 },
    { revision: "2026-07-28", scenarios: 40 },
  ])(
    "finds at revision $revision what the baseline says, and nothing else",
    { timeout: 150_000 },
    async ({ revision, scenarios }) => {
      expect(await runSuite(revision)).toEqual({ scenarios, verdict: "as the baseline says" });
    },
  );

  // They mostly wait, each for its own tasks; the suite runs them one at a time.
  it(
    "finds of the tasks extension what the baseline says, and nothing else",
    { timeout: 150_000 },
    async () => {
      const service = await serveHttp(createSuiteSource(), { ...FIXTURE, foregroundMs: 200 });
      onTestFinished(() => service.close());
      const baseline = new URL("tasks.yaml", import.meta.url).pathname;
      const runs = TASK_SCENARIOS.map(async (scenario) => {
        const target = [
          "--url",
          service.url,
          "--scenario",
          scenario,
          "--spec-version",
          "2026-07-28",
          "--force",
        ];
        const { code, stdout, stderr } = await runNode(cli, [
          "server",
          ...target,
          "--expected-failures",
          baseline,
        ]);
        return code === 0 ? [] : [stdout + stderr];
      });
      expect((await Promise.all(runs)).flat()).toEqual([]);
    },
  );
});
