import type { ExecutionMode, Language, TokenCounter, ToolDefinition } from "@mcp-optimizer/contracts";
import type { Catalogue, CatalogueTool } from "../catalogue/catalogue.ts";
import type { Viewer } from "../catalogue/viewer.ts";
import { buildManifest } from "../manifest/build-manifest.ts";
import { CALL_TOOL } from "../manifest/call-tool.ts";
import { runCodeTool } from "../manifest/run-code-tool.ts";
import type { ManifestProfile } from "../optimizer.ts";
import type { SearchAnswer, SearchRequest } from "../search/search-answer.ts";
import { renderSearchAnswer } from "../search/render-search-answer.ts";
import { toolTokens } from "../tokens/tool-tokens.ts";
import { measureBreakEven, sumOfTokens, type BreakEven, type BreakEvenParts } from "./break-even.ts";
import { exposeNames } from "./expose-names.ts";
import type { Exposure, OwnTool } from "./exposure.ts";
import { pinnedTools } from "./pinned-tools.ts";

/** What exposures are made from. */
export interface ModesParts {
  readonly mode: ExecutionMode;
  readonly profile: ManifestProfile;
  /** What the sandbox runs. */
  readonly languages: readonly Language[];
  readonly counter: TokenCounter;
  /** Tools that `hybrid` lists beside its own, named as programs name them. */
  readonly pinned: readonly string[];
  /** What a caller sees now. */
  readonly catalogue: (viewer?: Viewer) => Catalogue;
  readonly search: (request: SearchRequest, viewer?: Viewer) => SearchAnswer;
}

/** What is shown to clients, in each mode. */
export interface Modes {
  /** The exposure of now, kept while the catalogue stays as it is. Default viewer: the tenant `local` without scopes; default mode the configured one. */
  readonly exposure: (viewer?: Viewer, mode?: ExecutionMode) => Exposure;
  /** Where `hybrid` would change over, whatever the mode; measured in full, which takes a second per 150,000 tokens of definitions. */
  readonly breakEven: (viewer?: Viewer) => BreakEven;
}

/** No answer to one need has so many tokens: where the definitions have more than that and the list, there is nothing to measure. */
const BEYOND_DOUBT = 4_000;

const OWN: Readonly<Record<ExecutionMode, readonly OwnTool[]>> = {
  mcp_only: [],
  code_execution: ["search_tools", "run_code"],
  hybrid: ["search_tools", "run_code", "call_tool"],
};

/** Makes {@link Modes}. */
export function createModes(parts: ModesParts): Modes {
  const known = new WeakMap<Catalogue, Map<ExecutionMode, Exposure>>();
  const named = new WeakMap<Catalogue, NamedTools>();

  const namedTools = (catalogue: Catalogue): NamedTools => {
    let tools = named.get(catalogue);
    if (tools === undefined) named.set(catalogue, (tools = nameTools(catalogue)));
    return tools;
  };

  const list = (catalogue: Catalogue): ToolDefinition[] =>
    buildManifest(catalogue, parts.profile, parts.languages, parts.counter);

  const breakEvenParts = (viewer: Viewer | undefined): BreakEvenParts => {
    const catalogue = parts.catalogue(viewer);
    const { names, definitions } = namedTools(catalogue);
    const pins = pinnedTools(catalogue, parts.pinned).map((tool) => passed(tool, names));
    const { languages, profile, counter } = parts;
    const text = { python: languages.includes("python"), detailed: profile === "standard" };
    return {
      definitions,
      list: [...list(catalogue), CALL_TOOL, ...pins],
      runCode: runCodeTool({ ...text, passThrough: true }),
      search: (query) => renderSearchAnswer(parts.search({ query }, viewer)),
      counter,
    };
  };

  const hybrid = (
    viewer: Viewer | undefined,
    catalogue: Catalogue,
  ): Pick<Exposure, "passThrough" | "reason" | "tools" | "breakEven"> => {
    const measured = breakEvenParts(viewer);
    const waiting = catalogue.servers.filter(
      ({ status, tools }) => status.state === "connecting" && tools.length === 0,
    );
    if (waiting.length > 0) {
      const reason = `${waiting.map(({ name }) => name).join(", ")} ${waiting.length === 1 ? "is" : "are"} still connecting`;
      return { passThrough: false, reason, tools: measured.list };
    }
    const most = BEYOND_DOUBT + sumOfTokens(parts.counter, measured.list);
    if (exceeds(measured.definitions, most, parts.counter)) {
      const reason = `the definitions have over ${most} tokens, more than a list and a search can have: tools are found by search`;
      return { passThrough: false, reason, tools: measured.list };
    }
    const breakEven = measureBreakEven(measured);
    const { passThrough, reason } = breakEven;
    const tools = passThrough ? [measured.runCode, ...measured.definitions] : measured.list;
    return { passThrough, reason, tools, breakEven };
  };

  const expose = (viewer: Viewer | undefined, mode: ExecutionMode, catalogue: Catalogue): Exposure => {
    const own = new Set(OWN[mode]);
    if (mode === "code_execution") {
      const reason = "upstream tools are reached by programs alone";
      const tools = list(catalogue);
      return { mode, passThrough: false, reason, tools, own, upstream: nothing, nameOf: nothing };
    }
    const { names, byName, definitions } = namedTools(catalogue);
    const shown =
      mode === "hybrid"
        ? hybrid(viewer, catalogue)
        : { passThrough: true, reason: "upstream tools are passed through", tools: definitions };
    return { mode, own, ...shown, upstream: (name) => byName.get(name), nameOf: (tool) => names.get(tool) };
  };

  return {
    exposure(viewer, mode = parts.mode) {
      const catalogue = parts.catalogue(viewer);
      let modes = known.get(catalogue);
      if (modes === undefined) known.set(catalogue, (modes = new Map()));
      let exposure = modes.get(mode);
      if (exposure === undefined) modes.set(mode, (exposure = expose(viewer, mode, catalogue)));
      return exposure;
    },
    breakEven: (viewer) => measureBreakEven(breakEvenParts(viewer)),
  };
}

interface NamedTools {
  readonly names: ReadonlyMap<CatalogueTool, string>;
  readonly byName: ReadonlyMap<string, CatalogueTool>;
  readonly definitions: readonly ToolDefinition[];
}

function nameTools({ tools }: Catalogue): NamedTools {
  const names = exposeNames(tools);
  const byName = new Map([...names].map(([tool, name]) => [name, tool]));
  return { names, byName, definitions: tools.map((tool) => passed(tool, names)) };
}

/** A definition as its server gave it, but for the name. */
const passed = (tool: CatalogueTool, names: ReadonlyMap<CatalogueTool, string>): ToolDefinition => ({
  ...tool.definition,
  name: names.get(tool)!,
});

function exceeds(tools: readonly ToolDefinition[], most: number, counter: TokenCounter): boolean {
  let tokens = 0;
  return tools.some((tool) => (tokens += toolTokens(counter, tool)) > most);
}

const nothing = (): undefined => undefined;
