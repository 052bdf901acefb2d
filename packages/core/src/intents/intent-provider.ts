import type {
  JsonObject,
  ToolCallOptions,
  ToolDefinition,
  ToolProvider,
  ToolResult,
} from "@mcp-optimizer/contracts";
import { contextOf } from "../run/run-context.ts";
import { intentDefinition, INTENTS } from "./intent-definition.ts";
import type { IntentRegistry } from "./intent-registry.ts";
import { intentResult } from "./intent-result.ts";
import type { IntentRouter } from "./intent-router.ts";
import type { IntentState } from "./intent-watch.ts";

/** A tool beside the intents. */
export interface OwnTool {
  readonly definition: ToolDefinition;
  readonly call: (args: JsonObject, options: ToolCallOptions) => Promise<ToolResult>;
}

/** What the provider stands on. */
export interface IntentProviderParts {
  readonly registry: IntentRegistry;
  readonly states: () => readonly IntentState[];
  readonly router: IntentRouter;
  /** Tools that are listed too. Default none. */
  readonly more?: readonly OwnTool[];
}

/** The intents as tools. */
export interface IntentProvider extends ToolProvider {
  /** Lists anew what is known of the intents, and tells the listeners when it is otherwise. */
  refresh(): void;
}

/**
 * Makes a provider, named `intents`, whose tools are the intents: search finds them, and programs call them. An intent whose requirements
 * are not here is not listed. It follows the registry.
 */
export function createIntentProvider(parts: IntentProviderParts): IntentProvider {
  const { registry, router, states, more = [] } = parts;
  const listeners = new Set<() => void>();
  const list = (): ToolDefinition[] => [
    ...states().flatMap(({ intent, missing, effect }) =>
      missing.length > 0 ? [] : [intentDefinition(intent, effect)],
    ),
    ...more.map(({ definition }) => definition),
  ];
  let tools: readonly ToolDefinition[] = list();
  const refresh = (): void => {
    const next = list();
    if (JSON.stringify(next) === JSON.stringify(tools)) return;
    tools = next;
    for (const listener of listeners) listener();
  };
  const unsubscribe = registry.onChange(refresh);

  return {
    name: INTENTS,
    status: { state: "ready" },
    get tools() {
      return tools;
    },
    // A function with an effect of its own is a call like any other.
    composes: (tool) => registry.intents.some(({ name, effect }) => name === tool && effect === undefined),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async callTool(name, args, options = {}) {
      const own = more.find(({ definition }) => definition.name === name);
      if (own !== undefined) return await own.call(args, options);
      const { within } = options;
      const value = await router.perform(name, args, options);
      return intentResult(value, within === undefined || contextOf(within)?.raw !== true);
    },
    refresh,
    async dispose() {
      unsubscribe();
      listeners.clear();
    },
  };
}
