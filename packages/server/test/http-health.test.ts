import { OptimizerError, type JsonObject } from "@mcp-optimizer/contracts";
import { describe, expect, it } from "vitest";
import { createBehaviourSource } from "./fixtures/behaviour-source.ts";
import { startHttp } from "./fixtures/http-server.ts";
import { createManualClock } from "./fixtures/manual-clock.ts";
import { modern } from "./fixtures/messages.ts";
import { PATIENT } from "./fixtures/patient.ts";
import { callModern, modernHeaders, openSession, send } from "./fixtures/raw-http.ts";
import { createFragileState } from "./fixtures/shared-state.ts";

const WAIT = JSON.stringify(modern(1, "tools/call", { name: "wait" }));

async function probe(url: string, path: string, headers: Record<string, string> = {}) {
  const { status, json } = await send(new URL(path, url).href, { method: "GET", headers });
  return [status, json] as const;
}

describe("probes", () => {
  it("are answered under the address, as a cluster asks, and under no strange name", async () => {
    const { url } = await startHttp();
    expect(await probe(url, "/healthz", { host: "10.1.2.3:8080" })).toEqual([200, { status: "ok" }]);
    expect(await probe(url, "/readyz", { host: "[fd00::1]:80" })).toEqual([200, { status: "ready" }]);
    expect((await probe(url, "/readyz", { host: "evil.example" }))[0]).toBe(403);
    expect((await probe(url, "/readyz", { host: "10.1.2.3", origin: "https://evil.example" }))[0]).toBe(403);
    expect((await probe(url, "/mcp", { host: "10.1.2.3" }))[0]).toBe(403);
  });

  it("say what a process waits for, while it is alive", async () => {
    const shared = createFragileState(createManualClock());
    let reasons: readonly string[] = ["no server is ready"];
    const { url } = await startHttp({ shared, ready: async () => reasons });
    shared.away = true;
    expect(await probe(url, "/readyz")).toEqual([
      503,
      {
        status: "not ready",
        reasons: ["store_unavailable: The store is not available.", "no server is ready"],
      },
    ]);
    expect((await probe(url, "/healthz"))[0]).toBe(200);
    shared.away = false;
    reasons = [];
    expect(await probe(url, "/readyz")).toEqual([200, { status: "ready" }]);
  });

  it("do not hang, and tell nothing of an error but its fixed words", async () => {
    const clock = createManualClock();
    const checks = [
      () => new Promise<never>(() => {}),
      () => Promise.reject(new OptimizerError("store_unavailable", { cause: "a secret" })),
      () => Promise.reject(new Error("a secret")),
    ];
    let check = 0;
    const { url } = await startHttp({ clock, ready: () => checks[check]!() });
    const pending = clock.pending;
    const slow = probe(url, "/readyz");
    await expect.poll(() => clock.pending, PATIENT).toBe(pending + 1);
    clock.advance(1_000);
    expect(await slow).toMatchObject([503, { reasons: ["a check took longer than 1000 ms"] }]);
    for (check = 1; check < 3; check += 1) {
      const [status, body] = await probe(url, "/readyz");
      expect([status, JSON.stringify(body).includes("secret")]).toEqual([503, false]);
    }
  });

  it("say first that a process will close, while it still serves", async () => {
    const clock = createManualClock();
    const service = await startHttp({ clock, drainMs: 5_000 });
    const session = await openSession(service.url);
    const closed = service.close();
    expect((await probe(service.url, "/readyz"))[0]).toBe(503);
    expect((await callModern(service.url, "echo", { text: "a" })).status).toBe(200);
    expect((await send(service.url, { method: "DELETE", headers: session })).status).toBe(200);
    clock.advance(5_000);
    await closed;
    await expect(probe(service.url, "/healthz")).rejects.toThrow("ECONNREFUSED");
  });
});

describe("requests beyond what a process can take", () => {
  it("are refused before they begin, with 429 and when to come again", async () => {
    const source = createBehaviourSource();
    const { url } = await startHttp({ maxRequests: 2 }, source);
    const counts = async () =>
      JSON.parse((await source.callTool("counts", {})).content[0]!["text"] as string) as JsonObject;
    const stop = new AbortController();
    const { signal } = stop;
    const waits = [0, 1].map(() =>
      fetch(url, { method: "POST", headers: modernHeaders("tools/call", "wait"), body: WAIT, signal }).catch(
        () => undefined,
      ),
    );
    await expect.poll(counts, PATIENT).toMatchObject({ waiting: 2 });
    const refused = await callModern(url, "echo", { text: "a" });
    expect([refused.status, refused.headers["retry-after"]]).toEqual([429, "1"]);
    expect(refused.json).toMatchObject({ id: null, error: { data: { code: "concurrency_limit" } } });
    expect((await probe(url, "/healthz"))[0]).toBe(200);
    stop.abort();
    await Promise.all(waits);
    const again = async () => (await callModern(url, "echo", { text: "a" })).status;
    await expect.poll(again, PATIENT).toBe(200);
  });
});
