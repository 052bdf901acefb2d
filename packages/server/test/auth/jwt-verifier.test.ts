import { createHmac, createPublicKey } from "node:crypto";
import { createJwtVerifier, type JwtOptions, type TokenVerifier } from "@mcp-optimizer/server";
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  AUDIENCE,
  startAuthorizationServer,
  type AuthorizationServer,
} from "../fixtures/authorization-server.ts";

let server: AuthorizationServer;
let verifier: TokenVerifier;
beforeAll(async () => {
  server = await startAuthorizationServer();
  verifier = verifierOf();
});
afterAll(() => server.close());

const verifierOf = (options: Partial<JwtOptions> = {}): TokenVerifier =>
  createJwtVerifier({ issuer: server.issuer, audience: AUDIENCE, ...options });
const seconds = (from: number): number => Math.floor(Date.now() / 1_000) + from;
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("a token of the authorization server", () => {
  test("names its subject, who is a tenant of its own", async () => {
    const alice = `${server.issuer}|alice`;
    expect(await verifier.verify(await server.sign())).toEqual({
      tenant: alice,
      principal: alice,
      scopes: [],
      expiresAt: expect.any(Number),
    });
  });

  test.each<[string, Record<string, unknown>, readonly string[]]>([
    ["in one text", { scope: "git:read git:write git:read" }, ["git:read", "git:write"]],
    ["in a list", { scope: ["git:read"] }, ["git:read"]],
    ["as scp", { scp: ["a", "b"] }, ["a", "b"]],
    ["as scp beside scope", { scope: "a", scp: ["b"] }, ["a"]],
    ["that are none", { scope: ["ok", "", 'qu"ote', 7, null, "sp ace", "nul\0"] }, ["ok"]],
    ["in an object", { scope: { admin: true } }, []],
  ])("grants scopes %s", async (_name, claims, scopes) => {
    expect(await verifier.verify(await server.sign(claims))).toMatchObject({ scopes });
  });

  test("names tenant, principal and scopes by the claims that are said to", async () => {
    const own = verifierOf({ tenantClaim: "org", principalClaim: "client_id", scopeClaim: "roles" });
    const claims = { org: "acme", client_id: "robot", roles: ["x"], scope: "y" };
    expect(await own.verify(await server.sign(claims))).toMatchObject({
      tenant: "acme",
      principal: `${server.issuer}|robot`,
      scopes: ["x"],
    });
    const robot = `${server.issuer}|robot`;
    expect(await own.verify(await server.sign({ ...claims, org: undefined }))).toMatchObject({
      tenant: robot,
    });
  });

  test.each(["at+jwt", "application/at+jwt", "JWT", undefined])("may be of the kind %s", async (typ) => {
    expect(await verifier.verify(await server.sign({}, { typ }))).toMatchObject({
      principal: `${server.issuer}|alice`,
    });
  });

  test("may be for several services", async () => {
    expect(
      await verifier.verify(await server.sign({ aud: ["https://other.test", AUDIENCE] })),
    ).toHaveProperty("tenant");
  });

  test("has to have every scope that is required", async () => {
    const strict = verifierOf({ requiredScopes: ["mcp", "tools"] });
    expect(await strict.verify(await server.sign({ scope: "tools mcp" }))).toHaveProperty("tenant");
    expect(await strict.verify(await server.sign({ scope: "mcp" }))).toEqual({
      refused: "insufficient_scope",
      why: "the token lacks tools",
    });
  });
});

