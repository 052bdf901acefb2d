import { OptimizerError, type GuestError, type Log } from "@mcp-optimizer/contracts";
import { jsonSize } from "../result/json-size.ts";

/** A failed tool call on its way to the guest. */
export class ToolCallFault extends Error {
  override readonly name = "ToolCallFault";
  /** `namespace.identifier`. */
  readonly tool: string;
  readonly fault: OptimizerError;

  constructor(tool: string, fault: OptimizerError) {
    super(fault.message, { cause: fault });
    this.tool = tool;
    this.fault = fault;
  }
}

/** What a guest may know of an error. What is no OptimizerError goes to the log and becomes `internal`. */
export function guestError(error: unknown, log: Log): GuestError {
  if (error instanceof ToolCallFault) {
    const { tool, fault } = error;
    if (fault.code === "internal")
      log({ level: "error", message: `${tool} failed inside`, cause: fault.cause });
    return { ...plainError(fault), message: `${tool}: ${fault.message}`, tool };
  }
  if (OptimizerError.is(error)) return plainError(error);
  log({ level: "error", message: "A host call failed inside", cause: error });
  return plainError(new OptimizerError("internal"));
}

/** What a server or program put into an error may be long; a guest gets what a reader can use. */
const MOST_CHARACTERS = 8_000;

const plainError = ({ code, message, data }: OptimizerError): GuestError => ({
  code,
  message: message.length > MOST_CHARACTERS ? `${message.slice(0, MOST_CHARACTERS)}…` : message,
  ...(data && jsonSize(data, MOST_CHARACTERS) <= MOST_CHARACTERS && { data }),
});
