import type { JsonObject, ToolResult } from "@mcp-optimizer/contracts";
import type { CatalogueTool } from "../catalogue/catalogue.ts";

/** A tool call that has its result, a failure that the tool reports included. */
export interface ReceivedCall {
  readonly tenant: string;
  readonly session?: string;
  readonly runId: string;
  readonly tool: CatalogueTool;
  readonly args: JsonObject;
  /** As the server sent it. */
  readonly result: ToolResult;
  /** It is the result of an earlier call; the server was not asked. */
  readonly cached: boolean;
  /** The client made it without a program, and gets the result as it is. */
  readonly raw: boolean;
  /** The run waits for approval; it makes the call again when it goes on. */
  readonly provisional: boolean;
}

/** Told of every call that a server answered, but those of tools that only call others. Must be quick, and not throw. */
export type CallObserver = (call: ReceivedCall) => void;
