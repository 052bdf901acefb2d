import type { Redactor } from "../redactor.ts";
import type { StdioEnd } from "./stdio-transport.ts";

/** Says why a stdio server is gone, in words that follow its name. */
export function describeEnd(
  end: StdioEnd,
  command: string,
  maxMessageBytes: number,
  redact: Redactor,
): string {
  if (end.kind === "closed") return "was closed";
  if (end.kind === "not-started") return describeStartError(end.error, redact(command, 200));
  if (end.kind === "too-long") return `sent a message of more than ${maxMessageBytes} bytes and was ended`;
  if (end.signal !== null) return `was ended by ${end.signal}`;
  return end.code === null ? "closed its output" : `exited with code ${end.code}`;
}

function describeStartError(error: NodeJS.ErrnoException, command: string): string {
  if (error.code === "ENOENT") {
    return `cannot be started: there is no command ${command}, or its working directory does not exist`;
  }
  if (error.code === "EACCES") return `cannot be started: ${command} may not be executed`;
  return `cannot be started: ${command} gives ${error.code ?? "an error"}`;
}
