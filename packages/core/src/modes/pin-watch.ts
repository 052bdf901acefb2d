import { OptimizerError, type Log } from "@mcp-optimizer/contracts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { pinProblems } from "./pinned-tools.ts";

/** Keeps an eye on the pinned tools. */
export interface PinWatch {
  /** Looks at them for the first time. Throws `config_invalid` for what is certainly wrong; the rest is named in the log. */
  start(catalogue: Catalogue, visible: Catalogue): void;
  /** Looks again after a change: a server may have connected, or lost a tool. Of each pin, a doubt and a mistake are named in the log once. */
  look(catalogue: Catalogue, visible: Catalogue): void;
}

/** Makes a {@link PinWatch}. */
export function createPinWatch(pinned: readonly string[], log: Log): PinWatch {
  const named = new Set<string>();
  const look = (catalogue: Catalogue, visible: Catalogue): void => {
    for (const { pin, certain, message } of pinProblems(pinned, catalogue, visible)) {
      const key = `${certain} ${pin}`;
      if (named.has(key)) continue;
      named.add(key);
      log({ level: certain ? "error" : "warn", message });
    }
  };
  return {
    look,
    start(catalogue, visible) {
      const wrong = pinProblems(pinned, catalogue, visible).filter(({ certain }) => certain);
      if (wrong.length > 0) {
        const detail = wrong.map(({ message }) => message).join(". ");
        throw new OptimizerError("config_invalid", { detail });
      }
      look(catalogue, visible);
    },
  };
}
