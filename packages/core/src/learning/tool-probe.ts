import type { Log, Policy } from "@mcp-optimizer/contracts";
import type { CatalogueTool } from "../catalogue/catalogue.ts";
import type { Viewer } from "../catalogue/viewer.ts";
import { INTENTS } from "../intents/intent-definition.ts";
import { asPolicyTool } from "../policy/as-policy-tool.ts";
import type { DirectRunner } from "../run/direct-run.ts";
import type { OutputLookup } from "../signatures/known-output.ts";

/** Calls tools once to learn what they give. */
export interface ToolProbe {
  /** Calls those of the tools in the background that may be called so. Never throws, never calls a definition twice. */
  probe(tools: readonly CatalogueTool[], viewer?: Viewer): void;
  /** Waits for the calls under way. */
  settle(): Promise<void>;
  /** Ends the calls under way. */
  dispose(): Promise<void>;
}

/** What probing stands on. */
export interface ToolProbeParts {
  readonly policy: Policy;
  readonly outputs: (tenant: string) => OutputLookup;
  readonly direct: DirectRunner;
  readonly log: Log;
}

interface Prober {
  readonly tenant: string;
  readonly scopes: readonly string[];
}

/** Calls under way at most; what is shown meanwhile is called when it is shown again. */
const MOST_AT_ONCE = 2;
const MOST_PROBED = 10_000;

/**
 * Makes a {@link ToolProbe}. A tool is called when nothing is known of its result, it needs no argument, it only reads as far as the policy knows, and
 * the policy neither refuses any call of it nor asks about one. Each call is a run of its own: logged, and within all limits.
 */
export function createToolProbe({ policy, outputs, direct, log }: ToolProbeParts): ToolProbe {
  const probed = new Set<string>();
  const running = new Set<Promise<void>>();
  const end = new AbortController();

  const call = async (tool: CatalogueTool, caller: Prober): Promise<void> => {
    const { path } = tool;
    try {
      const verdict = await policy.decide({ ...caller, tool: asPolicyTool(tool), args: {} });
      if (verdict.decide !== "allow") return;
      const source = { kind: "call", tool: path, args: {} } as const;
      const options = { ...caller, raw: true, signal: end.signal };
      await direct(source, options, (run) => run.call(path, {}));
    } catch (cause) {
      log({ level: "debug", message: `${path} was called to learn what it gives, and failed`, cause });
    }
  };

  return {
    probe(tools, { tenant = "local", scopes = [] } = {}) {
      for (const tool of tools) {
        if (running.size >= MOST_AT_ONCE || probed.size >= MOST_PROBED || end.signal.aborted) return;
        const key = JSON.stringify([tenant, tool.path, tool.hash]);
        if (probed.has(key) || !mayProbe(tool, { tenant, scopes }, policy, outputs(tenant))) continue;
        probed.add(key);
        const work = call(tool, { tenant, scopes }).finally(() => running.delete(work));
        running.add(work);
      }
    },
    async settle() {
      while (running.size > 0) await Promise.all(running);
    },
    async dispose() {
      end.abort();
      await Promise.all(running);
    },
  };
}

function mayProbe(
  tool: CatalogueTool,
  { tenant, scopes }: Prober,
  policy: Policy,
  outputs: OutputLookup,
): boolean {
  const { server, definition } = tool;
  const { inputSchema, outputSchema } = definition;
  if (server === INTENTS || outputSchema || outputs(tool) !== undefined) return false;
  const { required, anyOf, oneOf, allOf } = inputSchema;
  if (Array.isArray(required) ? required.length > 0 : required !== undefined) return false;
  if (anyOf ?? oneOf ?? allOf) return false;
  try {
    const asked = asPolicyTool(tool);
    return (
      policy.effect(asked) === "read" &&
      !policy.hides(asked, tenant, scopes) &&
      !policy.mayAsk(asked, tenant, scopes)
    );
  } catch {
    return false;
  }
}
