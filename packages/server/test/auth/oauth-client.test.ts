import { ClientCredentialsProvider, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import {
  createJwtVerifier,
  createStaticTokens,
  newStaticToken,
  type HttpService,
  type TokenVerifier,
} from "@mcp-optimizer/server";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { startAuthorizationServer, type AuthorizationServer } from "../fixtures/authorization-server.ts";
import { startHttp } from "../fixtures/http-server.ts";
import { createClient, type Mode } from "../fixtures/real-client.ts";
import { createWhoSource } from "../fixtures/who-source.ts";

let server: AuthorizationServer;
beforeAll(async () => void (server = await startAuthorizationServer()));
afterAll(() => server.close());

/** A service on a free port: its address, for which tokens are made, is known when it listens. */
async function start(): Promise<HttpService> {
  let known: TokenVerifier | undefined;
  const verifier: TokenVerifier = {
    issuer: server.issuer,
    requiredScopes: ["secrets"],
    takes: (token) => known!.takes(token),
    verify: (token) => known!.verify(token),
  };
  const service = await startHttp({ auth: { verifiers: [verifier] } }, createWhoSource());
  known = createJwtVerifier({ issuer: server.issuer, audience: service.url, requiredScopes: ["secrets"] });
  return service;
}

type Transport = ConstructorParameters<typeof StreamableHTTPClientTransport>[1];

async function connect(mode: Mode, url: string, options: Transport) {
  const client = createClient(mode);
  await client.connect(new StreamableHTTPClientTransport(new URL(url), options));
  onTestFinished(() => client.close());
  return client;
}

describe.each(["legacy", "pinned"] as const)("the SDK's client, %s", (mode) => {
  test("finds the authorization server, gets a token for this service and its scope, and is served", async () => {
    const { url } = await start();
    const authProvider = new ClientCredentialsProvider({
      clientId: "robot",
      clientSecret: "not used here",
      expectedIssuer: server.issuer,
    });
    const client = await connect(mode, url, { authProvider });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["who", "secret"]);
    const { content } = await client.callTool({ name: "who", arguments: {} });
    const alice = `${server.issuer}|alice`;
    expect(JSON.parse((content as { text: string }[])[0]!.text)).toMatchObject({
      tenant: alice,
      principal: alice,
      scopes: ["secrets"],
    });
  });

  test("is served with a static token, and not with another", async () => {
    const { token, hash } = newStaticToken();
    const auth = { verifiers: [createStaticTokens([{ name: "ci", hash }])] };
    const { url } = await startHttp({ auth }, createWhoSource());
    const headers = (value: string) => ({ requestInit: { headers: { authorization: `Bearer ${value}` } } });
    const client = await connect(mode, url, headers(token));
    expect((await client.listTools()).tools).toHaveLength(1);
    await expect(connect(mode, url, headers(newStaticToken().token))).rejects.toThrow(
      /401|[Uu]nauthorized|invalid_token/,
    );
  });
});
