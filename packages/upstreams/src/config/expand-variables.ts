/** What `${…}` may stand for. */
export interface VariableScope {
  /** Environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The value of `${workspaceFolder}`. */
  readonly cwd: string;
  /** The value of `${userHome}`. */
  readonly home: string;
}

/** A text with its variables replaced, or the names that have no value. */
export type Expansion =
  | { readonly ok: true; readonly text: string; readonly values: readonly string[] }
  | { readonly ok: false; readonly missing: readonly string[] };

/** Variables that are no secret. */
const PLACES: ReadonlySet<string> = new Set(["workspaceFolder", "userHome"]);
const VARIABLE = /\$\{([^${}]*?)(?::-([^{}]*))?\}/g;

/**
 * Replaces `${VAR}`, `${VAR:-default}`, `${env:VAR}`, `${workspaceFolder}` and `${userHome}`, once each: values are not
 * looked at again. The default counts when the variable is unset or empty. `values` are the
 * texts put in from the environment.
 */
export function expandVariables(text: string, scope: VariableScope): Expansion {
  const missing: string[] = [];
  const values: string[] = [];
  const expanded = text.replace(VARIABLE, (_match, name: string, fallback: string | undefined) => {
    const value = lookUp(name.trim(), scope);
    const chosen = fallback !== undefined && (value ?? "") === "" ? fallback : value;
    if (chosen === undefined) missing.push(name.trim());
    else if (chosen === value && !PLACES.has(name.trim())) values.push(chosen);
    return chosen ?? "";
  });
  return missing.length > 0 ? { ok: false, missing } : { ok: true, text: expanded, values };
}

function lookUp(name: string, scope: VariableScope): string | undefined {
  if (name === "workspaceFolder") return scope.cwd;
  if (name === "userHome") return scope.home;
  const variable = name.replace(/^env:/, "");
  return Object.hasOwn(scope.env, variable) ? scope.env[variable] : undefined;
}
