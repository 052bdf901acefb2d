import { OptimizerError } from "@mcp-optimizer/contracts";
import { parseStatePlace, type StatePlace } from "../stores/state-place.ts";

/** The kinds of stores by their names. */
export type ContextBackend = "memory" | "sqlite" | "redis";

const DEFAULTS: Readonly<Record<string, string | undefined>> = {
  memory: "memory:",
  redis: "redis://127.0.0.1:6379",
};

/** Where a backend keeps its values. Throws `config_invalid` for a URL of another backend, and where one is missing. */
export function contextPlace(backend: ContextBackend, url: string | undefined): StatePlace {
  const text = url ?? (Object.hasOwn(DEFAULTS, backend) ? DEFAULTS[backend] : undefined);
  if (text === undefined) {
    throw new OptimizerError("config_invalid", {
      detail:
        (backend as string) === "sqlite"
          ? "backend sqlite needs its file: url sqlite:/path/to/file.db"
          : "backend is memory, sqlite, redis, or a ContextStore",
    });
  }
  const place = parseStatePlace(text);
  if (place.kind === backend) return place;
  throw new OptimizerError("config_invalid", { detail: `backend ${backend} has a url of ${place.kind}` });
}
