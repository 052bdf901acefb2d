import { DEFAULT_RUN_LIMITS, type SandboxBound } from "@mcp-optimizer/contracts";
import * as z from "zod";
import { SANDBOX_NAMES, isSandboxName, unknownSandbox, type SandboxName } from "./sandbox-name.ts";

/** Which sandbox programs run in, and how it is set up. Everything has a default. */
export interface SandboxSettings {
  /** A sandbox, or several in order of preference: the first that is available and holds what `require` names. Default `wasi`. */
  readonly backend?: SandboxName | readonly SandboxName[];
  /** What the sandbox's probe must call `enforced`. Default nothing. */
  readonly require?: readonly SandboxBound[];
  /** Guests that are kept ready, in all sandboxes but `wasi`. */
  readonly pool?: {
    /** For each language. Default 2; 0 keeps none. */
    readonly size?: number;
    /** A guest that waited longer is replaced, in milliseconds. Default 10 minutes. */
    readonly maxAgeMs?: number;
  };
  /**
   * JavaScript runs in WebAssembly realms, many programs of one tenant in one guest; false gives every program a guest of its own, and V8's speed.
   * Default true for `seccomp`, `docker` and `gvisor`, false for `basic` and `firecracker`; `wasi` is nothing else.
   */
  readonly realms?: boolean;
  /** Runs at once; later ones wait. Default 16, and 8 for each processor in `wasi`. */
  readonly maxGuests?: number;
  readonly wasi?: WasiSettings;
  readonly seccomp?: ProcessSettings & {
    /** Bubblewrap's program. Default `bwrap`. */
    readonly bubblewrap?: string;
  };
  readonly basic?: ProcessSettings & {
    /** Starts even where `NODE_ENV` is `production`. Default false. */
    readonly force?: boolean;
  };
  readonly docker?: ContainerSettings;
  readonly gvisor?: ContainerSettings;
  readonly firecracker?: MachineSettings;
}

/** The embedded sandbox. */
export interface WasiSettings {
  /** Worker threads that are kept. Default: the machine's processors. */
  readonly workers?: number;
  /** A new WebAssembly instance for each run instead of a reset. Default false. */
  readonly freshInstance?: boolean;
}

/** Guests in processes of this machine. */
export interface ProcessSettings {
  /** Node of the guests. Default: the one that runs the optimizer. */
  readonly node?: string;
  /** Python of the guests. Default: the first usable one. */
  readonly python?: string;
  /** User of all guests, when the optimizer is root. Never 0. Default: a user of its own for each guest. */
  readonly uid?: number;
  /** Processors that one guest may keep busy. Default 1. */
  readonly cpus?: number;
}

/** Guests in containers. */
export interface ContainerSettings {
  /** The daemon's Unix socket. Default `/var/run/docker.sock`. */
  readonly socketPath?: string;
  /** An image built from the published Dockerfile. Default: one made of this machine's Node and Python. */
  readonly image?: string;
  /** Processors that one guest may keep busy. Default 1. */
  readonly cpus?: number;
}

/** Guests in micro-VMs. */
export interface MachineSettings {
  /** What runs the machines: Firecracker, or QEMU with an emulated processor. Default `firecracker`. */
  readonly vmm?: "firecracker" | "qemu";
  /** Its program. Default `/usr/bin/firecracker`, or `qemu-system-x86_64`. */
  readonly program?: string;
  /** Firecracker's jailer; needs root. */
  readonly jailer?: string;
  /** The guests' Linux. Needed. */
  readonly kernel?: { readonly image: string; readonly modules?: string };
  /** Node of the guests. Default: the one that runs the optimizer. */
  readonly node?: string;
  /** Python of the guests, or false for none. Default `/usr/bin/python3`. */
  readonly python?: string | false;
  /** Keeps built images between starts. */
  readonly cacheFolder?: string;
  /** Longest time to an agent that waits for work, in milliseconds. Default 60,000. */
  readonly bootMs?: number;
}

/** What a sandbox may be required to enforce. */
export const SANDBOX_BOUNDS: readonly SandboxBound[] = [
  ...(Object.keys(DEFAULT_RUN_LIMITS) as SandboxBound[]),
  "network",
  "filesystem",
];

const path = z.string().min(1).max(4_096);
const cpus = z.number().min(0.1).max(256);
const name = z.enum(SANDBOX_NAMES, { error: ({ input }) => unknownSandbox(input) });
const processes = { node: path, python: path, uid: z.int().min(1).max(4_294_967_294), cpus };
const containers = z.strictObject({ socketPath: path, image: z.string().min(1).max(512), cpus }).partial();

/** Checks the settings of a sandbox as a configuration gives them. */
export const SandboxSettingsSchema: z.ZodType<SandboxSettings> = z
  .strictObject(
    {
      backend: z.union([name, z.array(name).min(1).max(SANDBOX_NAMES.length)], {
        error: ({ input }) => unknownSandbox([input].flat().find((one) => !isSandboxName(one))),
      }),
      require: z.array(z.enum(SANDBOX_BOUNDS)).max(SANDBOX_BOUNDS.length),
      pool: z
        .strictObject({ size: z.int().min(0).max(256), maxAgeMs: z.int().min(1_000).max(86_400_000) })
        .partial(),
      realms: z.boolean(),
      maxGuests: z.int().min(1).max(1_024),
      wasi: z.strictObject({ workers: z.int().min(1).max(256), freshInstance: z.boolean() }).partial(),
      seccomp: z.strictObject({ ...processes, bubblewrap: path }).partial(),
      basic: z.strictObject({ ...processes, force: z.boolean() }).partial(),
      docker: containers,
      gvisor: containers,
      firecracker: z
        .strictObject({
          vmm: z.enum(["firecracker", "qemu"]),
          program: path,
          jailer: path,
          kernel: z.strictObject({ image: path, modules: path.optional() }),
          node: path,
          python: z.union([path, z.literal(false)]),
          cacheFolder: path,
          bootMs: z.int().min(1_000).max(600_000),
        })
        .partial(),
    },
    { error: (issue) => (issue.code === "unrecognized_keys" ? movedKeys(issue.keys) : undefined) },
  )
  .partial() as unknown as z.ZodType<SandboxSettings>;

/** `workers` and `freshInstance` stood here while `wasi` was the only sandbox. */
function movedKeys(keys: readonly string[]): string | undefined {
  const moved = keys.find((key) => key === "workers" || key === "freshInstance");
  return moved && `has no ${moved} any more: it is wasi.${moved} now, as in { "wasi": { "${moved}": … } }`;
}
