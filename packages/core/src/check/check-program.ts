import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";
import type { Catalogue, CatalogueServer, CatalogueTool } from "../catalogue/catalogue.ts";
import { closestName } from "../run/closest-name.ts";
import { ITEM, type ProgramTrace, type ToolUse } from "../trace/program-trace.ts";
import { checkValue } from "./check-value.ts";
import type { Finding } from "./finding.ts";
import { parameterValue } from "./parameter-value.ts";
import { toolsOf } from "./tools-of.ts";

/** The most findings of one answer. */
const MOST_FINDINGS = 10;

/** What a program is checked against. */
export interface CheckSurroundings {
  readonly catalogue: Catalogue;
  /** Names that every guest has. Without them no name is reported as unknown. */
  readonly globals?: ReadonlySet<string>;
  /** JSON Schema of what the program is given. Without it nothing is said of parameters. */
  readonly parameters?: JsonObject;
}

/**
 * Compares a program's trace with the catalogue. Up to ten findings by position, at most one for each place. What is not certain
 * from the text is not reported: a false alarm costs more than a miss.
 */
export function checkProgram(trace: ProgramTrace, surroundings: CheckSurroundings): Finding[] {
  const found = [
    ...unknownNames(trace, surroundings),
    ...trace.uses.flatMap((use) => checkUse(withParameters(use, surroundings), surroundings.catalogue)),
    ...unawaited(trace, surroundings.catalogue),
    ...unknownReads(trace, surroundings.catalogue),
    ...unknownParameters(trace, surroundings),
  ];
  const places = new Set<string>();
  return found
    .sort((a, b) => a.position.line - b.position.line || a.position.column - b.position.column)
    .filter(({ position, tool }) => {
      const place = `${position.line}:${position.column}:${tool ?? ""}`;
      return !places.has(place) && places.add(place);
    })
    .slice(0, MOST_FINDINGS);
}

function* unknownNames(
  { freeNames }: ProgramTrace,
  { catalogue, globals }: CheckSurroundings,
): Generator<Finding> {
  if (globals === undefined) return;
  const namespaces = catalogue.servers.map(({ namespace }) => namespace);
  for (const { name, position } of freeNames) {
    if (globals.has(name) || namespaces.includes(name)) continue;
    const meant = catalogue.server(name)?.namespace ?? closestName(name, [...namespaces, ...globals]);
    const hint = meant === undefined ? "" : ` Did you mean \`${meant}\`?`;
    yield { position, weight: "certain", message: `\`${name}\` is not defined.${hint}` };
  }
}

function checkUse(use: ToolUse, catalogue: Catalogue): Finding[] {
  const findings: Finding[] = [];
  const { position } = use;
  for (const name of use.names ?? []) {
    const server = use.server === undefined ? undefined : namespaceOf(use.server, catalogue);
    if (use.server !== undefined && server === undefined) continue;
    // A server that is away has no tools: nothing can be said of its names.
    if (server?.tools.length === 0) continue;
    const written = server === undefined ? name : `${server.namespace}.${name}`;
    const tool = catalogue.resolve(written);
    if (tool !== undefined) findings.push(...checkCall(use, tool));
    else if (catalogue.lookup(written).length === 0 && !isAway(written, catalogue)) {
      const [meant] = catalogue.suggest(written, 1);
      const hint = meant === undefined ? "" : ` Did you mean \`${meant}\`?`;
      const message = `There is no tool \`${written}\`.${hint}`;
      findings.push({ position, weight: "certain", message, ...(meant !== undefined && { tool: meant }) });
    }
  }
  // One of several names may be the one that is meant.
  return (use.names?.length ?? 0) > 1 && findings.length < use.names!.length ? [] : findings.slice(0, 3);
}

