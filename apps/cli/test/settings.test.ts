import { DEFAULT_FEATURE_FLAGS } from "@mcp-optimizer/contracts";
import { parseConfigDocument } from "@mcp-optimizer/upstreams";
import { describe, expect, test, vi } from "vitest";
import { loadSettings } from "../src/load-settings.ts";
import { parseEnvironment, unknownVariables } from "../src/parse-environment.ts";
import { parseSettings } from "../src/parse-settings.ts";
import { resolveSettings, type SettingSources } from "../src/resolve-settings.ts";
import { SETTING_VARIABLES } from "../src/setting-variables.ts";
import type { Settings } from "../src/settings.ts";

const SERVERS = ["files", "git"];
const SECRET = "0123456789abcdef0123456789abcdef";
const parse = (optimizer: object, servers: readonly string[] = SERVERS) =>
  parseSettings(parseConfigDocument(JSON.stringify({ optimizer }, null, 1), "conf/mcp.json"), servers);

const invalid = (act: () => unknown, message: RegExp, code = "config_invalid"): void => {
  expect(act).toThrow(expect.objectContaining({ code }));
  expect(act).toThrow(message);
};

/** One of each block. */
const EVERYTHING: Settings = {
  features: { executionMode: "mcp_only", enableCaching: false, cacheTtlSeconds: 0 },
  limits: { calls: 9 },
  rates: { session: { runsPerMinute: 5 }, tenant: { tokensPerHour: 100_000, runsAtOnce: 4 } },
  resilience: { retries: 0, breakAfter: 9 },
  cache: {
    never: ["git.git_status"],
    ttlSeconds: { "files.*": 30 },
    sameData: [["files", "git"]],
    stateless: ["git"],
  },
  policy: {
    default: { write: "ask" },
    rules: [{ decide: "deny", server: "git", tool: "push*" }],
    flows: [{ from: "files", to: "git" }],
  },
  approvals: { ttlSeconds: 60, secret: "${SECRET}" },
  context: { ttlSeconds: 60 },
  sessions: { ttlSeconds: 60, archive: "/ended" },
  queue: {
    enabled: false,
    maxWaiting: 10,
    maxWaitingPerTenant: 5,
    maxWaitingBytes: 2 ** 25,
    maxWaitingBytesPerTenant: 2 ** 24,
    maxWaitMs: 500,
    weights: { team: 2 },
  },
  check: "advise",
  foregroundSeconds: 2.5,
  pinned: ["git.git_log"],
  resultTokens: 500,
  maxRuns: 3,
  manifest: "standard",
  inverses: { "files.write": { tool: "files.remove", args: { path: { $from: "args.path" } } } },
  modelMaySave: true,
  auth: {
    tokens: [
      {
        name: "ci",
        hash: `sha256:${"0".repeat(64)}`,
        tenant: "team",
        scopes: ["a:b"],
        expires: "2027-01-31",
      },
    ],
    jwt: { issuer: "https://login.example.com/", requiredScopes: ["mcp"], tenantClaim: "org" },
    publicUrl: "https://mcp.example.com/mcp",
    allowedHosts: ["mcp.example.com"],
  },
  learning: "probe",
  adaptors: ["some-package", { use: "./own.ts", options: { key: 1 } }],
};

