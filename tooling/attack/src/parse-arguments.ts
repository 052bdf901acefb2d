import { parseArgs } from "node:util";

/** What the command was asked for. */
export interface AttackArguments {
  readonly backend: string;
  readonly json: boolean;
  /** Beginning of the ids to run. */
  readonly only: string;
  readonly concurrency: number;
  /** Whether JavaScript runs in a fresh realm inside its guest. */
  readonly realms: boolean;
}

/** How the command is used. */
export const USAGE = "npm run attack -- --backend NAME [--json] [--only ID] [--concurrency N] [--realms]";

/** Reads the arguments. Throws an error whose message is fit for the user. */
export function parseArguments(args: readonly string[], names: readonly string[]): AttackArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      backend: { type: "string" },
      json: { type: "boolean", default: false },
      only: { type: "string", default: "" },
      concurrency: { type: "string", default: "6" },
      realms: { type: "boolean", default: false },
    },
  });
  const { backend, json, only, realms } = values;
  if (backend === undefined || !names.includes(backend)) {
    const said = backend === undefined ? "No backend was named" : `There is no backend "${backend}"`;
    throw new Error(`${said}. Backends: ${names.join(", ")}.`);
  }
  const concurrency = Number(values.concurrency);
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 64) {
    throw new Error("--concurrency must be a whole number from 1 to 64.");
  }
  return { backend, json, only, concurrency, realms };
}
