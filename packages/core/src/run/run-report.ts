import type {
  ApprovalGrant,
  ConsoleLine,
  ErrorCode,
  JsonObject,
  JsonValue,
  Language,
  PendingApproval,
  RunLimits,
  RunScope,
  SourcePosition,
  ToolProgress,
} from "@mcp-optimizer/contracts";
import type { ShownPiece } from "../show/shown-piece.ts";

/** What calls come to, in tokens. */
export interface CallTokens {
  readonly tokens: number;
  /** `estimated`: not all of it was counted when the run ended. */
  readonly mark: "measured" | "estimated";
}

/** A program to run. */
export interface RunRequest {
  /** The body of an async function. Markdown fences around it are taken off. */
  readonly code: string;
  /** Default: what the fence names, else `javascript`, which is TypeScript too. One that the sandbox has not is `invalid_params`. */
  readonly language?: Language;
  /** Whose run it is. Default `local`. */
  readonly tenant?: string;
  /** Who of the tenant runs it. Default: the tenant's name. */
  readonly principal?: string;
  /** What the caller was granted, as policy rules name it. Default none. */
  readonly scopes?: readonly string[];
  /** The connection or conversation that it belongs to. Default none. */
  readonly session?: string;
  /**
   * The session in which the program keeps variables, by the id that an earlier run told. One that ended, or is another's, is `not_found`.
   * Default: that of the connection, else one of its own since it first keeps something.
   */
  readonly sessionId?: string;
  /** The connection that it came by, under a name that no client can choose or guess. Default none. */
  readonly connection?: string;
  /** A person's answer to what an earlier run of the same program asked. That run goes on. */
  readonly approval?: ApprovalGrant;
  /** Told when a person has to decide before the program may go on; the run ends with `approval_required` then. */
  readonly onApproval?: (pending: PendingApproval) => void;
  /** Told its id before it begins. */
  readonly onRun?: (runId: string) => void;
  /** The run that this program is a part of; its log, approvals and limits hold then. Default: its own. */
  readonly within?: RunScope;
  readonly signal?: AbortSignal;
  /** Called as tool calls of the program begin and end. */
  readonly onProgress?: (progress: ToolProgress) => void;
  /** Lower limits for this run. A higher one than configured is `invalid_params`. */
  readonly limits?: Partial<RunLimits>;
  /** In scope of the program as `params`. Default: no such name. */
  readonly params?: JsonObject;
  /** Reports the value whole, whatever its size. Default false: it is cut to the tokens of a result. */
  readonly whole?: boolean;
  /**
   * Goes on with an earlier run of the same program: calls that were applied give what they gave then, and a write that may have
   * happened is not repeated. Default: a new run.
   */
  readonly runId?: string;
  /**
   * Takes that run from whoever has it: only for who knows that the former owner is dead. One that is not loses the run with its next write,
   * which is not made then. Default false: a run that is under way is `conflict`.
   */
  readonly takeOver?: boolean;
  /** What `Math.random` and `crypto` in the program start from. Default: taken from the run's id, so that a run that goes on repeats itself. */
  readonly seed?: number;
}

/** A tool call that a program made. */
export interface CallRecord {
  /** `namespace.identifier`. */
  readonly tool: string;
  readonly ok: boolean;
  /** From the first byte sent to the last received, in milliseconds. */
  readonly ms: number;
  readonly error?: ErrorCode;
  /** The result is that of an earlier attempt at the same run; the server was not called. */
  readonly replayed?: boolean;
  /** It was not made: the run waits for approval. */
  readonly planned?: boolean;
  /** The result is that of an earlier equal call; the server was not called. */
  readonly cached?: boolean;
  /** Opens the result in a later program. */
  readonly handle?: string;
  /** Of the result under the handle, in characters: of a text, or of the JSON of another value. */
  readonly size?: number;
  /** What the server sent beside the structured content that the program got. Absent where that is the same. */
  readonly more?: MoreContent;
}

/** Content of a result that a program did not get. */
export interface MoreContent {
  /** Opens it in a later program. */
  readonly handle: string;
  /** It holds more than other words for the same: media, or a text that is longer than the structured content. */
  readonly telling: boolean;
}

/** Why a run has no value. */
export interface RunError {
  readonly code: ErrorCode;
  readonly message: string;
  /** The class name of the thrown error. */
  readonly name?: string;
  readonly tool?: string;
  /** In the program as it was sent. */
  readonly position?: SourcePosition;
  /** The line of the program at that position, trimmed. */
  readonly sourceLine?: string;
  /** All that was found wrong before anything ran, each with line and column. */
  readonly findings?: readonly string[];
  /** Signatures of the tools that the findings are about. */
  readonly signatures?: readonly string[];
}

/** What a run gave. */
export interface RunReport {
  readonly runId: string;
  /** It is not over: what is reported is what there is so far. */
  readonly running?: true;
  /** The value, cut by structure to its token budget; absent when nothing was returned. */
  readonly value?: JsonValue;
  /** What was cut, each with its path. Empty when the value is whole. */
  readonly omitted: readonly string[];
  /** Opens the whole value in a later program; present when something was cut. */
  readonly handle?: string;
  readonly error?: RunError;
  readonly warnings: readonly string[];
  readonly console: readonly ConsoleLine[];
  readonly consoleOmittedBytes: number;
  readonly calls: readonly CallRecord[];
  /** What the program handed to the client beside its value, in order. */
  readonly shown: readonly ShownPiece[];
  /** The session that the run made, because its program kept something: a later one that names it has that. */
  readonly session?: string;
  readonly durationMs: number;
  /**
   * o200k_base tokens of the program and of the answer that the model sees; and of its calls, arguments and results: what a model that calls tool
   * by tool would have read. Absent where the ledger is off, and for a run without calls.
   */
  readonly tokens: { readonly program: number; readonly answer: number; readonly calls?: CallTokens };
}
