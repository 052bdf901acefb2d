import type { Log } from "@mcp-optimizer/contracts";
import type { Exposure } from "./exposure.ts";

/** Tells the log how tools are shown, and why; again only once that has changed. */
export function createExposureNews(log: Log): (exposure: Exposure) => void {
  let told: string | undefined;
  return ({ mode, passThrough, reason }) => {
    const now = `${mode} ${passThrough}`;
    if (now === told) return;
    told = now;
    log({ level: "info", message: `${mode}: ${reason}` });
  };
}
