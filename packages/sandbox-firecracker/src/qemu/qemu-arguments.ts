import type { MachineSpec } from "../vmm/vmm.ts";

/** File descriptors of the process, in the order in which it is given its streams. */
export const QEMU_STREAMS = { control: 3, input: 4, output: 5, monitor: 6, state: 7 } as const;

/** Where a machine's memory lives. */
export type QemuMemory =
  /** In the process. */
  | { readonly kind: "private" }
  /** In a file: this is a template. */
  | { readonly kind: "template"; readonly file: string }
  /** Pages of a template's file, copied when they are written to. */
  | {
      readonly kind: "copy";
      readonly file: string;
      /** Who may read the file, and not write to it; absent: whoever we are. */
      readonly readers?: number;
    };

/** The emulator caches translated code in this much memory. */
export const CODE_CACHE_MIB = 128;

const BOOT = [
  "console=ttyS0",
  "panic=-1",
  "reboot=t",
  "quiet",
  // There is no speculation to protect from: the processor is emulated.
  "mitigations=off",
  "cryptomgr.notests",
].join(" ");

/**
 * QEMU's arguments: a machine without network, disks or devices beside a read-only drive, a console that nobody writes to
 * and the ports to the host. The processor is always emulated (TCG): KVM is neither used nor looked for.
 */
export function qemuArguments(spec: MachineSpec, memory: QemuMemory): readonly string[] {
  return [
    ["-name", spec.id],
    ["-machine", memory.kind === "private" ? "q35" : "q35,memory-backend=ram"],
    ["-accel", `tcg,tb-size=${CODE_CACHE_MIB}`],
    ["-cpu", "max", "-smp", "1", "-m", String(spec.memoryMib)],
    memory.kind === "private" ? [] : ["-object", memoryObject(spec, memory)],
    ["-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-nic", "none"],
    ["-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"],
    ["-kernel", spec.kernel, "-initrd", spec.initrd, "-append", BOOT],
    ["-drive", `if=none,id=root,format=raw,readonly=on,file.locking=off,file=${escape(spec.drive)}`],
    ["-device", "virtio-blk-pci,drive=root", "-device", "virtio-serial-pci,max_ports=4"],
    port("control", 1),
    port("input", 2),
    port("output", 3),
    ["-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console"],
    ["-chardev", `socket,id=monitor,fd=${QEMU_STREAMS.monitor}`, "-mon", "chardev=monitor,mode=control"],
    memory.kind === "copy" ? ["-incoming", "defer"] : [],
  ].flat();
}

function port(name: "control" | "input" | "output", number: number): readonly string[] {
  return [
    "-chardev",
    `socket,id=${name},fd=${QEMU_STREAMS[name]}`,
    "-device",
    `virtserialport,chardev=${name},nr=${number},name=${name}`,
  ];
}

function memoryObject(spec: MachineSpec, memory: { kind: "template" | "copy"; file: string }): string {
  const share = memory.kind === "template" ? "on" : "off";
  return `memory-backend-file,id=ram,size=${spec.memoryMib}M,mem-path=${escape(memory.file)},share=${share}`;
}

/** QEMU ends an option's value at a comma, unless it is doubled. */
function escape(path: string): string {
  return path.replaceAll(",", ",,");
}
