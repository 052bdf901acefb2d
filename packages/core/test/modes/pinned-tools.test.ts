import { OptimizerError } from "@mcp-optimizer/contracts";
import { describe, expect, test } from "vitest";
import { buildCatalogue } from "../../src/catalogue/build-catalogue.ts";
import type { ServerListing } from "../../src/catalogue/build-server.ts";
import { createCatalogueView } from "../../src/catalogue/catalogue-view.ts";
import { createPinWatch } from "../../src/modes/pin-watch.ts";
import { createPolicy } from "../../src/policy/create-policy.ts";
import type { PolicySettings } from "../../src/policy/policy-rules.ts";
import { ready, tool } from "../catalogue/listings.ts";

const git = ready("git", [tool("git_log"), tool("status")]);
const late: ServerListing = { name: "late", status: { state: "connecting" }, tools: [] };

/** What the log says of a pin at the start and after changes, or how it is refused. */
function judge(
  pin: string,
  servers: readonly ServerListing[],
  settings: PolicySettings = {},
  ...changes: (readonly ServerListing[])[]
): string[] {
  const said: string[] = [];
  const watch = createPinWatch([pin], ({ level, message }) => said.push(`${level}: ${message}`));
  let catalogue = buildCatalogue(servers);
  const view = createCatalogueView(() => catalogue, createPolicy(settings));
  try {
    watch.start(catalogue, view());
  } catch (error) {
    if (OptimizerError.is(error)) return [`${error.code}: ${error.message}`];
    throw error;
  }
  for (const change of changes) {
    catalogue = buildCatalogue(change, catalogue);
    watch.look(catalogue, view());
  }
  return said;
}

describe("pins", () => {
  test.each(["git.git_log", "git__git_log", "git_log", "git.gitLog"])("%s is found", (pin) => {
    expect(judge(pin, [git, late])).toEqual([]);
  });

  test("that no server has are refused, with the name that was probably meant", () => {
    const [refused] = judge("git.git_lgo", [git]);
    expect(refused).toMatch(
      /^config_invalid: .*no server has the pinned "git\.git_lgo"; did you mean git\.git_log\?/,
    );
    expect(judge("completely different", [git])[0]).toMatch(/^config_invalid: /);
  });

  test("of a server that has not connected wait for it, others do not", () => {
    const waits = 'warn: the pinned "late.tool" is not there yet; not connected: late';
    expect(judge("late.tool", [git, late])).toEqual([waits]);
    expect(judge("unheard_of", [git, late])[0]).toMatch(/^warn: .*not connected: late$/);
    expect(judge("git.unheard_of", [git, late])[0]).toMatch(/^config_invalid: /);
    expect(judge("late.tool", [git, late], {}, [git, ready("late", [tool("tool")])])).toEqual([waits]);
  });

  test("that turn out to be wrong later are named once, and stop nothing", () => {
    const said = judge(
      "late.tool",
      [git, late],
      {},
      [git, ready("late", [])],
      [git, ready("late", [tool("x")])],
    );
    expect(said).toHaveLength(2);
    expect(said[1]).toMatch(/^error: no server has the pinned "late\.tool"/);
  });

  test("that mean several tools are refused", () => {
    expect(judge("status", [git, ready("svn", [tool("status")])])[0]).toMatch(
      /^config_invalid: .*several tools: git\.status, svn\.status/,
    );
  });

  test("that the policy denies are named", () => {
    const settings: PolicySettings = { rules: [{ decide: "deny", tool: "git_log" }] };
    expect(judge("git.git_log", [git], settings)).toEqual([
      "warn: the pinned git.git_log is not shown: the policy denies it",
    ]);
  });
});
