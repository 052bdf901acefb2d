import type { Server } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFirecrackerApi, type FirecrackerApi } from "../../src/index.ts";
import { openFolder } from "../test-machine.ts";
import { ApiModel } from "./model/api-model.ts";
import { serveApi } from "./model/serve-api.ts";

describe("the client of Firecracker's API", () => {
  let folder: Awaited<ReturnType<typeof openFolder>>;
  let model: ApiModel;
  let server: Server;
  let api: FirecrackerApi;
  let socket: string;

  beforeEach(async () => {
    folder = await openFolder();
    socket = join(folder.path, "api.sock");
    model = new ApiModel("machine-1");
    server = await serveApi(model, socket);
    api = createFirecrackerApi(socket);
  });
  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
    await folder.remove();
  });

  const prepare = async (): Promise<void> => {
    await api.putMachineConfig({ vcpu_count: 2, mem_size_mib: 512, smt: false, huge_pages: "None" });
    await api.putBootSource({ kernel_image_path: "/kernel", initrd_path: "/initrd", boot_args: "quiet" });
    await api.putDrive({ drive_id: "root", path_on_host: "/d", is_root_device: false, is_read_only: true });
    await api.putVsock({ guest_cid: 3, uds_path: "v.sock" });
    await api.putEntropy();
  };

  test("configures, starts, pauses, saves and continues a machine", async () => {
    await api.putLogger({ log_path: "/log", level: "Warning", show_level: true });
    await api.putMetrics({ metrics_path: "/metrics" });
    await prepare();
    expect(await api.describeInstance()).toMatchObject({ id: "machine-1", state: "Not started" });
    await api.act("InstanceStart");
    expect(await api.describeInstance()).toMatchObject({ state: "Running" });
    await api.act("FlushMetrics");
    await api.patchVm("Paused");
    await api.createSnapshot({ snapshot_path: "/state", mem_file_path: "/memory", snapshot_type: "Full" });
    await api.patchVm("Resumed");
    expect(await api.getMachineConfig()).toMatchObject({ vcpu_count: 2, mem_size_mib: 512 });
    expect(await api.version()).toBe("1.17.0");
    expect(model.state).toBe("Running");
  });

  test("loads a snapshot into a fresh process only", async () => {
    const body = {
      snapshot_path: "/state",
      mem_backend: { backend_type: "File", backend_path: "/memory" },
      resume_vm: true,
      vsock_override: { uds_path: "other.sock" },
    } as const;
    await api.putMetrics({ metrics_path: "/metrics" });
    await api.loadSnapshot(body);
    expect(model.state).toBe("Running");
    await expect(api.loadSnapshot(body)).rejects.toMatchObject({
      code: "sandbox_unavailable",
      message: expect.stringContaining("PUT /snapshot/load"),
      cause: expect.objectContaining({
        message: "The requested operation is not supported after starting the microVM.",
      }),
    });
  });

  test("passes on why a request out of order is refused", async () => {
    for (const early of [
      api.act("InstanceStart"),
      api.patchVm("Paused"),
      api.createSnapshot({ snapshot_path: "/state", mem_file_path: "/memory" }),
    ]) {
      await expect(early).rejects.toMatchObject({ code: "sandbox_unavailable" });
    }
    await prepare();
    await api.act("InstanceStart");
    await expect(api.putVsock({ guest_cid: 3, uds_path: "v.sock" })).rejects.toMatchObject({
      cause: expect.objectContaining({ message: expect.stringContaining("after starting") }),
    });
  });

  test("does not send what Firecracker's schema does not allow", async () => {
    for (const wrong of [
      api.putMachineConfig({ vcpu_count: 3, mem_size_mib: 512 }),
      api.putMachineConfig({ vcpu_count: 1, mem_size_mib: 0 }),
      api.putVsock({ guest_cid: 2, uds_path: "v.sock" }),
      api.putBootSource({ kernel_image_path: "" }),
      api.putBootSource({ kernel_image_path: "/k", boot: "x" } as never),
      api.putDrive({ drive_id: "a/b", path_on_host: "/d", is_root_device: false, is_read_only: true }),
      api.act("Stop" as never),
    ]) {
      await expect(wrong).rejects.toMatchObject({ code: "invalid_params" });
    }
    expect(model.accepted).toEqual([]);
  });

  test.for([
    ["HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n<!>", "answer that is no JSON"],
    ['HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{"state":"x"}', "answer of another shape"],
    ["HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", "error without a word"],
    [`HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n${" ".repeat(3_000_000)}`, "answer without end"],
    ["", "answer that never comes"],
    ["nonsense\r\n\r\n", "answer in another language"],
  ] as const)("the client refuses an %$. $1", async ([answer]) => {
    const path = join(folder.path, "odd.sock");
    const odd = createServer((socketOf) => {
      socketOf.on("error", () => undefined);
      socketOf.once("data", () => (answer === "" ? undefined : socketOf.end(answer)));
    });
    await new Promise<void>((resolve) => odd.listen(path, resolve));
    try {
      const described = createFirecrackerApi(path, 300).describeInstance();
      await expect(described).rejects.toMatchObject({ code: "sandbox_unavailable" });
    } finally {
      odd.close();
    }
  });

  test("nobody at the socket is an error", async () => {
    const nobody = createFirecrackerApi(join(folder.path, "nobody.sock"));
    await expect(nobody.version()).rejects.toMatchObject({ code: "sandbox_unavailable" });
  });
});
