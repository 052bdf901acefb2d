import * as z from "zod";

/** The body of each request that the model takes, as Firecracker's published API description (1.17) defines it. */
const DEFINITIONS = {
  "PUT /machine-config": {
    required: ["mem_size_mib", "vcpu_count"],
    properties: {
      cpu_template: { type: "string", enum: ["C3", "T2", "T2S", "T2CL", "T2A", "V1N1", "None"] },
      smt: { type: "boolean" },
      mem_size_mib: { type: "integer" },
      track_dirty_pages: { type: "boolean" },
      vcpu_count: { type: "integer", minimum: 1, maximum: 32 },
      huge_pages: { type: "string", enum: ["None", "Transparent", "2M"] },
    },
  },
  "PUT /boot-source": {
    required: ["kernel_image_path"],
    properties: {
      boot_args: { type: "string" },
      initrd_path: { type: "string" },
      kernel_image_path: { type: "string" },
    },
  },
  "PUT /drives": {
    required: ["drive_id", "is_root_device"],
    properties: {
      drive_id: { type: "string" },
      partuuid: { type: "string" },
      is_root_device: { type: "boolean" },
      cache_type: { type: "string", enum: ["Unsafe", "Writeback"] },
      is_read_only: { type: "boolean" },
      path_on_host: { type: "string" },
      io_engine: { type: "string", enum: ["Sync", "Async"] },
      socket: { type: "string" },
    },
  },
  "PUT /vsock": {
    required: ["guest_cid", "uds_path"],
    properties: {
      guest_cid: { type: "integer", minimum: 3 },
      uds_path: { type: "string" },
      vsock_id: { type: "string" },
    },
  },
  "PUT /entropy": { required: [], properties: {} },
  "PUT /logger": {
    required: [],
    properties: {
      level: { type: "string", enum: ["Error", "Warning", "Info", "Debug", "Trace", "Off"] },
      log_path: { type: "string" },
      show_level: { type: "boolean" },
      show_log_origin: { type: "boolean" },
      module: { type: "string" },
    },
  },
  "PUT /metrics": { required: ["metrics_path"], properties: { metrics_path: { type: "string" } } },
  "PUT /actions": {
    required: ["action_type"],
    properties: {
      action_type: { type: "string", enum: ["FlushMetrics", "InstanceStart", "SendCtrlAltDel"] },
    },
  },
  "PATCH /vm": {
    required: ["state"],
    properties: { state: { type: "string", enum: ["Paused", "Resumed"] } },
  },
  "PUT /snapshot/create": {
    required: ["mem_file_path", "snapshot_path"],
    properties: {
      mem_file_path: { type: "string" },
      snapshot_path: { type: "string" },
      snapshot_type: { type: "string", enum: ["Full", "Diff"] },
    },
  },
  "PUT /snapshot/load": {
    required: ["snapshot_path"],
    properties: {
      track_dirty_pages: { type: "boolean" },
      mem_backend: {
        type: "object",
        required: ["backend_type", "backend_path"],
        properties: {
          backend_type: { type: "string", enum: ["File", "Uffd"] },
          backend_path: { type: "string" },
        },
        additionalProperties: false,
      },
      snapshot_path: { type: "string" },
      resume_vm: { type: "boolean" },
      vsock_override: {
        type: "object",
        required: ["uds_path"],
        properties: { uds_path: { type: "string" } },
        additionalProperties: false,
      },
    },
  },
} as const;

/** A request that has a body. */
export type BodyRequest = keyof typeof DEFINITIONS;

const SCHEMAS = new Map<string, z.ZodType>(
  Object.entries(DEFINITIONS).map(([request, { required, properties }]) => [
    request,
    z.fromJSONSchema({
      type: "object",
      required: [...required],
      properties,
      additionalProperties: false,
    } as unknown as Parameters<typeof z.fromJSONSchema>[0]),
  ]),
);

/** Why Firecracker would refuse a body; `undefined` when it would not. */
export function bodyFault(request: BodyRequest, body: unknown): string | undefined {
  const result = SCHEMAS.get(request)?.safeParse(body);
  return result?.success === false ? z.prettifyError(result.error) : undefined;
}

/** Whether the model knows a request. */
export function isBodyRequest(request: string): request is BodyRequest {
  return request in DEFINITIONS;
}
