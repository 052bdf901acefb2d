import { OptimizerError } from "@mcp-optimizer/contracts";
import { SETTING_VARIABLES, type SettingVariable, type VariableKind } from "./setting-variables.ts";
import { SettingsSchema, type Settings } from "./settings.ts";

/** Variables of the environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables of ours that give no setting of the `optimizer` block. */
const OTHERS: ReadonlySet<string> = new Set(["MCP_OPTIMIZER_CONFIG", "MCP_OPTIMIZER_SANDBOX"]);

/** Reads the settings that the environment gives; an empty variable gives none. Throws `config_invalid` which names the variable. */
export function parseEnvironment(env: Environment): Settings {
  const values: Nested = {};
  for (const variable of SETTING_VARIABLES) {
    const text = env[variable.name]?.trim() ?? "";
    if (text !== "") put(values, variable.path, valueOf(text, variable));
  }
  const parsed = SettingsSchema.safeParse(values);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const { name } = SETTING_VARIABLES.find(({ path }) => path.every((key, at) => issue.path[at] === key))!;
  throw new OptimizerError("config_invalid", { detail: `${name}: ${issue.message}` });
}

/** The variables that are named like ours and give nothing: misspelt ones, most likely. */
export function unknownVariables(env: Environment): readonly string[] {
  const known = new Set(SETTING_VARIABLES.map(({ name }) => name));
  return Object.keys(env)
    .filter((name) => name.startsWith("MCP_OPTIMIZER_") && !known.has(name) && !OTHERS.has(name))
    .toSorted();
}

interface Nested {
  [key: string]: unknown;
}

function put(values: Nested, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (rest.length === 0) values[key!] = value;
  else put((values[key!] ??= {}) as Nested, rest, value);
}

function valueOf(text: string, { name, kind }: SettingVariable): unknown {
  const value = READERS[kind](text);
  if (value !== undefined) return value;
  const wanted = kind === "boolean" ? "true or false" : "a number";
  throw new OptimizerError("config_invalid", {
    detail: `${name} takes ${wanted}, not ${JSON.stringify(text.slice(0, 100))}`,
  });
}

const YES: ReadonlySet<string> = new Set(["true", "1", "yes", "on"]);
const NO: ReadonlySet<string> = new Set(["false", "0", "no", "off"]);

const READERS: Readonly<Record<VariableKind, (text: string) => unknown>> = {
  text: (text) => text,
  number: (text) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined),
  boolean: (text) => {
    const word = text.toLowerCase();
    return YES.has(word) ? true : NO.has(word) ? false : undefined;
  },
  list: (text) =>
    text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
};
