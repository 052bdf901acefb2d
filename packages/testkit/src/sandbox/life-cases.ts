import {
  DEFAULT_RUN_LIMITS,
  OptimizerError,
  type GuestProgram,
  type HostReply,
} from "@mcp-optimizer/contracts";
import { expect } from "vitest";
import { ECHO_HOST, type SandboxCase } from "./sandbox-guest-run.ts";

const program = (body: string): GuestProgram => ({
  language: "javascript",
  source: `async () => {${body}\n}`,
  namespaces: [{ name: "fixture", tools: ["echo"] }],
});
const REQUEST = { tenant: "life", limits: DEFAULT_RUN_LIMITS };
const codeOf = (error: unknown): string =>
  OptimizerError.is(error) ? error.code : `not typed: ${String(error)}`;

/** A host whose call tells when it began and never answers by itself. */
function waitingHost(): {
  host: { call: (call: unknown, signal: AbortSignal) => Promise<HostReply> };
  called: Promise<void>;
  aborted: Promise<void>;
} {
  const called = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<void>();
  const call = async (_call: unknown, signal: AbortSignal): Promise<HostReply> => {
    signal.addEventListener("abort", () => aborted.resolve());
    called.resolve();
    await aborted.promise;
    return { ok: true };
  };
  return { host: { call }, called: called.promise, aborted: aborted.promise };
}

/** Leases, runs and backends as they begin and end. */
export const LIFE_CASES: readonly SandboxCase[] = [
  {
    name: "says what it can do",
    decidedBy: "wall",
    run: async ({ backend }) => {
      const probe = await backend.probe();
      expect(probe.available).toBe(true);
      expect(probe.languages).toContain("javascript");
      expect(Object.keys(probe.enforcement).sort()).toEqual(
        [...Object.keys(DEFAULT_RUN_LIMITS), "filesystem", "network"].sort(),
      );
      expect(backend.name).toMatch(/^[a-z][a-z-]*$/);
    },
  },
  {
    name: "reports what a run used",
    decidedBy: "wall",
    run: async ({ run }) => {
      const { usage } = await run("let s = 0; for (let i = 0; i < 1e6; i++) s += i; return s");
      expect(usage.cpuMs).toBeGreaterThan(0);
      expect(usage.wallMs).toBeGreaterThan(0);
    },
  },
  {
    name: "cancels a run that waits, and its call",
    decidedBy: "wall",
    run: async ({ run }) => {
      const { host, called, aborted } = waitingHost();
      const controller = new AbortController();
      const outcome = run("await fixture.echo()", { host, signal: controller.signal });
      await called;
      controller.abort();
      expect((await outcome).failure?.code).toBe("cancelled");
      await aborted;
    },
  },
  {
    name: "cancels a run that computes",
    decidedBy: "wall",
    run: async ({ run }) => {
      const controller = new AbortController();
      const host = {
        call: async (): Promise<HostReply> => {
          setImmediate(() => controller.abort());
          return { ok: true };
        },
      };
      const outcome = await run("await fixture.echo(); for (;;) {}", { host, signal: controller.signal });
      expect(outcome.failure?.code).toBe("cancelled");
    },
  },
  {
    name: "does not start a run that is cancelled already",
    decidedBy: "wall",
    run: async ({ run }) => {
      let calls = 0;
      const host = {
        call: async (): Promise<HostReply> => {
          calls++;
          return { ok: true };
        },
      };
      const outcome = await run("await fixture.echo()", { host, signal: AbortSignal.abort() });
      expect(outcome.failure?.code).toBe("cancelled");
      expect(calls).toBe(0);
    },
  },
  {
    name: "runs the programs of a lease one after another, each afresh",
    decidedBy: "wall",
    run: async ({ backend }) => {
      const lease = await backend.lease(REQUEST);
      try {
        const body = "globalThis.count = (globalThis.count ?? 0) + 1; await fixture.echo(); return count";
        const outcomes = await Promise.all([1, 2, 3].map(() => lease.session.run(program(body), ECHO_HOST)));
        expect(outcomes.map(({ value }) => value)).toEqual([1, 1, 1]);
      } finally {
        await lease.dispose();
        await lease.dispose();
      }
    },
  },
  {
    name: "ends the run of a lease that is disposed",
    decidedBy: "wall",
    run: async ({ backend, value }) => {
      const lease = await backend.lease(REQUEST);
      const { host, called, aborted } = waitingHost();
      const outcome = lease.session.run(program("await fixture.echo()"), host);
      await called;
      await lease.dispose();
      expect((await outcome).failure?.code).toBe("cancelled");
      await aborted;
      expect((await lease.session.run(program("return 1"), ECHO_HOST)).failure?.code).toBe("cancelled");
      expect(await value("return 'next'")).toBe("next");
    },
  },
  {
    name: "serves more leases than it has guests, in turn",
    decidedBy: "wall",
    run: async ({ value, times }) => {
      const values = await Promise.all(
        Array.from({ length: times(40) }, (_, i) =>
          value(`await fixture.echo(); return ${i}`, { tenant: `tenant ${i % 3}` }),
        ),
      );
      expect(values).toEqual(Array.from({ length: times(40) }, (_, i) => i));
    },
  },
  {
    name: "ends everything when it is disposed",
    decidedBy: "wall",
    run: async ({ another }) => {
      const backend = await another();
      const lease = await backend.lease(REQUEST);
      const { host, called, aborted } = waitingHost();
      const outcome = lease.session.run(program("await fixture.echo()"), host);
      await called;
      await Promise.all([backend.dispose(), backend.dispose()]);
      expect((await outcome).failure?.code).toBe("shutting_down");
      await aborted;
      expect(await backend.lease(REQUEST).then(() => "leased", codeOf)).toBe("shutting_down");
    },
  },
  {
    name: "refuses a lease that is cancelled already",
    decidedBy: "wall",
    run: async ({ backend }) => {
      const request = { ...REQUEST, signal: AbortSignal.abort() };
      expect(await backend.lease(request).then(() => "leased", codeOf)).toBe("cancelled");
    },
  },
];