describe("the configuration", () => {
  test("may set everything", () => {
    expect(parse(EVERYTHING)).toEqual(EVERYTHING);
    expect(parse({})).toEqual({});
  });

  test("names folders as it stands itself", () => {
    expect(parse({ programs: "saved", state: "../state", sessions: { archive: "ended" } })).toEqual({
      programs: "conf/saved",
      state: "state",
      sessions: { archive: "conf/ended" },
    });
    for (const state of ["Redis://:s3cret@h", "sqlite:/x/state.db", "${REDIS_URL}"])
      expect(parse({ state })).toEqual({ state });
    expect(parse({ programs: "/saved", state: "memory" })).toEqual({ programs: "/saved", state: "memory" });
  });

  test.each<[string, object, RegExp]>([
    ["an unknown block", { feature: {} }, /conf\/mcp\.json:2: optimizer Unrecognized key: "feature"/],
    ["an unknown flag", { features: { cache: 1 } }, /json:3: optimizer\.features Unrecognized key: "cache"/],
    ["an unknown mode", { features: { executionMode: "fast" } }, /:4: optimizer\.features\.executionMode /],
    ["no tokens", { features: { maxTokensPerRequest: 0 } }, /maxTokensPerRequest Too small.*>=1/],
    ["a cache for ever", { features: { cacheTtlSeconds: 1e9 } }, /cacheTtlSeconds Too big.*<=31536000/],
    ["half a KB", { features: { contextSizeLimitKb: 0.5 } }, /features\.contextSizeLimitKb/],
    [
      "a rate of nothing",
      { rates: { tenant: { runsPerMinute: 0 } } },
      /rates\.tenant\.runsPerMinute Too small/,
    ],
    ["retries without end", { resilience: { retries: 99 } }, /resilience\.retries Too big/],
    ["a time that is none", { cache: { ttlSeconds: { "git.*": -1 } } }, /cache\.ttlSeconds.* Too small/],
    [
      "a tool to cache that no server has",
      { cache: { never: ["gti.log"] } },
      /:5: optimizer\.cache\.never\[0\] can/,
    ],
    ["an unknown decision", { policy: { default: { write: "maybe" } } }, /policy\.default\.write/],
    [
      "a token instead of its hash",
      { auth: { tokens: [{ name: "ci", hash: "mcpo_x" }] } },
      /auth\.tokens\[0\]\.hash is no hash.*auth token/,
    ],
    [
      "a day that is none",
      { auth: { tokens: [{ name: "ci", hash: `sha256:${"0".repeat(64)}`, expires: "soon" }] } },
      /tokens\[0\]\.expires/,
    ],
    ["an issuer that is none", { auth: { jwt: { issuer: "keycloak" } } }, /auth\.jwt\.issuer/],
    [
      "a scope of two words",
      { auth: { jwt: { requiredScopes: ["a b"] } } },
      /requiredScopes\[0\] is no scope/,
    ],
    ["an unknown check", { check: "hard" }, /:3: optimizer\.check /],
    ["no foreground", { foregroundSeconds: 0 }, /foregroundSeconds Too small/],
    ["a pin that is none", { pinned: [""] }, /optimizer\.pinned\[0\]/],
    ["an inverse of nothing", { inverses: { write: { tool: "a.b", args: {} } } }, /inverses\.write/],
    [
      "a rule for a server that is not there",
      {
        policy: {
          rules: [
            { decide: "deny", tool: "x" },
            { decide: "deny", server: "gti" },
          ],
        },
      },
      /conf\/mcp\.json:\d+: optimizer\.policy\.rules\[1\] can never apply: there is no server "gti"; there are files, git/,
    ],
    [
      "a rule that another takes everything from",
      { policy: { rules: [{ decide: "allow" }, { decide: "deny", server: "git" }] } },
      /policy\.rules\[1\] can never apply: policy\.rules\[0\] decides all/,
    ],
    [
      "a flow from nowhere",
      { policy: { flows: [{ from: "gti", to: "git" }] } },
      /:6: optimizer\.policy\.flows\[0\]\.from can never apply: there is no server "gti"/,
    ],
    [
      "an effect of no tool",
      { policy: { effects: { push: "write" } } },
      /policy\.effects\.push can never apply/,
    ],
  ])("with %s is an error with its place", (_, settings, message) => {
    invalid(() => parse(settings), message);
  });
});

