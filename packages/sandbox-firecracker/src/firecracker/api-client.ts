import { OptimizerError } from "@mcp-optimizer/contracts";
import { z } from "zod";
import { sendApiRequest } from "./api-request.ts";
import {
  BootSourceSchema,
  DriveSchema,
  InstanceInfoSchema,
  LoggerSchema,
  MachineConfigurationSchema,
  MetricsSchema,
  SnapshotCreateSchema,
  SnapshotLoadSchema,
  VsockSchema,
  type BootSource,
  type Drive,
  type InstanceAction,
  type InstanceInfo,
  type Logger,
  type MachineConfiguration,
  type Metrics,
  type SnapshotCreate,
  type SnapshotLoad,
  type VmState,
  type Vsock,
} from "./api-types.ts";

const VERSION = z.object({ firecracker_version: z.string() });

/**
 * The part of Firecracker's HTTP API that a micro-VM without a network needs. Each call rejects with `invalid_params` when its body
 * does not fit Firecracker's published schema, and with `sandbox_unavailable` when Firecracker refuses or does not answer.
 */
export interface FirecrackerApi {
  describeInstance(): Promise<InstanceInfo>;
  /** Such as `1.13.1`. */
  version(): Promise<string>;
  /** Before anything else. */
  putLogger(body: Logger): Promise<void>;
  /** Before anything but the logger. */
  putMetrics(body: Metrics): Promise<void>;
  /** Before start. */
  putMachineConfig(body: MachineConfiguration): Promise<void>;
  getMachineConfig(): Promise<MachineConfiguration>;
  /** Before start. */
  putBootSource(body: BootSource): Promise<void>;
  /** Before start. */
  putDrive(body: Drive): Promise<void>;
  /** Before start. */
  putVsock(body: Vsock): Promise<void>;
  /** A source of randomness for the guest. Before start. */
  putEntropy(): Promise<void>;
  act(action: InstanceAction): Promise<void>;
  /** After start. */
  patchVm(state: VmState): Promise<void>;
  /** After start, while paused. */
  createSnapshot(body: SnapshotCreate): Promise<void>;
  /** On a fresh process, before anything but logger and metrics. */
  loadSnapshot(body: SnapshotLoad): Promise<void>;
}

/** A client of the API at a Unix socket. `timeoutMs` bounds each call; default 10,000, snapshots 60,000. */
export function createFirecrackerApi(socketPath: string, timeoutMs = 10_000): FirecrackerApi {
  const snapshotMs = Math.max(timeoutMs, 60_000);
  const send = (
    method: "GET" | "PUT" | "PATCH",
    path: string,
    body?: unknown,
    limit = timeoutMs,
  ): Promise<unknown> =>
    sendApiRequest({ socketPath, method, path, timeoutMs: limit, ...(body !== undefined && { body }) });
  const put = async <T>(path: string, schema: z.ZodType<T>, body: T, limit?: number): Promise<void> => {
    await send("PUT", path, checked(path, schema, body), limit);
  };
  return {
    describeInstance: async () => answered("/", InstanceInfoSchema, await send("GET", "/")),
    version: async () => answered("/version", VERSION, await send("GET", "/version")).firecracker_version,
    putLogger: (body) => put("/logger", LoggerSchema, body),
    putMetrics: (body) => put("/metrics", MetricsSchema, body),
    putMachineConfig: (body) => put("/machine-config", MachineConfigurationSchema, body),
    getMachineConfig: async () =>
      answered(
        "/machine-config",
        z.looseObject({ vcpu_count: z.int(), mem_size_mib: z.int() }),
        await send("GET", "/machine-config"),
      ),
    putBootSource: (body) => put("/boot-source", BootSourceSchema, body),
    putDrive: (body) => put(`/drives/${encodeURIComponent(body.drive_id)}`, DriveSchema, body),
    putVsock: (body) => put("/vsock", VsockSchema, body),
    putEntropy: () => put("/entropy", z.strictObject({}), {}),
    act: (action_type) =>
      put(
        "/actions",
        z.strictObject({ action_type: z.enum(["InstanceStart", "FlushMetrics", "SendCtrlAltDel"]) }),
        { action_type },
      ),
    async patchVm(state) {
      await send(
        "PATCH",
        "/vm",
        checked("/vm", z.strictObject({ state: z.enum(["Paused", "Resumed"]) }), { state }),
      );
    },
    createSnapshot: (body) => put("/snapshot/create", SnapshotCreateSchema, body, snapshotMs),
    loadSnapshot: (body) => put("/snapshot/load", SnapshotLoadSchema, body, snapshotMs),
  };
}

function checked<T>(path: string, schema: z.ZodType<T>, body: T): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new OptimizerError("invalid_params", {
    detail: `${path}: ${z.prettifyError(result.error)}`,
    cause: result.error,
  });
}

function answered<T>(path: string, schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new OptimizerError("sandbox_unavailable", {
    detail: `Firecracker's answer to ${path} is not understood`,
    cause: result.error,
  });
}
