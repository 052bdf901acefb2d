import {
  OptimizerError,
  type GuestError,
  type JsonObject,
  type PendingApproval,
} from "@mcp-optimizer/contracts";
import type { DirectAnswer, DirectCall } from "../run/direct-call.ts";
import type { RunReport, RunRequest } from "../run/run-report.ts";

type Told = "signal" | "onProgress" | "onApproval" | "onRun";

/** What a worker is asked to do, as it is sent: all that is told while it is done goes another way. */
export type QueuedWork =
  | { readonly kind: "program"; readonly request: Omit<RunRequest, Told | "within"> }
  | { readonly kind: "call"; readonly call: Omit<DirectCall, Told | "sources" | "trail"> };

/** What came of it, as it is sent back. */
export interface DoneWork {
  readonly report?: RunReport;
  readonly answer?: DirectAnswer;
  /** Servers whose results the caller of a call has now. */
  readonly sources?: readonly string[];
  /** What a person has to decide on first. */
  readonly pending?: PendingApproval;
  /** Why there is nothing else. */
  readonly error?: GuestError;
}

type Request = Extract<QueuedWork, { kind: "program" }>["request"];
type Call = Extract<QueuedWork, { kind: "call" }>["call"];

const CALLER = {
  tenant: true,
  principal: true,
  scopes: true,
  session: true,
  sessionId: true,
  connection: true,
  approval: true,
  runId: true,
  takeOver: true,
} as const;
/** All that a worker of this version heeds. */
const REQUEST: Readonly<Record<keyof Request, true>> = {
  ...CALLER,
  code: true,
  language: true,
  limits: true,
  params: true,
  whole: true,
  seed: true,
};
const CALL: Readonly<Record<keyof Call, true>> = { ...CALLER, name: true, args: true, fresh: true };

/** As a job carries it: what its caller gave beside goes to no worker. */
export const workJson = (work: QueuedWork): JsonObject =>
  work.kind === "program"
    ? { kind: "program", request: only(work.request, REQUEST) }
    : { kind: "call", call: only(work.call, CALL) };

/** As a worker reads it. What it does not know may be a bound that it would not keep: throws `sandbox_unavailable` then. */
export function readWork(json: JsonObject): QueuedWork {
  const { kind, ...parts } = json;
  const [name, known] = kind === "call" ? (["call", CALL] as const) : (["request", REQUEST] as const);
  const asked = parts[name];
  if (kind !== "program" && kind !== "call")
    throw unknown(`kind ${typeof kind === "string" ? kind : typeof kind}`);
  if (typeof asked !== "object" || asked === null) throw unknown(`kind ${kind} without its ${name}`);
  const strange = [
    ...Object.keys(parts).filter((key) => key !== name),
    ...Object.keys(asked).filter((key) => !Object.hasOwn(known, key)),
  ];
  if (strange.length > 0) throw unknown(strange.join(", "));
  return json as unknown as QueuedWork;
}

const only = (asked: object, known: Readonly<Record<string, true>>): JsonObject =>
  Object.fromEntries(
    Object.entries(asked as JsonObject).filter(
      ([key, value]) => Object.hasOwn(known, key) && value !== undefined,
    ),
  );

const unknown = (what: string): OptimizerError =>
  new OptimizerError("sandbox_unavailable", {
    detail: `the front asks for what its worker does not know (${what.slice(0, 200)}); update workers before fronts`,
  });

/** As a job's answer carries it. */
export const doneJson = (done: DoneWork): JsonObject => done as unknown as JsonObject;

/** As a front reads it. */
export const readDone = (json: JsonObject): DoneWork => json;
