import { httpAccess } from "@mcp-optimizer/server";
import { describe, expect, test } from "vitest";

const AUTH = { verifiers: [{ takes: () => false, verify: () => Promise.reject(new Error("not asked")) }] };

describe("names of hosts", () => {
  test("are compared as requests have them", () => {
    const names = ["MCP.Example.com", "::1", "[FE80::1]", "müller.example", "10.0.0.1"];
    expect(httpAccess("0.0.0.0", AUTH, names).hosts).toEqual([
      "mcp.example.com",
      "[::1]",
      "[fe80::1]",
      "xn--mller-kva.example",
      "10.0.0.1",
    ]);
  });

  test.each([
    "mcp.example.com:443",
    "https://mcp.example.com",
    "a/b",
    "a@b",
    "a b",
    "",
    "[::1]:80",
    "a?b",
    "*",
  ])("are nothing else: %j", (name) => {
    const open = () => httpAccess("0.0.0.0", AUTH, [name]);
    expect(open).toThrow(/allowedHosts has .* no host name/);
  });
});
