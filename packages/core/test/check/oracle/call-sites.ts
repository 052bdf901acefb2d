import { parse, type AnyNode, type ObjectExpression, type Property } from "acorn";
import { fullAncestor } from "acorn-walk";
import type { Catalogue, CatalogueTool } from "../../../src/catalogue/catalogue.ts";
import { stripTypes } from "../../../src/program/strip-types.ts";

/** What makes a program the body of an async function, as `prepareProgram` does. */
const HEAD = "(async () => {";

/** A part of a program's text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A place at which a program plainly calls a tool, as `server.tool({ … })`. */
export interface CallSite extends Span {
  readonly tool: CatalogueTool;
  /** `server` of `server.tool`. */
  readonly server: Span;
  /** `tool` of `server.tool`. */
  readonly name: Span;
  /** The argument list, without its parentheses. */
  readonly args: Span;
  /** Plain properties of the argument; undefined when it is no object that is written out. */
  readonly properties: readonly (Span & { readonly key: string; readonly value: Span })[] | undefined;
  /** The argument has nothing but plain properties. */
  readonly closed: boolean;
  /** `await` and the call, when it is awaited. */
  readonly awaited: Span | undefined;
}

/** The places of a program at which it plainly calls tools. */
export async function callSites(program: string, catalogue: Catalogue): Promise<CallSite[]> {
  const code = await stripTypes(`${HEAD}${program}\n})`);
  const ast = parse(code, { ecmaVersion: 2025, sourceType: "script" });
  const span = ({ start, end }: AnyNode): Span => ({
    start: start - HEAD.length,
    end: end - HEAD.length,
  });
  const sites: CallSite[] = [];
  fullAncestor(ast, (node, _state, ancestors) => {
    if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return;
    const { object, property, computed } = node.callee;
    if (object.type !== "Identifier" || property.type !== "Identifier" || computed) return;
    const tool = catalogue.resolve(`${object.name}.${property.name}`);
    if (tool === undefined || tool.namespace !== object.name) return;
    const parent = ancestors.at(-2);
    const whole = span(node);
    const [given] = node.arguments;
    const plain = given?.type === "ObjectExpression" ? plainProperties(given) : undefined;
    sites.push({
      ...whole,
      tool,
      server: span(object),
      name: span(property),
      args: { start: program.indexOf("(", span(node.callee).end) + 1, end: whole.end - 1 },
      properties: plain?.map((one) => ({ ...span(one), key: nameOf(one), value: span(one.value) })),
      closed: given?.type === "ObjectExpression" && plain?.length === given.properties.length,
      awaited: parent?.type === "AwaitExpression" ? span(parent) : undefined,
    });
  });
  return sites;
}

const plainProperties = ({ properties }: ObjectExpression): Property[] =>
  properties.filter((one) => one.type === "Property" && !one.computed && one.kind === "init") as Property[];

const nameOf = ({ key }: Property): string =>
  key.type === "Identifier" ? key.name : String((key as { value?: unknown }).value);

/** A text with one part of it replaced. */
export const replaced = (text: string, { start, end }: Span, by: string): string =>
  text.slice(0, start) + by + text.slice(end);
