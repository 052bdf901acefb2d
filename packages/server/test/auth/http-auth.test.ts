import { connect } from "node:net";
import type { JsonObject, LogEntry } from "@mcp-optimizer/contracts";
import {
  createJwtVerifier,
  createStaticTokens,
  newStaticToken,
  type HttpOptions,
  type HttpService,
} from "@mcp-optimizer/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  AUDIENCE,
  startAuthorizationServer,
  type AuthorizationServer,
} from "../fixtures/authorization-server.ts";
import { createManualClock } from "../fixtures/manual-clock.ts";
import { startHttp } from "../fixtures/http-server.ts";
import { INITIALIZE, legacy, modern } from "../fixtures/messages.ts";
import {
  modernHeaders,
  openSession,
  openStream,
  POST_HEADERS,
  send,
  type RawAnswer,
} from "../fixtures/raw-http.ts";
import { createWhoSource } from "../fixtures/who-source.ts";

const WHO = JSON.stringify(modern(1, "tools/call", { name: "who", arguments: {} }));
const WHO_HEADERS = modernHeaders("tools/call", "who");
const LIST = JSON.stringify(modern(1, "tools/list"));
const METADATA = "/.well-known/oauth-protected-resource";
const { token, hash } = newStaticToken();
const DAY = 86_400_000;

let server: AuthorizationServer;
beforeAll(async () => void (server = await startAuthorizationServer()));
afterAll(() => server.close());

async function start(options: Partial<HttpOptions> = {}, requiredScopes: string[] = ["mcp"]) {
  const said: LogEntry[] = [];
  const verifiers = [
    createStaticTokens([{ name: "ci", hash, scopes: ["secrets"] }]),
    createJwtVerifier({ issuer: server.issuer, audience: AUDIENCE, requiredScopes }),
  ];
  const auth = { verifiers, publicUrl: AUDIENCE };
  const service = await startHttp({ auth, log: (entry) => said.push(entry), ...options }, createWhoSource());
  const ask = (authorization?: string, headers: Record<string, string> = {}): Promise<RawAnswer> =>
    send(service.url, {
      headers: { ...WHO_HEADERS, ...headers, ...(authorization !== undefined && { authorization }) },
      body: WHO,
    });
  return { service, said, ask, at: (path: string) => new URL(path, service.url).href };
}

const whoIn = ({ json }: RawAnswer): JsonObject => {
  const { content } = json!["result"] as { content: { text: string }[] };
  return JSON.parse(content[0]!.text) as JsonObject;
};

