import type { LearnedTypeStore, Log, Policy } from "@mcp-optimizer/contracts";
import type { Catalogue, CatalogueTool } from "../catalogue/catalogue.ts";
import type { Viewer } from "../catalogue/viewer.ts";
import type { DirectRunner } from "../run/direct-run.ts";
import type { SearchAnswer, SearchRequest } from "../search/search-answer.ts";
import { NO_OUTPUTS, type OutputLookup } from "../signatures/known-output.ts";
import { createLearning, type Learning } from "./learning.ts";
import { createToolProbe } from "./tool-probe.ts";

/**
 * How it is learned what tools give: `observe` from the results of calls that are made anyway; `probe` also by calling, once, tools that
 * only read and need no argument; `off` not at all.
 */
export type LearningMode = "observe" | "probe" | "off";

type Search = (request: SearchRequest, viewer?: Viewer) => SearchAnswer;

/** What is done about learning, in an engine. */
export interface ToolLearning {
  /** Undefined where nothing is learned. */
  readonly observe: Learning["observe"] | undefined;
  readonly outputs: (tenant?: string) => OutputLookup;
  readonly emptyValue: Learning["emptyValue"];
  /** A search, with the tools that it shows called to learn from them where that is asked for. */
  watched(search: Search): Search;
  /** Waits until all that was learned is stored; calls to learn from that are under way are ended. */
  dispose(): Promise<void>;
}

/** What learning stands on. */
export interface ToolLearningParts {
  readonly mode: LearningMode;
  readonly store: LearnedTypeStore;
  readonly policy: Policy;
  /** What a caller sees now. */
  readonly catalogue: (viewer?: Viewer) => Catalogue;
  readonly direct: DirectRunner;
  readonly log: Log;
}

/** Puts together what learns of tools; resolves once what is stored of the tenant `local` is there. */
export async function createToolLearning(parts: ToolLearningParts): Promise<ToolLearning> {
  const { mode, catalogue } = parts;
  if (mode === "off") {
    return {
      observe: undefined,
      outputs: () => NO_OUTPUTS,
      emptyValue: () => undefined,
      watched: (search) => search,
      dispose: async () => undefined,
    };
  }
  const learning = createLearning(parts);
  const outputs: ToolLearning["outputs"] = (tenant) => learning.outputs(tenant);
  await learning.load("local");
  const probe = mode === "probe" ? createToolProbe({ ...parts, outputs }) : undefined;
  return {
    observe: (observation) => learning.observe(observation),
    outputs,
    emptyValue: (tool, tenant) => learning.emptyValue(tool, tenant),
    watched: (search) =>
      probe === undefined
        ? search
        : (request, viewer) => {
            const answer = search(request, viewer);
            probe.probe(shownTools(answer, catalogue(viewer)), viewer);
            return answer;
          },
    async dispose() {
      await probe?.dispose();
      await learning.settle();
    },
  };
}

/** Tools of which an answer shows more than the name. */
function shownTools({ needs }: SearchAnswer, catalogue: Catalogue): CatalogueTool[] {
  const paths = needs.flatMap(({ hits }) => hits.flatMap(({ path, signature }) => (signature ? [path] : [])));
  return paths.flatMap((path) => catalogue.resolve(path) ?? []);
}
