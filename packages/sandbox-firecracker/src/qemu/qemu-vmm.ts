import type { Vmm } from "../vmm/vmm.ts";
import { probeQemu } from "./probe-qemu.ts";
import { captureQemu } from "./qemu-template.ts";
import { startQemu, type QemuOptions } from "./start-qemu.ts";

/** The driver of QEMU, with an emulated processor. */
export function createQemuVmm(options: QemuOptions): Vmm {
  return {
    name: "qemu",
    channel: "virtio",
    // Machine code that is made for a few calls costs more to emulate than it saves. What runs long is still compiled.
    nodeArguments: ["--no-sparkplug", "--no-maglev"],
    modules: ["virtio_pci", "virtio_blk", "virtio_console"],
    folderAccess: "enter",
    probe: () => probeQemu(options.program),
    async start(spec, signal) {
      return (await startQemu(options, spec, { kind: "private" }, signal)).machine;
    },
    capture: (spec, ready, signal) => captureQemu(options, spec, ready, signal),
  };
}