describe("a request", () => {
  test("with a token is served as its caller's, and the token goes no further", async () => {
    const { ask, said } = await start();
    const answer = await ask(`Bearer ${token}`);
    expect(whoIn(answer)).toEqual({ tenant: "ci", principal: "ci", scopes: ["secrets"] });
    const jwt = await server.sign({ scope: "mcp git:read" });
    const alice = `${server.issuer}|alice`;
    expect(whoIn(await ask(`Bearer ${jwt}`))).toEqual({
      tenant: alice,
      principal: alice,
      scopes: ["mcp", "git:read"],
    });
    expect(JSON.stringify([answer.headers, said])).not.toContain(token.slice(5));
  });

  test.each(["Bearer", "bearer", "BEARER", "bEaReR "])("may spell the scheme %j", async (scheme) => {
    const { ask } = await start();
    expect((await ask(`${scheme} ${token}`)).status).toBe(200);
  });

  test("without a token is told where to get one, and not that it has a wrong one", async () => {
    const { ask } = await start();
    for (const header of [undefined, "Basic YTpi", "Bearerx y"]) {
      const { status, headers, text } = await ask(header);
      expect(status).toBe(401);
      expect(headers["www-authenticate"]).toBe(
        `Bearer resource_metadata="https://mcp.test${METADATA}/mcp", scope="mcp"`,
      );
      expect(headers["cache-control"]).toBe("no-store");
      expect(text).not.toContain("who");
    }
  });

  test("with a wrong token is refused in words that hold nothing of it", async () => {
    const { ask, said } = await start();
    for (const wrong of [
      newStaticToken().token,
      "x.y.z",
      "opaque",
      await server.sign({ aud: "https://other.test" }),
    ]) {
      const { status, headers, text } = await ask(`Bearer ${wrong}`);
      expect(status).toBe(401);
      expect(headers["www-authenticate"]).toMatch(
        /^Bearer error="invalid_token", error_description="[^"]+", resource_metadata=/,
      );
      expect(text + headers["www-authenticate"] + JSON.stringify(said)).not.toContain(wrong);
    }
    expect(said.length).toBeGreaterThanOrEqual(4);
  });

  test("with a token that grants too little is told what is missing", async () => {
    const { ask } = await start();
    const { status, headers } = await ask(`Bearer ${await server.sign({ scope: "other" })}`);
    expect(status).toBe(403);
    expect(headers["www-authenticate"]).toMatch(/^Bearer error="insufficient_scope".*scope="mcp"$/);
  });

  test.each([
    "Bearer ",
    "Bearer a b",
    'Bearer "quoted"',
    "Bearer a,b",
    "Bearer \u00e9",
    `Bearer ${"é".repeat(10)}`,
  ])("whose header cannot be read is a bad one: %j", async (header) => {
    const { ask } = await start();
    const { status, headers } = await ask(header);
    expect([400, 401]).toContain(status);
    expect(headers["www-authenticate"]).toMatch(/^Bearer /);
  });

  test("whose token is in the address is a bad one, even beside a good header", async () => {
    const { service, said } = await start();
    for (const headers of [WHO_HEADERS, { ...WHO_HEADERS, authorization: `Bearer ${token}` }]) {
      const answer = await send(`${service.url}?access_token=${token}`, { headers, body: WHO });
      expect(answer.status).toBe(400);
      expect(answer.headers["www-authenticate"]).toContain('error="invalid_request"');
      expect(answer.text + JSON.stringify(said)).not.toContain(token);
    }
  });

  test("with two headers is a bad one, whichever is good", async () => {
    const { service } = await start();
    for (const lines of [
      [`Authorization: Bearer ${token}`, "Authorization: Bearer x"],
      ["authorization: Bearer x", `AUTHORIZATION: Bearer ${token}`],
      [`Authorization: Bearer ${token}`, `Authorization: Bearer ${token}`],
    ]) {
      expect(await raw(service, lines)).toMatch(/^HTTP\/1\.1 400 /);
    }
  });

  test.each([
    ["a bare line feed", "Authorization: Bearer x\nX-Admin: 1"],
    ["a bare carriage return", "Authorization: Bearer x\rX-Admin: 1"],
    ["a folded line", "Authorization: Bearer\r\n x"],
    ["a NUL", "Authorization: Bearer x\0y"],
    ["a space before the colon", "Authorization : Bearer x"],
    ["a token without end", `Authorization: Bearer ${"a".repeat(20_000)}`],
  ])("with %s in the header reaches nobody", async (_name, line) => {
    const { service } = await start();
    expect(await raw(service, [line])).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(
      (await send(service.url, { headers: { ...WHO_HEADERS, authorization: `Bearer ${token}` }, body: WHO }))
        .status,
    ).toBe(200);
  });

  test("is refused before its body is read", async () => {
    const { service } = await start({ maxBodyBytes: 100 });
    const body = "x".repeat(1_000);
    expect((await send(service.url, { headers: WHO_HEADERS, body })).status).toBe(401);
    const authorization = `Bearer ${token}`;
    expect((await send(service.url, { headers: { ...WHO_HEADERS, authorization }, body })).status).toBe(413);
  });

  test("of every kind needs a token", async () => {
    const { service } = await start();
    for (const method of ["GET", "POST", "DELETE", "PUT", "OPTIONS"]) {
      expect((await send(service.url, { method, headers: WHO_HEADERS })).status).toBe(401);
    }
    expect(
      (await send(service.url, { headers: POST_HEADERS, body: JSON.stringify(INITIALIZE) })).status,
    ).toBe(401);
  });

  test("that cannot be checked now is asked to come again", async () => {
    const away = await startAuthorizationServer();
    const verifiers = [createJwtVerifier({ issuer: away.issuer, audience: AUDIENCE })];
    const { ask } = await start({ auth: { verifiers, publicUrl: AUDIENCE } });
    const jwt = await away.sign();
    await away.close();
    const { status, headers } = await ask(`Bearer ${jwt}`);
    expect([status, headers["retry-after"]]).toEqual([503, "5"]);
    expect(headers).not.toHaveProperty("www-authenticate");
  });
});

