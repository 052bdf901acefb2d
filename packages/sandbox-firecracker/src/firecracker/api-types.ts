import { z } from "zod";

/** `PUT /machine-config`. */
export interface MachineConfiguration {
  /** 1, or an even number up to 32. */
  readonly vcpu_count: number;
  readonly mem_size_mib: number;
  readonly smt?: boolean;
  readonly track_dirty_pages?: boolean;
  readonly huge_pages?: "None" | "Transparent" | "2M";
}

/** `PUT /boot-source`. */
export interface BootSource {
  readonly kernel_image_path: string;
  readonly initrd_path?: string;
  readonly boot_args?: string;
}

/** `PUT /drives/{drive_id}`, for a file of the host. */
export interface Drive {
  /** Letters, digits and underscores. */
  readonly drive_id: string;
  readonly path_on_host: string;
  readonly is_root_device: boolean;
  readonly is_read_only: boolean;
  readonly cache_type?: "Unsafe" | "Writeback";
  readonly io_engine?: "Sync" | "Async";
}

/** `PUT /vsock`. */
export interface Vsock {
  /** 3 or more. */
  readonly guest_cid: number;
  /** Where Firecracker listens for connections into the guest. */
  readonly uds_path: string;
}

/** `PUT /metrics`. */
export interface Metrics {
  readonly metrics_path: string;
}

/** `PUT /logger`. */
export interface Logger {
  readonly log_path?: string;
  readonly level?: "Error" | "Warning" | "Info" | "Debug" | "Trace" | "Off";
  readonly show_level?: boolean;
  readonly show_log_origin?: boolean;
}

/** `PUT /actions`. */
export type InstanceAction = "InstanceStart" | "FlushMetrics" | "SendCtrlAltDel";

/** `PATCH /vm`. */
export type VmState = "Paused" | "Resumed";

/** `PUT /snapshot/create`. */
export interface SnapshotCreate {
  readonly snapshot_path: string;
  readonly mem_file_path: string;
  readonly snapshot_type?: "Full" | "Diff";
}

/** `PUT /snapshot/load`. */
export interface SnapshotLoad {
  readonly snapshot_path: string;
  readonly mem_backend: { readonly backend_type: "File" | "Uffd"; readonly backend_path: string };
  readonly resume_vm?: boolean;
  readonly track_dirty_pages?: boolean;
  readonly vsock_override?: { readonly uds_path: string };
}

/** `GET /`. */
export interface InstanceInfo {
  readonly app_name: string;
  readonly id: string;
  readonly state: "Not started" | "Running" | "Paused";
  readonly vmm_version: string;
}

const path = z.string().min(1);

export const MachineConfigurationSchema: z.ZodType<MachineConfiguration> = z.strictObject({
  vcpu_count: z
    .int()
    .min(1)
    .max(32)
    .refine((count) => count === 1 || count % 2 === 0, "1 or an even number"),
  mem_size_mib: z.int().min(1),
  smt: z.boolean().exactOptional(),
  track_dirty_pages: z.boolean().exactOptional(),
  huge_pages: z.enum(["None", "Transparent", "2M"]).exactOptional(),
});

export const BootSourceSchema: z.ZodType<BootSource> = z.strictObject({
  kernel_image_path: path,
  initrd_path: path.exactOptional(),
  boot_args: z.string().max(2047).exactOptional(),
});

export const DriveSchema: z.ZodType<Drive> = z.strictObject({
  drive_id: z.string().regex(/^\w+$/),
  path_on_host: path,
  is_root_device: z.boolean(),
  is_read_only: z.boolean(),
  cache_type: z.enum(["Unsafe", "Writeback"]).exactOptional(),
  io_engine: z.enum(["Sync", "Async"]).exactOptional(),
});

export const VsockSchema: z.ZodType<Vsock> = z.strictObject({
  guest_cid: z
    .int()
    .min(3)
    .max(2 ** 32 - 1),
  uds_path: path,
});

export const MetricsSchema: z.ZodType<Metrics> = z.strictObject({ metrics_path: path });

export const LoggerSchema: z.ZodType<Logger> = z.strictObject({
  log_path: path.exactOptional(),
  level: z.enum(["Error", "Warning", "Info", "Debug", "Trace", "Off"]).exactOptional(),
  show_level: z.boolean().exactOptional(),
  show_log_origin: z.boolean().exactOptional(),
});

export const SnapshotCreateSchema: z.ZodType<SnapshotCreate> = z.strictObject({
  snapshot_path: path,
  mem_file_path: path,
  snapshot_type: z.enum(["Full", "Diff"]).exactOptional(),
});

export const SnapshotLoadSchema: z.ZodType<SnapshotLoad> = z.strictObject({
  snapshot_path: path,
  mem_backend: z.strictObject({ backend_type: z.enum(["File", "Uffd"]), backend_path: path }),
  resume_vm: z.boolean().exactOptional(),
  track_dirty_pages: z.boolean().exactOptional(),
  vsock_override: z.strictObject({ uds_path: path }).exactOptional(),
});

export const InstanceInfoSchema: z.ZodType<InstanceInfo> = z.object({
  app_name: z.string(),
  id: z.string(),
  state: z.enum(["Not started", "Running", "Paused"]),
  vmm_version: z.string(),
});
