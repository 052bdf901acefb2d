import type { AnyNode, CallExpression, MemberExpression, Pattern } from "acorn";
import type { SourcePosition } from "@mcp-optimizer/contracts";
import { keyOf, memberOf } from "./binding-value.ts";
import { ExpressionValues } from "./expression-values.ts";
import { readProgramText, type ProgramText, type ProgramTextOptions } from "./program-text.ts";
import type {
  FreeName,
  KnownValue,
  ProgramTrace,
  ResultRead,
  ToolNames,
  ToolUse,
  UnawaitedRead,
} from "./program-trace.ts";
import { plain, textsOf, type TracedValue } from "./traced-value.ts";

/** What a tracer needs beside the text. */
export interface TraceOptions extends ProgramTextOptions {
  /** Offsets of statements whose value the program returns. */
  readonly returned: ReadonlySet<number>;
}

/** A call that is one of a tool. */
interface ToolCall {
  readonly node: CallExpression;
  readonly tool: ToolNames;
  /** What the tool gets. */
  readonly args: CallExpression["arguments"];
}

const PROMISE_MEMBERS = new Set(["then", "catch", "finally"]);
/** Names through which a program can reach anything. */
const ANYTHING = new Set(["eval", "Function", "globalThis"]);

/** Finds what a program does with tools, as far as its text shows. Values that are not certain are left out. */
export function traceProgram(options: TraceOptions): ProgramTrace {
  return new Tracer(readProgramText(options), options.returned).trace();
}

class Tracer {
  readonly #text: ProgramText;
  readonly #returned: ReadonlySet<number>;
  readonly #callees: ExpressionValues;
  readonly #values: ExpressionValues;
  readonly #uses: ToolUse[] = [];
  readonly #useOf = new Map<AnyNode, number>();
  readonly #escapes = new Set<string>();

  constructor(text: ProgramText, returned: ReadonlySet<number>) {
    this.#text = text;
    this.#returned = returned;
    // No tool comes out of a call, so what is called can be told before what calls give.
    this.#callees = new ExpressionValues(text, () => undefined);
    this.#values = new ExpressionValues(text, (call) => this.#useOf.get(call));
  }

  trace(): ProgramTrace {
    const calls = this.#text.nodes.filter((node) => node.type === "CallExpression");
    const made = calls.flatMap((node) => this.#toolCall(node) ?? []);
    for (const [index, { node }] of made.entries()) this.#useOf.set(node, index);
    this.#uses.push(...made.map((call) => this.#use(call)));
    const reads: ResultRead[] = [];
    const unawaited: UnawaitedRead[] = [];
    const assigned = this.#assignedNames();
    for (const node of this.#text.nodes) {
      this.#taken(node);
      this.#reachesAnything(node);
      for (const { value, position } of this.#readsOf(node)) {
        if (value.kind === "promise") unawaited.push({ use: value.use, position });
        else if (value.kind === "result" && !assigned.has(value.path.at(-1)!)) {
          reads.push({ use: value.use, path: value.path, position });
        }
      }
    }
    return {
      uses: this.#uses,
      reads,
      unawaited,
      freeNames: this.#freeNames(),
      escapes: [...this.#escapes],
    };
  }

  #toolCall(node: CallExpression): ToolCall | undefined {
    const byName = this.#isToolsCall(node.callee);
    const tool = byName ? this.#namedTool(node.arguments[0]) : this.#toolOf(node.callee);
    return tool && { node, tool, args: byName ? node.arguments.slice(1) : node.arguments };
  }

  #use({ node, tool, args: [first, ...more] }: ToolCall): ToolUse {
    const spread = node.arguments.some(({ type }) => type === "SpreadElement");
    const statement = this.#text.parent(node);
    const args: KnownValue = first === undefined ? { kind: "absent" } : plain(this.#values.of(first));
    return {
      ...tool,
      position: this.#text.position(node),
      args: spread ? { kind: "unknown" } : args,
      extraArguments: more.length > 0 && !spread,
      floating: statement?.type === "ExpressionStatement" && !this.#returned.has(statement.start),
    };
  }

  #toolOf(callee: AnyNode): ToolNames | undefined {
    const value = this.#callees.of(callee);
    return value.kind === "tool" ? value.tool : undefined;
  }