describe("a list of tools", () => {
  test("is what its caller may see", async () => {
    const { service } = await start();
    const names = async (bearer: string): Promise<string[]> => {
      const headers = { ...modernHeaders("tools/list"), authorization: `Bearer ${bearer}` };
      const { json } = await send(service.url, { headers, body: LIST });
      return (json!["result"] as { tools: { name: string }[] }).tools.map(({ name }) => name);
    };
    expect(await names(token)).toEqual(["who", "secret"]);
    expect(await names(await server.sign({ scope: "mcp" }))).toEqual(["who"]);
  });
});

describe("a session of a client before 2026-07-28", () => {
  test("is its principal's, and there is none for anybody else", async () => {
    const { service } = await start();
    const opened = await openSession(service.url, { authorization: `Bearer ${token}` });
    const as = async (bearer: string): Promise<number> => {
      const headers = { ...opened, authorization: `Bearer ${bearer}` };
      return (await send(service.url, { headers, body: JSON.stringify(legacy(5, "ping")) })).status;
    };
    const alice = await server.sign({ scope: "mcp" });
    expect([await as(token), await as(alice)]).toEqual([200, 404]);
    const end = { ...opened, authorization: `Bearer ${alice}` };
    expect((await send(service.url, { method: "DELETE", headers: end })).status).toBe(404);
    expect(await as(token)).toBe(200);
  });

  test("goes on with a new token of the same principal, and with its scopes", async () => {
    const { service } = await start();
    const opened = await openSession(service.url, {
      authorization: `Bearer ${await server.sign({ scope: "mcp" })}`,
    });
    const call = JSON.stringify(legacy(5, "tools/call", { name: "who", arguments: {} }));
    const headers = {
      ...opened,
      authorization: `Bearer ${await server.sign({ scope: "mcp more", jti: "2" })}`,
    };
    expect(whoIn(await send(service.url, { headers, body: call }))).toMatchObject({
      scopes: ["mcp", "more"],
    });
  });
});

describe("a stream", () => {
  test.each(["before 2026-07-28", "since"])("of a client %s ends with its token", async (era) => {
    const clock = createManualClock();
    const verifiers = [createStaticTokens([{ name: "ci", hash, expires: "1970-02-15" }], clock)];
    const { service } = await start({ auth: { verifiers }, clock, sessionIdleMs: 90 * DAY });
    const authorization = `Bearer ${token}`;
    const listen = modern(7, "subscriptions/listen", { notifications: { toolsListChanged: true } });
    const request =
      era === "since"
        ? {
            headers: { ...modernHeaders("subscriptions/listen"), authorization },
            body: JSON.stringify(listen),
          }
        : {
            method: "GET",
            headers: { ...(await openSession(service.url, { authorization })), accept: "text/event-stream" },
          };
    const stream = await openStream(service.url, request);
    let closed = false;
    void stream.closed.then(() => (closed = true));
    expect(stream.status).toBe(200);
    clock.advance(44 * DAY);
    expect((await send(new URL("/healthz", service.url).href, { method: "GET" })).status).toBe(200);
    expect(closed).toBe(false);
    clock.advance(DAY);
    await stream.closed;
  });
});

describe("what anybody may ask", () => {
  test("is where tokens come from, from any page", async () => {
    const { at } = await start();
    for (const path of [METADATA, `${METADATA}/mcp`]) {
      const { status, headers, json } = await send(at(path), {
        method: "GET",
        headers: { origin: "https://app.example" },
      });
      expect([status, headers["access-control-allow-origin"]]).toEqual([200, "*"]);
      expect(json).toEqual({
        resource: AUDIENCE,
        authorization_servers: [server.issuer],
        bearer_methods_supported: ["header"],
        resource_name: "fixture",
        scopes_supported: ["mcp"],
      });
      expect((await send(at(path), { method: "OPTIONS" })).status).toBe(204);
      expect((await send(at(path), { method: "POST" })).status).toBe(405);
    }
    expect((await send(at(`${METADATA}/other`), { method: "GET" })).status).toBe(404);
  });

  test("is not where tokens come from, where they come from the operator", async () => {
    const auth = { verifiers: [createStaticTokens([{ name: "ci", hash }])] };
    const { at, ask } = await start({ auth });
    expect((await send(at(METADATA), { method: "GET" })).status).toBe(404);
    expect((await ask()).headers["www-authenticate"]).toBe("Bearer");
  });

  test("is whether it is alive", async () => {
    const { at } = await start();
    expect((await send(at("/healthz"), { method: "GET" })).status).toBe(200);
  });
});

