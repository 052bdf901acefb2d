import { isDeepStrictEqual } from "node:util";
import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";
import type { Optimizer } from "@mcp-optimizer/core";
import type { BenchTask, Situation } from "./bench-task.ts";
import { classicText } from "./count-classic.ts";
import type { ModelCall } from "./own-tokens.ts";
import { shownSignature } from "./shown-signature.ts";

/** What a model did for a task, and whether that was right. */
export interface TaskRun {
  readonly calls: readonly ModelCall[];
  /** What the searches answered. */
  readonly answers: readonly string[];
  /** Why the task is not done; empty when it is. */
  readonly problems: readonly string[];
}

/** How a task is run. */
export interface RunTaskOptions {
  readonly optimizer: Pick<Optimizer, "callTool">;
  readonly situation: Situation;
  /** What the searches answered before anything was learned. Default: nothing was learned, and every probe is made. */
  readonly cold?: readonly string[];
  /** Called right before the program, after all that leads to it. */
  readonly onProgram?: () => void;
}

/** Searches, looks at what no signature says, runs the program, and checks the answer and what it left behind. */
export async function runTask(task: BenchTask, options: RunTaskOptions): Promise<TaskRun> {
  const { optimizer, situation, cold, onProgram } = options;
  const calls: ModelCall[] = [];
  const problems: string[] = [];
  const answers: string[] = [];
  for (const query of task.searches) {
    const answer = (await call(optimizer, "search_tools", { query })).text;
    answers.push(answer);
    calls.push({ for: "search", args: { query }, answer });
  }
  const run = async (code: string, purpose: "program" | "probe"): Promise<string> => {
    const { text, failed, tools } = await call(optimizer, "run_code", { code });
    calls.push({ for: purpose, args: { code }, answer: text });
    if (failed) problems.push(`the ${purpose} failed: ${text}`);
    for (const tool of new Set(tools)) {
      if (shownSignature(answers, tool) === undefined)
        problems.push(`no search showed the signature of ${tool}`);
    }
    return text;
  };
  for (const { code, tools } of task.probes(situation)) {
    const learned =
      cold !== undefined &&
      tools.length > 0 &&
      tools.every((tool) => shownSignature(answers, tool) !== shownSignature(cold, tool));
    if (!learned) await run(code, "probe");
  }
  onProgram?.();
  const answer = await run(task.program(situation), "program");
  if (problems.length === 0) problems.push(...(await wrong(task, situation, answer)));
  return { calls, answers, problems };
}

async function wrong(task: BenchTask, situation: Situation, answer: string): Promise<string[]> {
  const { value } = JSON.parse(answer) as { value?: JsonValue };
  const expected = await task.expected(situation);
  if (!isDeepStrictEqual(value, expected)) {
    return [`the answer is ${JSON.stringify(value)}, not ${JSON.stringify(expected)}`];
  }
  const problem = await task.problem?.(situation).catch((error: Error) => error.message);
  return problem === undefined ? [] : [problem];
}

async function call(
  optimizer: RunTaskOptions["optimizer"],
  name: string,
  args: JsonObject,
): Promise<{ text: string; failed: boolean; tools: string[] }> {
  const { content, isError, _meta } = await optimizer.callTool(name, args);
  const { calls = [] } = (_meta?.["mcp-optimizer/run"] ?? {}) as { calls?: readonly { tool: string }[] };
  return {
    text: classicText({ content }),
    failed: isError === true,
    tools: calls.map(({ tool }) => tool),
  };
}
