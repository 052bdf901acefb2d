import type { Catalogue, CatalogueServer, CatalogueTool } from "../catalogue/catalogue.ts";

/** The tools that these names mean, as programs write them, each once, in order. Names that mean none or several are left out. */
export function pinnedTools(catalogue: Catalogue, pinned: readonly string[]): CatalogueTool[] {
  return [...new Set(pinned.flatMap((name) => catalogue.resolve(name) ?? []))];
}

/** Why a pinned tool is not listed. */
export interface PinProblem {
  readonly pin: string;
  /** Whether the configuration is wrong, as far as can be known: all servers that could have the tool are connected. */
  readonly certain: boolean;
  readonly message: string;
}

/** What is wrong with pins: given the catalogue with all that the policy hides, and what the default tenant sees of it. Pure. */
export function pinProblems(
  pinned: readonly string[],
  catalogue: Catalogue,
  visible: Catalogue,
): PinProblem[] {
  return pinned.flatMap((pin): PinProblem[] => {
    const [tool, ...others] = catalogue.lookup(pin);
    const name = JSON.stringify(pin.slice(0, 200));
    if (tool === undefined) return [missing(pin, name, catalogue, visible)];
    if (others.length > 0) {
      const several = [tool, ...others].map(({ path }) => path).join(", ");
      return [{ pin, certain: true, message: `the pinned ${name} means several tools: ${several}` }];
    }
    if (visible.resolve(tool.path) !== undefined) return [];
    return [{ pin, certain: false, message: `the pinned ${tool.path} is not shown: the policy denies it` }];
  });
}

function missing(pin: string, name: string, catalogue: Catalogue, visible: Catalogue): PinProblem {
  const late = serversOf(catalogue, pin).filter(({ status }) => status.state !== "ready");
  if (late.length > 0) {
    const names = late.map((server) => server.name).join(", ");
    return { pin, certain: false, message: `the pinned ${name} is not there yet; not connected: ${names}` };
  }
  const [meant] = visible.suggest(pin, 1);
  const hint = meant === undefined ? "look for it with mcp-optimizer search" : `did you mean ${meant}?`;
  return { pin, certain: true, message: `no server has the pinned ${name}; ${hint}` };
}

/** The servers that may have a tool of that name: the one that it begins with, else all. */
function serversOf(catalogue: Catalogue, pin: string): readonly CatalogueServer[] {
  const [prefix = ""] = pin.split(/\.|__|\/|:/u);
  const server = catalogue.server(prefix.trim());
  return server === undefined ? catalogue.servers : [server];
}