describe("refused", () => {
  type Forge = () => Promise<string> | string;
  const publicPem = (): string =>
    createPublicKey({ key: server.jwk, format: "jwk" }).export({ type: "spki", format: "pem" }).toString();
  const hmac = (key: string | Buffer): string => {
    const body = `${encoded({ alg: "HS256", typ: "JWT", kid: server.jwk.kid })}.${encoded({ iss: server.issuer, aud: AUDIENCE, sub: "alice", exp: seconds(300) })}`;
    return `${body}.${createHmac("sha256", key).update(body).digest("base64url")}`;
  };
  const withOwnKey = async (header: Record<string, unknown>): Promise<string> => {
    const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
    const jwk = await exportJWK(publicKey);
    return await new SignJWT({ iss: server.issuer, aud: AUDIENCE, sub: "alice", exp: seconds(300) })
      .setProtectedHeader({ alg: "ES256", kid: server.jwk.kid!, ...header, ...("jwk" in header && { jwk }) })
      .sign(privateKey);
  };
  const altered = async (part: 0 | 1, change: Record<string, unknown>): Promise<string> => {
    const parts = (await server.sign()).split(".");
    const value = JSON.parse(Buffer.from(parts[part]!, "base64url").toString()) as object;
    parts[part] = encoded({ ...value, ...change });
    return parts.join(".");
  };

  test.each<[string, Forge]>([
    [
      "the algorithm none",
      () => new UnsecuredJWT({ iss: server.issuer, aud: AUDIENCE, sub: "alice", exp: seconds(300) }).encode(),
    ],
    ["the algorithm NONE, with a signature", async () => await altered(0, { alg: "NONE" })],
    ["HS256 with the public key, as PEM", () => hmac(publicPem())],
    ["HS256 with the public key, as JWK", () => hmac(JSON.stringify(server.jwk))],
    ["HS256 without a key", () => hmac("")],
    ["a key of its own under the server's name", async () => await withOwnKey({})],
    ["a key of its own in the header", async () => await withOwnKey({ jwk: true })],
    ["a key of its own behind jku", async () => await withOwnKey({ jku: "https://evil.example/keys" })],
    ["a key of its own behind x5u", async () => await withOwnKey({ x5u: "https://evil.example/cert" })],
    ["a key's name that is a path", async () => await server.sign({}, { kid: "../../../../dev/null" })],
    ["a key's name that is a query", async () => await server.sign({}, { kid: "' OR 1=1 --" })],
    ["a key's name that is a list", async () => await altered(0, { kid: ["key-1"] })],
    ["another subject under the old signature", async () => await altered(1, { sub: "bob" })],
    ["no signature", async () => (await server.sign()).replace(/\.[^.]*$/, ".")],
    ["another issuer", async () => await server.sign({ iss: "https://evil.example" })],
    [
      "an issuer that only begins alike",
      async () => await server.sign({ iss: `${server.issuer}.evil.example` }),
    ],
    ["no issuer", async () => await server.sign({ iss: undefined })],
    ["another audience", async () => await server.sign({ aud: "https://other.test/mcp" })],
    ["no audience", async () => await server.sign({ aud: undefined })],
    ["an end long ago", async () => await server.sign({ exp: seconds(-3_600) })],
    ["an end just outside the tolerance", async () => await server.sign({ exp: seconds(-32) })],
    ["no end", async () => await server.sign({ exp: undefined })],
    ["an end that is a text", async () => await server.sign({ exp: "never" })],
    ["a begin to come", async () => await server.sign({ nbf: seconds(3_600) })],
    ["no subject", async () => await server.sign({ sub: undefined })],
    ["an empty subject", async () => await server.sign({ sub: "" })],
    ["a subject with control characters", async () => await server.sign({ sub: "alice\r\nx-admin: 1" })],
    ["a subject without end", async () => await server.sign({ sub: "a".repeat(300) })],
    ["the kind of a logout token", async () => await server.sign({}, { typ: "logout+jwt" })],
    ["the kind of a proof", async () => await server.sign({}, { typ: "dpop+jwt" })],
    ["a header that must be understood", async () => await altered(0, { crit: ["x"], x: 1 })],
    ["a key that it is bound to", async () => await server.sign({ cnf: { jkt: "x" } })],
    ["a length that nobody needs", async () => await server.sign({ big: "x".repeat(12_288) })],
    ["a million dots", () => "..".repeat(5_000)],
  ])("with %s", async (_name, forge) => {
    const token = await forge();
    const verdict = await verifier.verify(token);
    expect(verdict).toMatchObject({ refused: "invalid_token" });
    expect(JSON.stringify(verdict)).not.toContain(token);
  });

  test("was nobody asked for a key elsewhere", () => {
    expect(new Set(server.asked)).toEqual(new Set(["/.well-known/oauth-authorization-server", "/keys"]));
  });

  test.each(["", "local", "acme|1", 7, ["acme"], "a\u202Eb"])("with the tenant %j", async (org) => {
    const own = verifierOf({ tenantClaim: "org" });
    expect(await own.verify(await server.sign({ org }))).toMatchObject({ refused: "invalid_token" });
  });

  test("is a token in the tolerance not", async () => {
    expect(await verifier.verify(await server.sign({ exp: seconds(-5) }))).toHaveProperty("tenant");
    expect(
      await verifierOf({ clockToleranceSeconds: 0 }).verify(await server.sign({ exp: seconds(-5) })),
    ).toMatchObject({ refused: "invalid_token" });
  });
});

describe("settings", () => {
  test.each<[string, Partial<JwtOptions>, RegExp]>([
    ["an issuer without TLS", { issuer: "http://as.example.com" }, /issuer.*HTTPS/],
    ["an issuer that is none", { issuer: "keycloak" }, /issuer.*HTTPS/],
    ["an issuer without end", { issuer: `https://as.test/${"a".repeat(250)}` }, /issuer.*255/],
    ["keys without TLS", { jwksUri: "http://as.example.com/keys" }, /jwksUri.*HTTPS/],
    ["no audience", { audience: [] }, /audience/],
    ["an empty audience", { audience: [""] }, /audience/],
    ["the algorithm none", { algorithms: ["none"] }, /none/],
    ["a shared secret", { algorithms: ["RS256", "HS256"] }, /HS256/],
  ])("are refused with %s", (_name, options, says) => {
    expect(() => verifierOf(options)).toThrow(says);
  });

  test("limit the algorithms", async () => {
    const verdict = await verifierOf({ algorithms: ["RS256"] }).verify(await server.sign());
    expect(verdict).toMatchObject({ refused: "invalid_token" });
  });
});