function checkCall({ args, extraArguments, floating, position }: ToolUse, tool: CatalogueTool): Finding[] {
  if (args === undefined) return [];
  const say = (message: string, weight: Finding["weight"]): Finding => ({
    position,
    weight,
    message: `\`${tool.path}\`: ${message}`,
    tool: tool.path,
  });
  const takes = "it takes one object of named arguments";
  const findings: Finding[] = [];
  if (args.kind === "literal" || args.kind === "array") {
    if (!(args.kind === "literal" && args.value === null)) findings.push(say(takes, "certain"));
  } else {
    const given = args.kind === "absent" ? ({ kind: "object", properties: [], open: false } as const) : args;
    const problems = checkValue(given, tool.definition.inputSchema, "");
    if (problems.length > 0) findings.push(say(problems.join("; "), "certain"));
    else if (extraArguments) findings.push(say(takes, "certain"));
  }
  if (floating && findings.length === 0) {
    findings.push(say("nothing waits for this call; put `await` before it", "likely"));
  }
  return findings;
}

function* unawaited({ unawaited: reads, uses }: ProgramTrace, catalogue: Catalogue): Generator<Finding> {
  for (const { use, position } of reads) {
    const tool = onlyTool(uses[use]!, catalogue);
    if (tool === undefined) continue;
    const message = `\`${tool.path}\` gives a promise; put \`await\` before the call`;
    yield { position, weight: "certain", message, tool: tool.path };
  }
}

function* unknownReads({ reads, uses }: ProgramTrace, catalogue: Catalogue): Generator<Finding> {
  for (const { use, path, position } of reads) {
    const tool = onlyTool(uses[use]!, catalogue);
    const schema = tool?.definition.outputSchema;
    if (tool === undefined || schema === undefined) continue;
    const missing = missingMember(schema, path);
    if (missing === undefined) continue;
    const hint = missing.meant === undefined ? "" : `; did you mean \`${missing.meant}\`?`;
    const message = `the result of \`${tool.path}\` has no \`${missing.name}\`${hint}`;
    yield { position, weight: "likely", message, tool: tool.path };
  }
}

function* unknownParameters(
  { parameters: reads }: ProgramTrace,
  { parameters }: CheckSurroundings,
): Generator<Finding> {
  if (parameters === undefined) return;
  // A schema that says nothing of other names takes none.
  const schema = { additionalProperties: false, ...parameters };
  for (const { path, position } of reads) {
    const missing = missingMember(schema, path);
    if (missing === undefined) continue;
    const hint = missing.meant === undefined ? "" : `; did you mean \`${missing.meant}\`?`;
    yield { position, weight: "certain", message: `the parameters have no \`${missing.name}\`${hint}` };
  }
}

function withParameters(use: ToolUse, { parameters }: CheckSurroundings): ToolUse {
  if (use.args === undefined || parameters === undefined) return use;
  return { ...use, args: parameterValue(use.args, parameters) };
}

/** The last name of a path, when a schema with a closed list of names does not have it. */
function missingMember(
  schema: JsonObject,
  path: readonly string[],
): { name: string; meant: string | undefined } | undefined {
  let at: JsonValue | undefined = schema;
  for (const [index, name] of path.entries()) {
    if (!isObject(at)) return undefined;
    if (name === ITEM) {
      at = at["items"];
      continue;
    }
    const properties: JsonValue | undefined = at["properties"];
    if (at["type"] !== "object" || !isObject(properties)) return undefined;
    if (!Object.hasOwn(properties, name)) {
      const closed = at["additionalProperties"] === false && !Object.hasOwn(at, "patternProperties");
      const last = index === path.length - 1;
      return closed && last && !(name in {})
        ? { name, meant: closestName(name, Object.keys(properties)) }
        : undefined;
    }
    at = properties[name];
  }
  return undefined;
}

const namespaceOf = (name: string, { servers }: Catalogue): CatalogueServer | undefined =>
  servers.find(({ namespace }) => namespace === name);

/** Whether a name's server is known and has no tools now. */
const isAway = (name: string, catalogue: Catalogue): boolean =>
  catalogue.servers.some(
    ({ name: server, namespace, tools }) =>
      tools.length === 0 && (name.startsWith(server) || name.startsWith(namespace)),
  );

function onlyTool(use: ToolUse, catalogue: Catalogue): CatalogueTool | undefined {
  const { tools, open } = toolsOf(use, catalogue);
  return open || tools.length !== 1 ? undefined : tools[0];
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