describe("an address that others can reach", () => {
  const verifiers = [createStaticTokens([{ name: "ci", hash }])];
  const refusal = async (options: Partial<HttpOptions>): Promise<string> =>
    await startHttp({ host: "0.0.0.0", ...options }).then(
      () => "it listens",
      (error: { code: string; message: string }) => `${error.code} ${error.message}`,
    );

  test.each<[string, () => Partial<HttpOptions>, RegExp]>([
    ["authentication", () => ({}), /without authentication.*set auth/],
    ["anybody who may use it", () => ({ auth: { verifiers: [] } }), /auth names nobody/],
    ["a name", () => ({ auth: { verifiers } }), /set auth\.publicUrl, or auth\.allowedHosts/],
    [
      "TLS in its public address",
      () => ({ auth: { verifiers, publicUrl: "http://mcp.test/mcp" } }),
      /publicUrl must be the HTTPS/,
    ],
    [
      "a public address that is one",
      () => ({ auth: { verifiers, publicUrl: "mcp.test" } }),
      /publicUrl must be/,
    ],
    [
      "a public address alone",
      () => ({ auth: { verifiers, publicUrl: "https://mcp.test/mcp?a=b" } }),
      /publicUrl must be/,
    ],
    [
      "a public address for tokens to be made for",
      () => ({
        auth: { verifiers: [createJwtVerifier({ issuer: server.issuer, audience: "x" })] },
        allowedHosts: ["mcp.test"],
      }),
      /set auth\.publicUrl/,
    ],
  ])("is not listened on without %s", async (_name, options, says) => {
    expect(await refusal(options())).toMatch(says);
  });

  test("is listened on with them; Host and Origin are checked all the same, and only probes may name the address", async () => {
    const service = await startHttp(
      { host: "0.0.0.0", auth: { verifiers, publicUrl: AUDIENCE } },
      createWhoSource(),
    );
    const url = service.url.replace("0.0.0.0", "127.0.0.1");
    const ask = async (headers: Record<string, string>): Promise<number> =>
      (
        await send(url, {
          headers: { ...WHO_HEADERS, authorization: `Bearer ${token}`, ...headers },
          body: WHO,
        })
      ).status;
    expect(await ask({ host: "mcp.test" })).toBe(200);
    expect(await ask({})).toBe(403);
    expect(await ask({ host: "localhost" })).toBe(403);
    expect(await ask({ host: "mcp.test", origin: "https://evil.example" })).toBe(403);
    expect(await ask({ host: "mcp.test", authorization: "" })).toBe(401);
    expect((await send(new URL("/healthz", url).href, { method: "GET" })).status).toBe(200);
  });

  test("may have other names", async () => {
    const service = await startHttp(
      { host: "0.0.0.0", auth: { verifiers }, allowedHosts: ["a.test", "b.test"] },
      createWhoSource(),
    );
    const url = service.url.replace("0.0.0.0", "127.0.0.1");
    const headers = { ...WHO_HEADERS, authorization: `Bearer ${token}`, host: "b.test" };
    expect((await send(url, { headers, body: WHO })).status).toBe(200);
  });
});

/** Sends a request with header lines as they are; resolves with the first line of the answer. */
function raw({ url }: HttpService, lines: readonly string[]): Promise<string> {
  const { hostname, port, pathname, host } = new URL(url);
  const head = [
    `POST ${pathname} HTTP/1.1`,
    `Host: ${host}`,
    ...Object.entries(WHO_HEADERS).map((pair) => pair.join(": ")),
  ];
  const text = [...head, ...lines, `Content-Length: ${WHO.length}`, "Connection: close", "", WHO].join(
    "\r\n",
  );
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(Number(port), hostname, () => socket.write(text, "latin1"));
    socket.on("data", (chunk: Buffer) => (answer += chunk.toString()));
    socket.on("error", reject);
    socket.on("close", () => resolve(answer.split("\r\n", 1)[0]!));
  });
}
