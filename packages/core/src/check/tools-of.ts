import type { Catalogue, CatalogueTool } from "../catalogue/catalogue.ts";
import type { ProgramTrace, ToolNames } from "../trace/program-trace.ts";

/** Tools that a program, or a place in it, may mean. */
export interface PossibleTools {
  readonly tools: readonly CatalogueTool[];
  /** It may be more than these: a name was not to be read from the text. */
  readonly open: boolean;
}

/** The tools that a place may mean: those named, or all of its server, or all. */
export function toolsOf({ server, names }: ToolNames, catalogue: Catalogue): PossibleTools {
  const own = server === undefined ? catalogue.tools : toolsOfServer(server, catalogue);
  if (names === undefined) return { tools: own, open: true };
  const written = names.map((name) => (server === undefined ? name : `${server}.${name}`));
  const found = own.length === 0 ? [] : written.flatMap((name) => catalogue.resolve(name) ?? []);
  return { tools: [...new Set(found)], open: false };
}

/**
 * Every tool that a program may call, as far as its text shows; `open` when it may reach tools in ways that the text does not show
 * by name, all of a server then counting as meant. Never a boundary: the host holds a run to this set, call by call.
 */
export function programTools({ uses, escapes }: ProgramTrace, catalogue: Catalogue): PossibleTools {
  const tools = new Set<CatalogueTool>();
  let open = false;
  const add = (some: PossibleTools): void => {
    open ||= some.open && some.tools.length > 0;
    for (const tool of some.tools) tools.add(tool);
  };
  for (const use of uses) add(toolsOf(use, catalogue));
  for (const name of escapes) {
    const every = name === "*" || name === "tools";
    add({ tools: every ? catalogue.tools : toolsOfServer(name, catalogue), open: true });
  }
  return { tools: catalogue.tools.filter((tool) => tools.has(tool)), open };
}

const toolsOfServer = (server: string, { servers }: Catalogue): readonly CatalogueTool[] =>
  servers.find(({ namespace }) => namespace === server)?.tools ?? [];
