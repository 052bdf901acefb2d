import type { JsonValue, LearnedTypeStore, Log } from "@mcp-optimizer/contracts";
import type { CatalogueTool } from "../catalogue/catalogue.ts";
import type { OutputLookup } from "../signatures/known-output.ts";
import { emptyValue } from "./empty-value.ts";
import { LearnedTool } from "./learned-tool.ts";
import { isContradiction, type LearnedOutput } from "./learned-output.ts";
import { shapeOfResult } from "./shape-of-result.ts";

/** A result to learn from. */
export interface Observation {
  readonly tenant: string;
  readonly tool: CatalogueTool;
  /** As a program gets it. */
  readonly value: JsonValue;
}

/** Learns what tools give, tenant by tenant. */
export interface Learning {
  /**
   * Learns from a result, at once. Never throws. Gives a remark for whoever reads the run where the result is not what its server declares.
   * Takes about as long for a result of any size.
   */
  observe(observation: Observation): string | undefined;
  /** What a tenant knows of results, as signatures say it. Of a tenant that is new here, what is stored is there a moment later. */
  outputs(tenant?: string): OutputLookup;
  /** The emptiest value of the type that a tenant knows; undefined where it knows none. */
  emptyValue(tool: CatalogueTool, tenant: string): JsonValue | undefined;
  /** Reads what is stored of a tenant. Never rejects. */
  load(tenant: string): Promise<void>;
  /** Waits until all that was learned is stored, or could not be. */
  settle(): Promise<void>;
}

/** What learning stands on. */
export interface LearningParts {
  readonly store: LearnedTypeStore;
  readonly log: Log;
}

/** A tenant's knowledge, by server and tool. */
interface Knowledge {
  readonly tools: Map<string, LearnedTool>;
  readonly loaded: Promise<void>;
}

const LOCAL = "local";
/** Tenants that are remembered; the one that came first is read from the store again when it comes back. */
const MOST_TENANTS = 1_000;
const MOST_TOOLS = 20_000;

/** Makes a {@link Learning}. */
export function createLearning({ store, log }: LearningParts): Learning {
  const tenants = new Map<string, Knowledge>();
  const writes = new Map<LearnedTool, Promise<void>>();
  const warn = (message: string, cause: unknown): void => log({ level: "warn", message, cause });

  const read = async (tenant: string, tools: Map<string, LearnedTool>): Promise<void> => {
    try {
      for (const entry of await store.list(tenant)) {
        const { server, tool: name, definition: hash } = entry;
        const key = keyOf(server, name);
        const known = tools.get(key) ?? new LearnedTool({ server, name, hash });
        known.load(entry);
        tools.set(key, known);
      }
    } catch (cause) {
      warn("What was learned of tools could not be read", cause);
    }
  };
  const knowledgeOf = (tenant: string): Knowledge => {
    let knowledge = tenants.get(tenant);
    if (knowledge === undefined) {
      if (tenants.size >= MOST_TENANTS) tenants.delete(tenants.keys().next().value!);
      const tools = new Map<string, LearnedTool>();
      tenants.set(tenant, (knowledge = { tools, loaded: read(tenant, tools) }));
    }
    return knowledge;
  };

  const knownTool = (tool: CatalogueTool, tenant: string): LearnedTool | undefined => {
    const known = knowledgeOf(tenant).tools.get(keyOf(tool.server, tool.name));
    return known?.definition === tool.hash ? known : undefined;
  };

  const write = async (tenant: string, tool: LearnedTool, ready: Promise<void>): Promise<void> => {
    await ready;
    try {
      const change = tool.change();
      if (change !== undefined) change.done(await store.update(tenant, tool.server, tool.tool, change.apply));
    } catch (cause) {
      warn("What was learned of a tool could not be stored", cause);
    }
  };

  const take = (tenant: string, tool: CatalogueTool, output: LearnedOutput): void => {
    const { tools, loaded } = knowledgeOf(tenant);
    const key = keyOf(tool.server, tool.name);
    let known = tools.get(key);
    if (known?.definition !== tool.hash) {
      if (tools.size >= MOST_TOOLS) tools.delete(tools.keys().next().value!);
      tools.set(key, (known = new LearnedTool(tool)));
    }
    if (!known.observe(output)) return;
    const writing = write(tenant, known, writes.get(known) ?? loaded);
    writes.set(known, writing);
    void writing.then(() => writes.get(known) === writing && writes.delete(known));
  };

  return {
    observe({ tenant, tool, value }) {
      try {
        const { definition } = tool;
        const known = tenants.get(tenant)?.tools.get(keyOf(tool.server, tool.name));
        const shape = shapeOfResult(value, definition, looksAtText(known?.output?.seen ?? 0));
        const output = { seen: 1, shape };
        const contradicts = isContradiction(definition, output);
        // What a server declares truly need not be learned.
        const tells = !definition.outputSchema || contradicts || hasText(output) || known !== undefined;
        if (tells) take(tenant, tool, output);
        return contradicts
          ? `${tool.path} gave another type than its server declares; the value is as the server sent it`
          : undefined;
      } catch (cause) {
        warn("A result could not be learned from", cause);
        return undefined;
      }
    },
    outputs(tenant = LOCAL) {
      return (tool) => knownTool(tool, tenant)?.known(tool);
    },
    emptyValue(tool, tenant) {
      const output = knownTool(tool, tenant)?.output;
      return output && emptyValue(output.shape);
    },
    load: (tenant) => knowledgeOf(tenant).loaded,
    async settle() {
      while (writes.size > 0) await Promise.all(writes.values());
    },
  };
}

/** The formats of the first texts, and then of few more: many texts of a tool look like those. */
const looksAtText = (seen: number): boolean => seen < 16 || (seen & (seen + 1)) === 0;

const keyOf = (server: string, tool: string): string => `${server}\n${tool}`;

/** Whether the only member is a text, of which a declared type says too little. */
const hasText = ({ shape }: LearnedOutput): boolean =>
  [...(shape.object?.properties.values() ?? [])].some((member) => member.shape.text !== undefined);
