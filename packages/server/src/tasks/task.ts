import type { Clock, ToolProgress } from "@mcp-optimizer/contracts";
import type { CallToolResult, ElicitRequestFormParams, InputRequests } from "@modelcontextprotocol/server";
import type { Owner } from "../shared/owner.ts";
import type { FormAnswer } from "../approvals/approval-form.ts";
import { shownText } from "../approvals/shown-text.ts";

const STATUS_CHARACTERS = 300;

/** An error as JSON-RPC has it. */
export interface WireError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** How a task stands, with what belongs to that. */
export type TaskState =
  | { readonly status: "working" }
  | { readonly status: "input_required"; readonly inputRequests: InputRequests }
  | { readonly status: "completed"; readonly result: CallToolResult & { readonly resultType: "complete" } }
  | { readonly status: "failed"; readonly error: WireError }
  | { readonly status: "cancelled" };

/** A task as clients see it. */
export type TaskView = {
  readonly taskId: string;
  readonly statusMessage?: string;
  readonly createdAt: string;
  readonly lastUpdatedAt: string;
  /** From its creation; null while nobody knows when it ends. */
  readonly ttlMs: number | null;
  readonly pollIntervalMs: number;
} & TaskState;

/** What a task is made of. */
export interface TaskOptions {
  readonly id: string;
  /** Nobody else may see the task. */
  readonly owner: Owner;
  readonly clock: Clock;
  readonly ttlMs: number;
  readonly pollMs: number;
  /** Called once, when the task has ended. */
  readonly onEnd: () => void;
  /** Called when its view is another: its state, or its message only. */
  readonly onChange: (state: boolean) => void;
}

/** A call that goes on after its request was answered. */
export class Task {
  readonly id: string;
  readonly owner: Owner;
  readonly #options: TaskOptions;
  readonly #stop = new AbortController();
  readonly #over = Promise.withResolvers<void>();
  /** Resolves when it has its last state. */
  readonly over: Promise<void> = this.#over.promise;
  readonly #createdAt: number;
  #updatedAt: number;
  #state: TaskState = { status: "working" };
  #message: string | undefined;
  #run: string | undefined;
  #asked = 0;
  #answer: { readonly key: string; readonly take: (answer: FormAnswer | undefined) => void } | undefined;

  constructor(options: TaskOptions) {
    this.id = options.id;
    this.owner = options.owner;
    this.#options = options;
    this.#createdAt = this.#updatedAt = options.clock.now();
  }

  /** Whether it has its last state. */
  get ended(): boolean {
    return this.#hasEnded;
  }

  /** The key of what it asks now. */
  get question(): string | undefined {
    return this.#answer?.key;
  }

  /** The run that the call is part of, where it was told. */
  get run(): string | undefined {
    return this.#run;
  }

  belongsTo(run: string): void {
    this.#run = run;
    this.#options.onChange(false);
  }

  /** Aborts when the call shall stop. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get view(): TaskView {
    const ended = this.#hasEnded ? this.#updatedAt - this.#createdAt + this.#options.ttlMs : null;
    return {
      taskId: this.id,
      ...this.#state,
      ...(this.#message !== undefined && { statusMessage: this.#message }),
      createdAt: new Date(this.#createdAt).toISOString(),
      lastUpdatedAt: new Date(this.#updatedAt).toISOString(),
      ttlMs: ended,
      pollIntervalMs: this.#options.pollMs,
    };
  }

  progress({ progress, total, message }: ToolProgress): void {
    if (this.#state.status !== "working" || this.signal.aborted) return;
    const of = total === undefined ? "" : ` of ${total}`;
    const words = message === undefined ? "" : `: ${shownText(message, STATUS_CHARACTERS)}`;
    this.#message = `${progress}${of}${words}`;
    this.#updatedAt = this.#options.clock.now();
    this.#options.onChange(false);
  }

  /** Asks the client's user. Resolves with undefined when nobody answered until then, or the task was cancelled. */
  async ask(form: ElicitRequestFormParams, expiresAt: number): Promise<FormAnswer | undefined> {
    if (this.signal.aborted) return undefined;
    const { clock } = this.#options;
    const { promise, resolve } = Promise.withResolvers<FormAnswer | undefined>();
    // A key is used once in a task's life, so that an answer cannot be taken for another question's.
    const key = `approval-${(this.#asked += 1)}`;
    this.#answer = { key, take: resolve };
    this.#enter({
      status: "input_required",
      inputRequests: { [key]: { method: "elicitation/create", params: form } },
    });
    const cancelTimer = clock.schedule(Math.max(expiresAt - clock.now(), 0), () => resolve(undefined));
    const answer = await promise;
    cancelTimer();
    this.#answer = undefined;
    this.#enter({ status: "working" });
    return answer;
  }

  /** Takes answers to what is asked now; others mean nothing. */
  answer(read: (key: string) => FormAnswer | undefined): void {
    if (this.#answer === undefined) return;
    const answer = read(this.#answer.key);
    if (answer !== undefined) this.#answer.take(answer);
  }

  /** Stops the call. What the task becomes is known when the call has ended. */
  cancel(): void {
    if (this.#hasEnded) return;
    this.#stop.abort();
    this.#answer?.take(undefined);
    this.#message = "It is being cancelled.";
    this.#options.onChange(false);
  }

  /** The call has its result. After a cancellation only a success counts, since then it came too late. */
  complete(result: CallToolResult): void {
    if (this.signal.aborted && result.isError === true) return this.#end({ status: "cancelled" });
    this.#end({ status: "completed", result: { ...result, resultType: "complete" } });
  }

  fail(error: WireError): void {
    this.#end(this.signal.aborted ? { status: "cancelled" } : { status: "failed", error });
  }

  get #hasEnded(): boolean {
    return this.#state.status !== "working" && this.#state.status !== "input_required";
  }

  #enter(state: TaskState): void {
    this.#state = state;
    this.#message = undefined;
    this.#updatedAt = this.#options.clock.now();
    this.#options.onChange(true);
  }

  #end(state: TaskState): void {
    this.#enter(state);
    this.#options.onEnd();
    this.#over.resolve();
  }
}