describe("the environment", () => {
  test("has a variable for every flag, under the flag's own name", () => {
    const names = SETTING_VARIABLES.map(({ name }) => name);
    expect(names.slice(0, Object.keys(DEFAULT_FEATURE_FLAGS).length)).toEqual([
      "MCP_OPTIMIZER_EXECUTION_MODE",
      "MCP_OPTIMIZER_ENABLE_SANDBOX",
      "MCP_OPTIMIZER_ENABLE_CACHING",
      "MCP_OPTIMIZER_ENABLE_METRICS",
      "MCP_OPTIMIZER_ENABLE_AUTO_APPLY",
      "MCP_OPTIMIZER_MAX_TOKENS_PER_REQUEST",
      "MCP_OPTIMIZER_CACHE_TTL_SECONDS",
      "MCP_OPTIMIZER_CONTEXT_SIZE_LIMIT_KB",
    ]);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each<[string, string, Settings]>([
    ["EXECUTION_MODE", "code_execution", { features: { executionMode: "code_execution" } }],
    ["ENABLE_CACHING", "false", { features: { enableCaching: false } }],
    ["ENABLE_METRICS", "Off", { features: { enableMetrics: false } }],
    ["ENABLE_AUTO_APPLY", "1", { features: { enableAutoApply: true } }],
    ["CACHE_TTL_SECONDS", " 0 ", { features: { cacheTtlSeconds: 0 } }],
    ["LIMITS_CPU_MS", "100", { limits: { cpuMs: 100 } }],
    ["RATES_SESSION_RUNS_PER_MINUTE", "7", { rates: { session: { runsPerMinute: 7 } } }],
    ["RATES_TENANT_TOKENS_PER_HOUR", "7", { rates: { tenant: { tokensPerHour: 7 } } }],
    ["RESILIENCE_BREAK_AFTER", "0", { resilience: { breakAfter: 0 } }],
    ["APPROVALS_TTL_SECONDS", "60", { approvals: { ttlSeconds: 60 } }],
    ["FOREGROUND_SECONDS", "1.5", { foregroundSeconds: 1.5 }],
    ["PINNED", "git.git_log, files.read,", { pinned: ["git.git_log", "files.read"] }],
    ["CHECK", "off", { check: "off" }],
    ["MANIFEST", "standard", { manifest: "standard" }],
    ["MODEL_MAY_SAVE", "yes", { modelMaySave: true }],
    ["STATE", "memory", { state: "memory" }],
    [
      "AUTH_PUBLIC_URL",
      "https://mcp.example.com/mcp",
      { auth: { publicUrl: "https://mcp.example.com/mcp" } },
    ],
    ["AUTH_ALLOWED_HOSTS", "a.test,b.test", { auth: { allowedHosts: ["a.test", "b.test"] } }],
    ["AUTH_JWT_ISSUER", "https://a.test", { auth: { jwt: { issuer: "https://a.test" } } }],
    ["LEARNING", "off", { learning: "off" }],
    ["MAX_RUNS", "", {}],
  ])("%s=%j", (name, text, settings) => {
    expect(parseEnvironment({ [`MCP_OPTIMIZER_${name}`]: text })).toEqual(settings);
  });

  test.each<[string, string, RegExp]>([
    [
      "EXECUTION_MODE",
      "fast",
      /: MCP_OPTIMIZER_EXECUTION_MODE: Invalid option: expected one of "mcp_only"\|/,
    ],
    ["ENABLE_SANDBOX", "maybe", /MCP_OPTIMIZER_ENABLE_SANDBOX takes true or false, not "maybe"/],
    ["MAX_TOKENS_PER_REQUEST", "many", /MCP_OPTIMIZER_MAX_TOKENS_PER_REQUEST takes a number, not "many"/],
    ["MAX_TOKENS_PER_REQUEST", "-5", /MCP_OPTIMIZER_MAX_TOKENS_PER_REQUEST: Too small/],
    ["CACHE_TTL_SECONDS", "1e3", /takes a number/],
    ["CACHE_TTL_SECONDS", "1.5", /MCP_OPTIMIZER_CACHE_TTL_SECONDS: .*expected int/],
    ["RATES_TENANT_RUNS_AT_ONCE", "0", /MCP_OPTIMIZER_RATES_TENANT_RUNS_AT_ONCE: Too small/],
    ["LIMITS_MEMORY_BYTES", "12", /MCP_OPTIMIZER_LIMITS_MEMORY_BYTES: Too small/],
  ])("%s=%s is an error that names it", (name, text, message) => {
    invalid(() => parseEnvironment({ [`MCP_OPTIMIZER_${name}`]: text }), message);
  });

  test("with a name that is none is told", () => {
    expect(
      unknownVariables({
        MCP_OPTIMIZER_CACHE_TTL: "1",
        MCP_OPTIMIZER_CONFIG: "x",
        MCP_OPTIMIZER_SANDBOX: "x",
        MCP_OPTIMIZER_CHECK: "x",
        PATH: "/",
      }),
    ).toEqual(["MCP_OPTIMIZER_CACHE_TTL"]);
    const log = vi.fn<() => void>();
    const text = '{ "mcpServers": { "git": { "command": "git" } } }';
    loadSettings({ file: "mcp.json", text }, { env: { MCP_OPTIMIZER_CACHE_TTL: "1" }, log });
    expect(log.mock.calls).toEqual([
      [{ level: "warn", message: expect.stringContaining("MCP_OPTIMIZER_CACHE_TTL is no setting") }],
    ]);
  });
});

describe("what counts", () => {
  const env = {
    MCP_OPTIMIZER_EXECUTION_MODE: "mcp_only",
    MCP_OPTIMIZER_CACHE_TTL_SECONDS: "9",
    MCP_OPTIMIZER_PINNED: "b.b",
    MCP_OPTIMIZER_RATES_SESSION_CALLS_PER_MINUTE: "6",
    MCP_OPTIMIZER_CHECK: "off",
  };
  const file: Settings = {
    features: { executionMode: "hybrid", cacheTtlSeconds: 1, maxTokensPerRequest: 5 },
    rates: { session: { callsPerMinute: 1, runsPerMinute: 2 }, tenant: { runsAtOnce: 3 } },
    pinned: ["a.a"],
    check: "strict",
    maxRuns: 2,
  };

  test.each<[string, Settings, SettingSources, object]>([
    ["nothing", {}, { env: {} }, { sandbox: {} }],
    ["the configuration", file, { env: {} }, { ...file, sandbox: {} }],
    [
      "the environment over it, key by key",
      file,
      { env },
      {
        features: { executionMode: "mcp_only", cacheTtlSeconds: 9, maxTokensPerRequest: 5 },
        rates: { session: { callsPerMinute: 6, runsPerMinute: 2 }, tenant: { runsAtOnce: 3 } },
        pinned: ["b.b"],
        check: "off",
        maxRuns: 2,
        sandbox: {},
      },
    ],
    [
      "a flag over both",
      file,
      { env, flags: { mode: "code_execution", "max-tokens": 7, check: "advise", manifest: "standard" } },
      {
        features: { executionMode: "code_execution", cacheTtlSeconds: 9, maxTokensPerRequest: 7 },
        rates: { session: { callsPerMinute: 6, runsPerMinute: 2 }, tenant: { runsAtOnce: 3 } },
        pinned: ["b.b"],
        check: "advise",
        manifest: "standard",
        maxRuns: 2,
        sandbox: {},
      },
    ],
  ])("is %s", (_, settings, sources, resolved) => {
    expect(resolveSettings(settings, sources)).toEqual(resolved);
  });

  test("of an authorization server is taken together key by key, too", () => {
    const jwt = { issuer: "https://file.test", requiredScopes: ["mcp"] };
    const variables = { MCP_OPTIMIZER_AUTH_JWT_ISSUER: "https://env.test" };
    const { auth } = resolveSettings({ auth: { jwt, allowedHosts: ["a.test"] } }, { env: variables });
    expect(auth).toEqual({ jwt: { ...jwt, issuer: "https://env.test" }, allowedHosts: ["a.test"] });
  });

  test.each<[SettingSources["flags"], RegExp]>([
    [{ "max-tokens": 0 }, /--max-tokens: Too small/],
    [{ "max-tokens": 1e9 }, /--max-tokens: Too big/],
    [{ mode: "fast" as "hybrid" }, /--mode: Invalid option/],
    [{ check: "hard" as "off" }, /--check: Invalid option/],
  ])("a flag that is wrong is named: %j", (flags, message) => {
    invalid(() => resolveSettings({}, { env: {}, flags: flags! }), message, "invalid_params");
  });
});

describe("a secret for approvals", () => {
  const resolve = (approvals: Settings["approvals"], env: Record<string, string> = {}) =>
    resolveSettings({ approvals: approvals! }, { env }).approvals;

  test("may be a variable, or come from the environment", () => {
    expect(resolve({ secret: "${KEY}", ttlSeconds: 5 }, { KEY: SECRET })).toEqual({
      secret: SECRET,
      ttlSeconds: 5,
    });
    expect(resolve({ secret: "${NOT_SET}" }, { MCP_OPTIMIZER_APPROVALS_SECRET: SECRET })).toEqual({
      secret: SECRET,
    });
    expect(resolve({ ttlSeconds: 5 })).toEqual({ ttlSeconds: 5 });
  });

  test("that is missing or short is named, and not shown", () => {
    invalid(() => resolve({ secret: "${KEY}" }), /optimizer\.approvals\.secret needs KEY, which is not set/);
    invalid(() => resolve({ secret: "hunter2" }), /^(?!.*hunter2).*at least 32 characters/);
    invalid(
      () => resolve({}, { MCP_OPTIMIZER_APPROVALS_SECRET: "hunter2" }),
      /^(?!.*hunter2).*MCP_OPTIMIZER_APPROVALS_SECRET must/,
    );
  });
});

describe("programs without a sandbox", () => {
  const off: Settings = { features: { enableSandbox: false } };
  const offByEnv = { MCP_OPTIMIZER_ENABLE_SANDBOX: "false" };

  test.each<[string, Settings, SettingSources, string | readonly string[] | undefined]>([
    ["switched off", off, { env: {} }, "basic"],
    ["switched off by the environment", { sandbox: { backend: "docker" } }, { env: offByEnv }, "basic"],
    ["switched on again", off, { env: { MCP_OPTIMIZER_ENABLE_SANDBOX: "true" } }, undefined],
    [
      "a sandbox of the environment is nearer",
      off,
      { env: { MCP_OPTIMIZER_SANDBOX: "seccomp" } },
      ["seccomp"],
    ],
    ["a flag is nearer", off, { env: offByEnv, flags: { sandbox: "wasi" } }, ["wasi"]],
    ["both say the same", { ...off, sandbox: { backend: "basic" } }, { env: {} }, "basic"],
  ])("%s", (_, settings, sources, backend) => {
    expect(resolveSettings(settings, sources).sandbox.backend).toEqual(backend);
  });

  test("a contradiction is named", () => {
    invalid(
      () => resolveSettings({ ...off, sandbox: { backend: ["docker", "basic"] } }, { env: {} }),
      /optimizer\.features\.enableSandbox is false, and optimizer\.sandbox\.backend names docker/,
    );
    invalid(
      () => resolveSettings({}, { env: { ...offByEnv, MCP_OPTIMIZER_SANDBOX: "gvisor" } }),
      /MCP_OPTIMIZER_ENABLE_SANDBOX is off, and MCP_OPTIMIZER_SANDBOX names gvisor/,
    );
  });
});

test("a policy may speak of servers that are switched off, and of intents", () => {
  const config = {
    mcpServers: { git: { command: "git" }, files: { command: "files", disabled: true } },
    optimizer: {
      policy: { rules: ["git", "files", "intents"].map((server) => ({ decide: "ask", server, tool: "x" })) },
    },
  };
  const load = () =>
    loadSettings({ file: "mcp.json", text: JSON.stringify(config) }, { env: {}, log: () => {} });
  expect(load().settings.policy?.rules).toHaveLength(3);
  expect(load().servers.servers.map(({ name }) => name)).toEqual(["git"]);
});
