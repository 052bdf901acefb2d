import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { OptimizerError, type Log } from "@mcp-optimizer/contracts";
import { createDirectoryProgramStore, type OptimizerOptions } from "@mcp-optimizer/core";
import { openState as openStores, parseStatePlace, type State } from "@mcp-optimizer/state";
import { hintingAtState } from "./hinting-at-state.ts";
import type { Settings } from "./settings.ts";
import { statePlace } from "./state-place.ts";

/** The stores of these settings. Rejects with `config_invalid` or `store_unavailable`. */
export async function openState(settings: Pick<Settings, "state" | "redis">, log: Log): Promise<State> {
  const { caFile, ...redis } = settings.redis ?? {};
  const place = statePlace(settings, process.env, homedir());
  const ca = caFile === undefined ? {} : { ca: readCertificates(caFile) };
  return await hintingAtState(() => openStores({ place, ...redis, ...ca }, { log }));
}

/** What an engine takes of its stores. What its settings switch off is not kept. */
export function engineState(
  settings: Pick<Settings, "approvals" | "learning" | "ledger" | "programs" | "state">,
  state: State,
): Partial<OptimizerOptions> {
  const { ledger: records = true, learning, approvals, programs } = settings;
  const { executionLog, vault, responseCache, contextStore, sessionStore, runStatus, bulletin } = state;
  const { approvalSecret, programStore, ledger, learnedTypes, rateWindows, runPlaces } = state;
  const place = parseStatePlace(statePlace(settings, process.env, homedir()));
  const folder = programs ?? (place.kind === "sqlite" ? join(dirname(place.file), "programs") : undefined);
  const saved = folder === undefined ? programStore : createDirectoryProgramStore(folder);
  return {
    executionLog,
    vault,
    responseCache,
    contextStore,
    sessionStore,
    runStatus,
    bulletin,
    ...(rateWindows && { rateWindows }),
    ...(runPlaces && { runPlaces }),
    ledger: records && ledger,
    ...(learning !== "off" && { learnedTypes }),
    ...(saved && { programStore: saved }),
    ...(approvalSecret !== undefined && { approvals: { secret: approvalSecret, ...approvals } }),
  };
}

function readCertificates(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new OptimizerError("config_invalid", {
      detail: `optimizer.redis.caFile: ${file} cannot be read`,
      cause,
    });
  }
}
