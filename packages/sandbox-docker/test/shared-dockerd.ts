import { orReason, type ServiceOrReason } from "@mcp-optimizer/services";
import { inject } from "vitest";

/** The daemon that the files of this package share. Other files have containers on it too: see `markContainers`. */
export function sharedDockerd(): Promise<ServiceOrReason<{ readonly socketPath: string }>> {
  return orReason(async () => {
    const given = inject("dockerd");
    if ("missing" in given) throw new Error(given.missing);
    return given;
  });
}
