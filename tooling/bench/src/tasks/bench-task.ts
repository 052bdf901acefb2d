import type { JsonObject, JsonValue, ToolResult } from "@mcp-optimizer/contracts";
import type { ServerName } from "../fleet/server-packages.ts";
import type { Fixtures } from "./fixtures/write-fixtures.ts";
import type { Article } from "./fixtures/serve-pages.ts";

/** What a task is done on. */
export interface Situation {
  readonly fixtures: Fixtures;
  /** A page with a table of articles. */
  readonly stockUrl: string;
  readonly articles: readonly Article[];
  /** Where the filesystem server may write. */
  readonly files: string;
  /** Where the memory server keeps its graph: a JSON object in each line. */
  readonly memoryFile: string;
  /** Calls a server's tool beside the engine; nobody counts it. */
  readonly call: (server: ServerName, tool: string, args: JsonObject) => Promise<ToolResult>;
}

/** A program that looks at a result first, since what it looks like was in no signature. */
export interface Probe {
  readonly code: string;
  /**
   * The tools whose results it looks at. Where the engine's signatures of all of them have grown by what it learned, nobody has to look.
   * Empty: what is looked at is the user's data, which no signature tells.
   */
  readonly tools: readonly string[];
}

/** A task of the user, with what a model does about it. */
export interface BenchTask {
  /** As in the table of the issue: `T03`. */
  readonly id: string;
  /** The servers that it needs; a client that has nothing else is the harder comparison. */
  readonly servers: readonly ServerName[];
  /** What the user asks for. Both ways have it before them, so it is not counted. */
  readonly request: (situation: Situation) => string;
  /** Queries of `search_tools`, in words of the request. */
  readonly searches: readonly string[];
  readonly probes: (situation: Situation) => readonly Probe[];
  readonly program: (situation: Situation) => string;
  /** The answer, computed from the fixtures. */
  readonly expected: (situation: Situation) => JsonValue | Promise<JsonValue>;
  /** What is wrong with what the program left behind; undefined when nothing is. Default: it leaves nothing. */
  readonly problem?: (situation: Situation) => Promise<string | undefined>;
}
