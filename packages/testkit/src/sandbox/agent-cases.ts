/** What the outcome of a case depends on. */
export interface CaseDecision {
  /**
   * `wall`: on what is around a guest, on how guests start, are counted and end, or on what they share with each other. `agent`: on the
   * agent in the guest and on the host's code that speaks to it, which are the same for every backend that starts guests.
   */
  readonly decidedBy: "wall" | "agent";
  /** Runs where only a sample of the cases that the agent decides does, too. */
  readonly sampled?: true;
}

/** Which of the cases that the agent decides a suite runs. */
export type AgentCases = "all" | "sample";

/** The cases to run, and what the title of the suite says of them. With MCP_OPTIMIZER_ALL_CASES=1 that is all, always. */
export function chooseCases<T extends CaseDecision>(
  cases: readonly T[],
  agentCases: AgentCases = "all",
): { readonly chosen: ReadonlySet<T>; readonly note: string } {
  if (agentCases === "all" || process.env["MCP_OPTIMIZER_ALL_CASES"] === "1") {
    return { chosen: new Set(cases), note: "" };
  }
  const byAgent = cases.filter(({ decidedBy }) => decidedBy === "agent");
  const sample = byAgent.filter(({ sampled }) => sampled === true);
  const note = ` (a sample: ${sample.length} of the ${byAgent.length} cases that the agent decides; MCP_OPTIMIZER_ALL_CASES=1 runs all)`;
  const left = new Set(byAgent.filter((one) => !sample.includes(one)));
  return { chosen: new Set(cases.filter((one) => !left.has(one))), note };
}
