import { createJwtVerifier, type JwtOptions, type TokenVerifier } from "@mcp-optimizer/server";
import type { LogEntry } from "@mcp-optimizer/contracts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  AUDIENCE,
  startAuthorizationServer,
  type AuthorizationServer,
} from "../fixtures/authorization-server.ts";
import { createManualClock, type ManualClock } from "../fixtures/manual-clock.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let server: AuthorizationServer;
let clock: ManualClock;
let said: LogEntry[];
beforeEach(async () => {
  server = await startAuthorizationServer();
  clock = createManualClock();
  said = [];
});
afterEach(() => server.close());

const open = (options: Partial<JwtOptions> = {}): TokenVerifier =>
  createJwtVerifier(
    { issuer: server.issuer, audience: AUDIENCE, ...options },
    { clock, log: (entry) => said.push(entry), timeoutMs: 2_000 },
  );
const sign = (header = {}): Promise<string> => server.sign({}, header, clock.now());
const verdict = async (verifier: TokenVerifier, token?: string): Promise<string> => {
  const answer = await verifier.verify(token ?? (await sign()));
  return "refused" in answer ? answer.refused : "taken";
};
const fetched = (): number => server.asked.filter((path) => path === "/keys").length;
describe("keys", () => {
  test("are found by what the issuer says of itself, once", async () => {
    const verifier = open();
    const tokens = await Promise.all([sign(), sign(), sign()]);
    expect(await Promise.all(tokens.map((token) => verdict(verifier, token)))).toEqual([
      "taken",
      "taken",
      "taken",
    ]);
    expect(server.asked).toEqual(["/.well-known/oauth-authorization-server", "/keys"]);
  });

  test("are where they are said to be", async () => {
    expect(await verdict(open({ jwksUri: `${server.issuer}/keys` }))).toBe("taken");
    expect(server.asked).toEqual(["/keys"]);
  });

  test("of an issuer that says it is another are not taken", async () => {
    server.named = "https://evil.example";
    expect(await verdict(open())).toBe("unavailable");
    expect(String(said[0]!.cause)).toMatch(/speaks of the issuer "https:\/\/evil\.example"/);
  });

  test("are fetched again when a token names a new one, and the old one is none then", async () => {
    const verifier = open();
    const old = await sign();
    expect(await verdict(verifier, old)).toBe("taken");
    await server.rotate();
    clock.advance(31_000);
    expect(await verdict(verifier)).toBe("taken");
    expect(await verdict(verifier, old)).toBe("invalid_token");
    expect(fetched()).toBe(2);
  });

  test("are not fetched at the will of whoever makes up names", async () => {
    const verifier = open();
    expect(await verdict(verifier)).toBe("taken");
    for (let at = 0; at < 50; at += 1) {
      expect(await verdict(verifier, await sign({ kid: `made up ${at}` }))).toBe("invalid_token");
      clock.advance(2_000);
    }
    expect(fetched()).toBeLessThanOrEqual(1 + Math.ceil(100 / 30));
  });

  test("go on while the server is away, are fetched again when it is back, and do not go on for ever", async () => {
    const verifier = open();
    expect(await verdict(verifier)).toBe("taken");
    server.away = true;
    clock.advance(11 * MINUTE);
    expect(await verdict(verifier)).toBe("taken");
    await expect.poll(() => said.length, { timeout: 5_000 }).toBe(1);
    expect(said[0]).toMatchObject({ level: "warn" });
    expect(await verdict(verifier, await sign({ kid: "new" }))).toBe("unavailable");
    clock.advance(23 * HOUR);
    expect(await verdict(verifier)).toBe("taken");
    clock.advance(HOUR);
    expect(await verdict(verifier)).toBe("unavailable");
    server.away = false;
    clock.advance(6_000);
    expect(await verdict(verifier)).toBe("taken");
  });

  test("of a server that took one back are refreshed without anybody waiting", async () => {
    const verifier = open();
    const old = await server.sign({ exp: 3_600 });
    expect(await verdict(verifier, old)).toBe("taken");
    await server.rotate();
    clock.advance(10 * MINUTE + 1);
    expect(await verdict(verifier, old)).toBe("taken");
    await expect.poll(() => verdict(verifier, old), { timeout: 5_000 }).toBe("invalid_token");
    expect(fetched()).toBe(2);
  });

  test("that were never there are asked for at most every five seconds", async () => {
    server.away = true;
    const verifier = open();
    for (let at = 0; at < 20; at += 1) {
      expect(await verdict(verifier)).toBe("unavailable");
      clock.advance(1_000);
    }
    expect(server.asked.length).toBeLessThanOrEqual(5);
    server.away = false;
    clock.advance(5_000);
    expect(await verdict(verifier)).toBe("taken");
  });

  test("are waited for no longer than that in all, and are no endless document", async () => {
    const signals: unknown[] = [];
    const endless = async function* () {
      for (;;) yield Buffer.alloc(65_536, " ");
    };
    const bodies = [new Response(null, { status: 404 }), undefined, new Response(endless())];
    const get = async (_url: URL, { signal }: RequestInit): Promise<Response> => {
      signals.push(signal);
      const body = bodies.shift();
      if (body !== undefined) return body;
      return await new Promise((_resolve, reject) => {
        signal!.addEventListener("abort", () => reject(new Error("too late")));
      });
    };
    const parts = { clock, timeoutMs: 50, log: (entry: LogEntry) => said.push(entry), fetch: get };
    const verifier = createJwtVerifier({ issuer: server.issuer, audience: AUDIENCE }, parts);
    expect(await verdict(verifier)).toBe("unavailable");
    expect([signals.length, new Set(signals).size]).toEqual([2, 1]);
    clock.advance(MINUTE);
    expect(await verdict(verifier)).toBe("unavailable");
    expect(String(said.at(-1)!.cause)).toContain("more than");
  });
});
