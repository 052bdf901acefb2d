import type { Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { OptimizerError } from "@mcp-optimizer/contracts";
import { abortable } from "../host/abortable.ts";
import { confinedCommand } from "../host/confined-command.ts";
import type { HostUsers } from "../host/host-user.ts";
import { openSocketFolder } from "../host/socket-folder.ts";
import { spawnMachine, type MachineProcess } from "../host/spawn-machine.ts";
import type { Machine, MachineSpec, Vmm } from "../vmm/vmm.ts";
import { createFirecrackerApi, type FirecrackerApi } from "./api-client.ts";
import { connectVsock } from "./connect-vsock.ts";
import { jailerArguments, type JailerOptions } from "./jailer-arguments.ts";
import { jailedFiles, openFiles, type MachineFiles } from "./machine-files.ts";
import { probeFirecracker } from "./probe-firecracker.ts";

/** Ports that the guest's process 1 listens on. */
const CONTROL_PORT = 1025;
const AGENT_PORT = 1026;
const GUEST_CID = 3;
const FILE_HANDLES = 256;
const API_SOCKET = "api.sock";
const VSOCK_SOCKET = "v.sock";
const POLL_MS = 5;
const BOOT_ARGS = "console=ttyS0 reboot=k panic=-1 pci=off quiet";

/** How to run Firecracker. */
export interface FirecrackerVmmOptions {
  /** Firecracker's program: a path, or a name to look for in PATH. */
  readonly program: string;
  readonly jailer: JailerOptions | undefined;
  readonly users: HostUsers;
  /** The device of the host's KVM. Only its rights are looked at. */
  readonly kvmDevice: string;
}

/** The driver of Firecracker. */
export function createFirecrackerVmm(options: FirecrackerVmmOptions): Vmm {
  return {
    name: "firecracker",
    channel: "vsock",
    nodeArguments: [],
    modules: ["virtio_mmio", "virtio_blk", "virtio_rng", "vmw_vsock_virtio_transport"],
    // Under the jailer, it writes in the jail's root alone, which the jailer gives to it.
    folderAccess: options.jailer ? "enter" : "write",
    probe: () => probeFirecracker(options),
    start: (spec, signal) => start(options, spec, signal),
  };
}

async function start(
  options: FirecrackerVmmOptions,
  spec: MachineSpec,
  signal: AbortSignal,
): Promise<Machine> {
  signal.throwIfAborted();
  const files = options.jailer ? await jailedFiles(spec, options.program) : openFiles(spec);
  const sockets = await openSocketFolder(files.folder);
  const process = await spawnMachine(command(options, spec), { cwd: files.folder, streams: 0 }).catch(
    async (error: unknown) => {
      await sockets.close();
      throw error;
    },
  );
  const over = new AbortController();
  void process.ended.then(({ detail }) => over.abort(new Error(`Firecracker ended: ${detail}`)));
  const stop = AbortSignal.any([signal, over.signal]);
  try {
    const api = await connectApi(sockets.path(API_SOCKET), stop);
    await abortable(configure(api, spec, files), stop);
    const control = await connectVsock(sockets.path(VSOCK_SOCKET), CONTROL_PORT, stop);
    const agent = await connectVsock(sockets.path(VSOCK_SOCKET), AGENT_PORT, stop);
    void destroyAtEnd(process, control, agent);
    const streams = { controlInput: control, controlOutput: control, input: agent, output: agent };
    return {
      ...streams,
      pid: process.pid,
      ended: process.ended,
      kill: () => process.kill(),
    };
  } catch (cause) {
    await process.kill();
    if (signal.aborted) throw cause;
    throw await toStartError(process, cause);
  } finally {
    await sockets.close();
  }
}

function command(options: FirecrackerVmmOptions, spec: MachineSpec): readonly string[] {
  const { program, jailer } = options;
  const { user } = spec;
  if (!jailer) {
    const own = ["--id", spec.id, "--api-sock", API_SOCKET];
    return confinedCommand({ user, fileHandles: FILE_HANDLES }, [program, ...own]);
  }
  if (!user) throw new OptimizerError("config_invalid", { detail: "the jailer needs a user to change to" });
  const machine = { id: spec.id, firecracker: program, user, chrootBase: spec.folder };
  // The jailer changes the user itself, and passes the id on.
  return jailerArguments(jailer, { ...machine, arguments: ["--api-sock", API_SOCKET] });
}

async function connectApi(socketPath: string, signal: AbortSignal): Promise<FirecrackerApi> {
  const api = createFirecrackerApi(socketPath);
  for (;;) {
    signal.throwIfAborted();
    const answered = await api.describeInstance().then(
      () => true,
      () => false,
    );
    if (answered) return api;
    await setTimeout(POLL_MS, undefined, { signal }).catch(() => {});
  }
}

async function configure(api: FirecrackerApi, spec: MachineSpec, files: MachineFiles): Promise<void> {
  await api.putMachineConfig({ vcpu_count: 1, mem_size_mib: spec.memoryMib, smt: false });
  await api.putBootSource({
    kernel_image_path: files.kernel,
    initrd_path: files.initrd,
    boot_args: BOOT_ARGS,
  });
  // Not the root device: the kernel starts from the archive in memory, and process 1 mounts the drive.
  await api.putDrive({
    drive_id: "root",
    path_on_host: files.drive,
    is_root_device: false,
    is_read_only: true,
  });
  await api.putVsock({ guest_cid: GUEST_CID, uds_path: VSOCK_SOCKET });
  await api.putEntropy();
  await api.act("InstanceStart");
}

async function destroyAtEnd({ ended }: MachineProcess, control: Socket, agent: Socket): Promise<void> {
  await ended;
  control.destroy();
  agent.destroySoon();
}

async function toStartError(process: MachineProcess, cause: unknown): Promise<OptimizerError> {
  const { detail } = await process.ended;
  if (OptimizerError.is(cause)) return cause;
  return new OptimizerError("sandbox_unavailable", {
    detail: "Firecracker did not start",
    cause: new Error(detail, { cause }),
  });
}
