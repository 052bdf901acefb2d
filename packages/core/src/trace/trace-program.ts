import type { AnyNode, CallExpression, Pattern } from "acorn";
import type { SourcePosition } from "@mcp-optimizer/contracts";
import { keyOf, memberOf } from "./binding-value.ts";
import { certainValue } from "./certain-value.ts";
import { doubtfulNames } from "./doubtful-names.ts";
import { ExpressionValues } from "./expression-values.ts";
import { needsValue } from "./needs-value.ts";
import { readProgramText, type ProgramText, type ProgramTextOptions } from "./program-text.ts";
import type {
  FreeName,
  KnownValue,
  ParameterRead,
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
  /** Its last argument is for the call itself, if there are two: `tools.call(name, args, options)`. */
  readonly hasOptions: boolean;
}

/** The global through which tools are called by name. */
const TOOLS = "tools";
const isByName = ({ server, names }: ToolNames): boolean =>
  server === TOOLS && (names === undefined || names.includes("call"));

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
    const names = doubtfulNames(this.#text);
    const isDoubtful = (name: string): boolean => names.isWritten(name) || names.isAsked(name);
    this.#uses.push(...made.map((call) => this.#use(call, isDoubtful)));
    const reads: ResultRead[] = [];
    const unawaited: UnawaitedRead[] = [];
    const parameters: ParameterRead[] = [];
    for (const node of this.#text.nodes) {
      this.#taken(node);
      this.#reachesAnything(node);
      const waits = this.#waits(node);
      if (waits !== undefined && (waits.name === undefined || !names.isWritten(waits.name)))
        unawaited.push(waits.read);
      for (const { value, position } of this.#readsOf(node)) {
        if (value.kind !== "result" && value.kind !== "parameter") continue;
        const { path } = value;
        if (isDoubtful(path.at(-1)!)) continue;
        if (value.kind === "result") reads.push({ use: value.use, path, position });
        else parameters.push({ path, position });
      }
    }
    return {
      uses: this.#uses,
      reads,
      unawaited,
      parameters,
      freeNames: this.#freeNames(),
      escapes: [...this.#escapes],
    };
  }

  #toolCall(node: CallExpression): ToolCall | undefined {
    const { callee, arguments: args } = node;
    const value = this.#callees.of(callee);
    if (value.kind !== "tool") return undefined;
    if (!isByName(value.tool)) return { node, tool: value.tool, args, hasOptions: false };
    const sure = value.tool.names?.length === 1 && args[0]?.type !== "SpreadElement";
    const given = args.slice(1);
    return { node, tool: sure ? this.#namedTool(args[0]) : {}, args: given, hasOptions: given.length === 2 };
  }

  #use(call: ToolCall, isDoubtful: (name: string) => boolean): ToolUse {
    const {
      node,
      tool,
      args: [first, ...more],
      hasOptions,
    } = call;
    const spread = node.arguments.some(({ type }) => type === "SpreadElement");
    const statement = this.#text.parent(node);
    const args: KnownValue = first === undefined ? { kind: "absent" } : plain(this.#values.of(first));
    return {
      ...tool,
      position: this.#text.position(node),
      args: spread ? { kind: "unknown" } : certainValue(args, isDoubtful),
      extraArguments: more.length > 0 && !hasOptions && !spread,
      floating: statement?.type === "ExpressionStatement" && !this.#returned.has(statement.start),
    };
  }

  #namedTool(name: AnyNode | undefined): ToolNames {
    const names = name && textsOf(this.#callees.of(name));
    return names ? { names } : {};
  }

  /** A tool that is taken hold of without a call, and a global that is handed on. */
  #taken(node: AnyNode): void {
    if (node.type === "MemberExpression") {
      const value = this.#values.of(node);
      if (value.kind !== "tool" || this.#isCalled(node)) return;
      if (!isByName(value.tool)) this.#reference(value.tool, node);
      else if (!this.#isFollowed(node, "tool")) this.#escapes.add(TOOLS);
      return;
    }
    if (node.type !== "Identifier" || !this.#text.isReference(node)) return;
    const value = this.#values.of(node);
    // A variable may hold what calls any tool.
    if (value.kind === "tool" && isByName(value.tool) && !this.#isCalled(node)) {
      if (!this.#isDeclaredHere(node) && !this.#isFollowed(node, "tool")) this.#escapes.add(TOOLS);
    }
    if (value.kind !== "global" || this.#isAsked(node) || this.#isFollowed(node, "global")) return;
    const parent = this.#text.parent(node);
    if (parent?.type === "VariableDeclarator" && parent.init === node && parent.id.type === "ObjectPattern") {
      if (this.#takeParts(value.name, parent.id)) return;
    }
    if (!this.#isDeclaredHere(node)) this.#escapes.add(value.name);
  }

  #isCalled(node: AnyNode): boolean {
    const parent = this.#text.parent(node);
    return parent?.type === "CallExpression" && parent.callee === node;
  }

  /** Whether a value goes to a variable whose every use is known. */
  #isFollowed(node: AnyNode, kind: "global" | "tool"): boolean {
    const parent = this.#text.parent(node);
    if (parent?.type !== "VariableDeclarator" || parent.init !== node) return false;
    return parent.id.type === "Identifier" && this.#values.ofBinding(parent.id).kind === kind;
  }

  /** Whether an identifier is the one that is declared, rather than a use. */
  #isDeclaredHere(node: AnyNode): boolean {
    const parent = this.#text.parent(node);
    if (parent?.type === "VariableDeclarator") return parent.id === node;
    return this.#text.isInitialised(node);
  }

  /** Whether a global is only asked for something: no tool comes of that which is not named. */
  #isAsked(node: AnyNode): boolean {
    const parent = this.#text.parent(node);
    switch (parent?.type) {
      case "MemberExpression":
        return parent.object === node;
      case "UnaryExpression":
        return true;
      case "BinaryExpression":
        return true;
      case "CallExpression":
        return parent.callee === node;
      default:
        return false;
    }
  }

  #takeParts(server: string, pattern: Pattern & { type: "ObjectPattern" }): boolean {
    for (const property of pattern.properties) {
      if (property.type !== "Property" || property.computed) return false;
      const name = keyOf(property.key);
      if (name === undefined) return false;
      const tool = { server, names: [name] };
      if (!isByName(tool)) this.#reference(tool, property);
      else if (property.value.type !== "Identifier") return false;
      else if (this.#values.ofBinding(property.value).kind !== "tool") return false;
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
        : keyOf(node.property) === "constructor") &&
      !this.#isName(this.#text.parent(node));
    if (outer || constructor === true || node.type === "ImportExpression") this.#escapes.add("*");
  }

  /** The name of a class tells nothing more. */
  #isName(node: AnyNode | undefined): boolean {
    return node?.type === "MemberExpression" && !node.computed && keyOf(node.property) === "name";
  }

  #insideFunctionOrClass(node: AnyNode): boolean {
    for (let at = this.#text.parent(node); at !== undefined; at = this.#text.parent(at)) {
      if (at.type === "FunctionExpression" || at.type === "FunctionDeclaration") return true;
      if (at.type === "ClassBody") return true;
    }
    return false;
  }

  /** A call that nothing awaited, where its value is needed; `name` is what is read of it. */
  #waits(node: AnyNode): { read: UnawaitedRead; name?: string | undefined } | undefined {
    const value = this.#values.of(node);
    if (value.kind !== "promise" || this.#text.hadTypes(node.end) || !needsValue(node, this.#text))
      return undefined;
    const parent = this.#text.parent(node)!;
    if (parent.type === "VariableDeclarator" && this.#text.hadTypes(parent.id.end, node.start))
      return undefined;
    if (parent.type !== "MemberExpression") {
      return { read: { use: value.use, position: this.#text.position(node) } };
    }
    const position = this.#text.position(parent.computed ? parent : parent.property);
    return { read: { use: value.use, position }, name: keyOf(parent.property) };
  }

  *#readsOf(node: AnyNode): Generator<{ value: TracedValue; position: SourcePosition }> {
    if (node.type === "MemberExpression") {
      const object = this.#values.of(node.object);
      if (this.#text.hadTypes(node.object.end)) return;
      const position = this.#text.position(node.computed ? node : node.property);
      if (object.kind === "result" || object.kind === "parameter")
        yield { value: this.#values.of(node), position };
    }
    if (node.type !== "VariableDeclarator" || node.id.type !== "ObjectPattern" || !node.init) return;
    if (this.#text.hadTypes(node.id.end, node.init.start) || this.#text.hadTypes(node.init.end)) return;
    const whole = this.#values.of(node.init);
    if (whole.kind === "result" || whole.kind === "parameter") yield* this.#patternReads(whole, node.id);
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