  #isToolsCall(callee: AnyNode): boolean {
    if (callee.type !== "MemberExpression") return false;
    const object = this.#callees.of(callee.object);
    const name = callee.computed ? undefined : keyOf(callee.property);
    return object.kind === "global" && object.name === "tools" && name === "call";
  }

  #namedTool(name: AnyNode | undefined): ToolNames {
    const names = name && textsOf(this.#callees.of(name));
    return names ? { names } : {};
  }

  /** A tool that is taken hold of without a call, and a global that is handed on. */
  #taken(node: AnyNode): void {
    const parent = this.#text.parent(node);
    if (node.type === "MemberExpression") {
      const value = this.#values.of(node);
      const called = parent?.type === "CallExpression" && parent.callee === node;
      if (value.kind === "tool" && !called && !this.#isToolsCall(node)) this.#reference(value.tool, node);
      return;
    }
    if (node.type !== "Identifier" || !this.#text.isReference(node)) return;
    const value = this.#values.of(node);
    if (value.kind !== "global" || this.#asked(node, parent)) return;
    if (parent?.type === "VariableDeclarator" && parent.init === node) {
      if (parent.id.type === "ObjectPattern" && this.#takeParts(value.name, parent.id)) return;
      if (parent.id.type === "Identifier" && this.#values.ofBinding(parent.id).kind === "global") return;
    }
    this.#escapes.add(value.name);
  }

  #asked(node: AnyNode, parent: AnyNode | undefined): boolean {
    if (parent?.type === "MemberExpression") return parent.object === node;
    if (parent?.type === "UnaryExpression") return parent.operator === "typeof";
    return parent?.type === "CallExpression" && parent.callee === node;
  }

  #takeParts(server: string, pattern: Pattern & { type: "ObjectPattern" }): boolean {
    for (const property of pattern.properties) {
      if (property.type !== "Property" || property.computed) return false;
      const name = keyOf(property.key);
      if (name === undefined) return false;
      this.#reference({ server, names: [name] }, property);
    }
    return true;
  }

  #reference(tool: ToolNames, node: AnyNode): void {
    this.#uses.push({ ...tool, position: this.#text.position(node), extraArguments: false, floating: false });
  }

  #reachesAnything(node: AnyNode): void {
    const outer = node.type === "ThisExpression" && !this.#insideFunctionOrClass(node);
    const constructor =
      node.type === "MemberExpression" &&
      (node.computed
        ? textsOf(this.#values.of(node.property))?.includes("constructor")
        : keyOf(node.property) === "constructor");
    if (outer || constructor === true || node.type === "ImportExpression") this.#escapes.add("*");
  }

  #insideFunctionOrClass(node: AnyNode): boolean {
    for (let at = this.#text.parent(node); at !== undefined; at = this.#text.parent(at)) {
      if (at.type === "FunctionExpression" || at.type === "FunctionDeclaration") return true;
      if (at.type === "ClassBody") return true;
    }
    return false;
  }

  *#readsOf(node: AnyNode): Generator<{ value: TracedValue; position: SourcePosition }> {
    if (node.type === "MemberExpression") {
      const object = this.#values.of(node.object);
      if (this.#text.hadTypes(node.object.end)) return;
      const position = this.#text.position(node.computed ? node : node.property);
      if (object.kind === "promise" && !this.#isPromiseMember(node)) yield { value: object, position };
      if (object.kind === "result") yield { value: this.#values.of(node), position };
    }
    if (node.type !== "VariableDeclarator" || node.id.type !== "ObjectPattern" || !node.init) return;
    if (this.#text.hadTypes(node.id.end, node.init.start) || this.#text.hadTypes(node.init.end)) return;
    const whole = this.#values.of(node.init);
    if (whole.kind === "promise") yield { value: whole, position: this.#text.position(node.id) };
    if (whole.kind === "result") yield* this.#patternReads(whole, node.id);
  }

  *#patternReads(
    whole: TracedValue,
    pattern: Pattern & { type: "ObjectPattern" },
  ): Generator<{ value: TracedValue; position: SourcePosition }> {
    for (const property of pattern.properties) {
      if (property.type !== "Property" || property.computed) continue;
      const name = keyOf(property.key);
      // A default says that it may be missing.
      if (name === undefined || property.value.type === "AssignmentPattern") continue;
      const value = memberOf(whole, [name]);
      yield { value, position: this.#text.position(property) };
      if (property.value.type === "ObjectPattern") yield* this.#patternReads(value, property.value);
    }
  }

  #isPromiseMember({ computed, property }: MemberExpression): boolean {
    return computed || property.type !== "Identifier" || PROMISE_MEMBERS.has(property.name);
  }

  /** Properties that the program itself writes somewhere: reading them is no mistake. */
  #assignedNames(): Set<string> {
    const names = new Set<string>();
    for (const node of this.#text.nodes) {
      const target =
        node.type === "AssignmentExpression"
          ? node.left
          : node.type === "UpdateExpression"
            ? node.argument
            : undefined;
      if (target?.type === "MemberExpression" && !target.computed) names.add(keyOf(target.property) ?? "");
      const assigns =
        node.type === "CallExpression" &&
        node.callee.type === "MemberExpression" &&
        keyOf(node.callee.property) === "assign";
      if (!assigns) continue;
      for (const source of node.arguments) {
        if (source.type !== "ObjectExpression") continue;
        for (const property of source.properties) {
          if (property.type === "Property") names.add(keyOf(property.key) ?? "");
        }
      }
    }
    return names;
  }

  #freeNames(): FreeName[] {
    const names = new Map<string, FreeName>();
    for (const { identifier } of this.#text.free) {
      const node = identifier as unknown as AnyNode & { name: string };
      const parent = this.#text.parent(node);
      if (parent?.type === "UnaryExpression" && parent.operator === "typeof") continue;
      if (ANYTHING.has(node.name)) this.#escapes.add("*");
      if (!names.has(node.name))
        names.set(node.name, { name: node.name, position: this.#text.position(node) });
    }
    return [...names.values()].sort(
      (a, b) => a.position.line - b.position.line || a.position.column - b.position.column,
    );
  }
}
