import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

const MARK = "mcp-optimizer-import:";

/** Imports a module by a name or path as a file would: packages are those that the file's own folder has. */
export async function importModule(specifier: string, file: string): Promise<Record<string, unknown>> {
  const hooks = registerHooks({
    resolve: (name, context, next) =>
      name.startsWith(MARK)
        ? next(name.slice(MARK.length), { ...context, parentURL: pathToFileURL(file).href })
        : next(name, context),
  });
  try {
    return (await import(`${MARK}${specifier}`)) as Record<string, unknown>;
  } finally {
    hooks.deregister();
  }
}
