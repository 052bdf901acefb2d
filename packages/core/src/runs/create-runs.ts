import { OptimizerError, type ExecutionLog, type LoggedRun, type Policy } from "@mcp-optimizer/contracts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Viewer } from "../catalogue/viewer.ts";
import { asPolicyTool } from "../policy/as-policy-tool.ts";
import type { ArgumentCheck } from "../run/check-arguments.ts";
import type { DirectAnswer, DirectCall } from "../run/direct-call.ts";
import type { DirectRunner } from "../run/direct-run.ts";
import type { RunReport, RunRequest } from "../run/run-report.ts";
import { changedTools } from "./changed-tools.ts";
import { doRevert, revertRunId } from "./do-revert.ts";
import type { Inverses } from "./inverses.ts";
import { planRevert } from "./revert-plan.ts";
import type { Runs } from "./runs.ts";

/** What runs are looked at and gone through again with. */
export interface RunsParts {
  readonly executionLog: Pick<ExecutionLog, "list" | "read">;
  /** What a caller sees now. */
  readonly catalogue: (viewer: Viewer) => Catalogue;
  readonly run: (request: RunRequest) => Promise<RunReport>;
  readonly callDirect: (call: DirectCall) => Promise<DirectAnswer>;
  readonly runDirect: DirectRunner;
  readonly policy: Pick<Policy, "decide">;
  readonly checkArguments: ArgumentCheck;
  /** How calls are taken back. Default: none can be. */
  readonly inverses?: Inverses;
}

const LOCAL = "local";

/** Makes {@link Runs}. */
export function createRuns(parts: RunsParts): Runs {
  const { executionLog, catalogue, policy, checkArguments, inverses = {} } = parts;
  const known = async (tenant: string, runId: string): Promise<LoggedRun> => {
    const run = await executionLog.read(tenant, runId);
    if (run !== undefined) return run;
    throw new OptimizerError("not_found", { detail: `there is no run ${runId.slice(0, 200)}` });
  };

  const plan: Runs["planRevert"] = async (runId, { tenant = LOCAL, scopes = [], skip = [] } = {}) => {
    const run = await known(tenant, runId);
    if (run.state === "open") throw conflict(`the run ${runId} is under way; take it back when it has ended`);
    const missing = skip.find((index) => run.calls[index] === undefined);
    if (missing !== undefined) {
      throw new OptimizerError("invalid_params", { detail: `the run ${runId} has no call ${missing}` });
    }
    const before = await executionLog.read(tenant, revertRunId(runId));
    return await planRevert(run, {
      catalogue: catalogue({ tenant, scopes }),
      inverses,
      checkArguments,
      skip,
      earlier: before?.calls ?? [],
      forbids: async (tool, args) => {
        try {
          const { decide, reason } = await policy.decide({ tenant, scopes, tool: asPolicyTool(tool), args });
          return decide === "deny" ? `policy forbids ${tool.path}: ${reason}` : undefined;
        } catch {
          return `the policy could not decide on ${tool.path}`;
        }
      },
    });
  };

  return {
    list: async ({ tenant = LOCAL, ...page } = {}) => await executionLog.list(tenant, page),
    show: async (runId, tenant = LOCAL) => await known(tenant, runId),
    async replay(runId, { whole, ...options } = {}) {
      const tenant = options.tenant ?? LOCAL;
      const run = await known(tenant, runId);
      const { source } = run;
      if (source.kind === "revert") {
        throw conflict(`${runId} took back ${source.runId}; revert that again to go on with it`);
      }
      const changes = changedTools(run, catalogue(options));
      if (changes.length > 0) {
        throw conflict(`the run ${runId} wrote with other tools than there are now: ${changes.join(", ")}`);
      }
      if (source.kind === "call") {
        const { tool: name, args } = source;
        return { kind: "call", answer: await parts.callDirect({ ...options, tenant, runId, name, args }) };
      }
      const { code, language, params } = source;
      const request = { ...options, tenant, runId, code, language, whole: whole ?? false };
      return { kind: "program", report: await parts.run({ ...request, ...(params && { params }) }) };
    },
    planRevert: plan,
    async revert(runId, { approved, skip = [], ...options }) {
      const tenant = options.tenant ?? LOCAL;
      const current = await plan(runId, { ...options, tenant, skip });
      if (approved === undefined) {
        throw new OptimizerError("approval_required", {
          detail: "show the plan, and give its id as approved",
        });
      }
      if (approved !== current.id)
        throw conflict(`${runId} would be taken back otherwise by now; look again`);
      return await doRevert(parts.runDirect, current, { ...options, tenant });
    },
  };
}

const conflict = (detail: string): OptimizerError => new OptimizerError("conflict", { detail });
