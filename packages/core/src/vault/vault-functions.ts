import { OptimizerError, type JsonValue, type ResultVault } from "@mcp-optimizer/contracts";
import { textArgument, type HostFunctions } from "../run/host-functions.ts";
import type { RunContext } from "../run/run-context.ts";
import { compilePattern } from "./grep/compile-pattern.ts";
import { parseGrepOptions } from "./grep/grep-options.ts";
import { grepValue } from "./grep/grep-value.ts";
import { inSteps } from "./in-steps.ts";
import { entryValue, openEntry } from "./open-entry.ts";
import { parseJsonPath } from "./path/parse-json-path.ts";
import { selectValues } from "./path/select-values.ts";
import { requireRoom, requireRoomFor } from "./reply-room.ts";
import { sliceValue } from "./slice-value.ts";

/** What programs may do with the vault. */
export function vaultFunctions(vault: ResultVault): HostFunctions {
  return {
    "vault.open": async (context, args, signal) => {
      const entry = await openEntry(vault, context, textArgument("vault.open", args));
      const { replyBytes } = context.limits;
      if (entry.kind !== "blob") requireRoom(entry.text, replyBytes);
      else requireRoom(entry.base64, replyBytes, "show(handle) hands it to the user without the program");
      return await entryValue(entry, signal);
    },
    "vault.slice": async (context, args, signal) => {
      const handle = textArgument("vault.slice", args);
      const from = indexArgument(args[1]) ?? 0;
      const to = indexArgument(args[2]);
      const part = sliceValue(await valueOf(vault, context, handle, signal), from, to);
      if (typeof part === "string") requireRoom(part, context.limits.replyBytes, "take a shorter slice");
      else await inSteps(requireRoomFor(part as JsonValue[], context.limits.replyBytes), signal);
      return part;
    },
    "vault.select": async (context, args, signal) => {
      const handle = textArgument("vault.select", args);
      const path = parseJsonPath(
        textArgument("vault.select", args.slice(1), "a path such as $.items[*].name as its second argument"),
      );
      const value = await valueOf(vault, context, handle, signal);
      if (typeof value === "string") {
        throw new OptimizerError("invalid_params", {
          detail: "this is a text, which has no parts; use vault.slice or vault.grep",
        });
      }
      const values = await inSteps(selectValues(value, path), signal);
      await inSteps(requireRoomFor(values, context.limits.replyBytes), signal);
      return values;
    },
    "vault.grep": async (context, args, signal) => {
      const handle = textArgument("vault.grep", args);
      const options = parseGrepOptions(args[2]);
      const text = textArgument("vault.grep", args.slice(1), "a pattern as its second argument");
      const pattern = compilePattern(text, options.ignoreCase);
      const value = await valueOf(vault, context, handle, signal);
      return await inSteps(grepValue(value, pattern, options), signal);
    },
  };
}

function indexArgument(value: JsonValue | undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw new OptimizerError("invalid_params", {
    detail: "vault.slice takes (handle, from, to), with whole numbers",
  });
}

/** The value of a handle that has parts. Bytes have none. */
async function valueOf(
  vault: ResultVault,
  context: RunContext,
  handle: string,
  signal: AbortSignal,
): Promise<JsonValue> {
  const entry = await openEntry(vault, context, handle);
  if (entry.kind !== "blob") return await entryValue(entry, signal);
  throw new OptimizerError("invalid_params", {
    detail: `these are bytes (${entry.mimeType.slice(0, 80)}); show(handle) hands them to the user, vault.open(handle) gives them as base64`,
  });
}
