import { appendFileSync } from "node:fs";
import { access, constants } from "node:fs/promises";
import { parseArgs } from "node:util";
import { ApiModel } from "./api-model.ts";
import { GuestModel } from "./guest-model.ts";
import { serveApi } from "./serve-api.ts";
import { serveVsock } from "./serve-vsock.ts";

// Stands for Firecracker's program: its arguments, API and vsock socket. Instead of a machine it runs the agent as a process.
// `--record`, `--refuse` and `--jailed` are the model's own.

const { values } = parseArgs({
  options: {
    version: { type: "boolean" },
    id: { type: "string" },
    "api-sock": { type: "string" },
    record: { type: "string" },
    refuse: { type: "string" },
    jailed: { type: "boolean" },
  },
});
if (values.version) {
  process.stdout.write("Firecracker v1.17.0\n\n2026-11-21 [anonymous-instance:main] Firecracker exiting\n");
  process.exit(0);
}

/** A jailed Firecracker's root is where it runs. */
const ownPath = (path: unknown): string => `${values.jailed ? "." : ""}${String(path)}`;
const model = new ApiModel(values.id ?? "anonymous-instance");
const answer = model.answer.bind(model);
model.answer = (method, path, body) =>
  `${method} ${path}` === values.refuse
    ? { status: 400, body: { fault_message: "Cannot do this on Tuesdays." } }
    : answer(method, path, body);

await serveApi(model, values["api-sock"] ?? "", (request) => {
  if (values.record !== undefined) appendFileSync(values.record, `${values.id} ${request}\n`);
  if (request === "PUT /actions") void boot();
});

async function boot(): Promise<void> {
  const source = model.body("PUT /boot-source");
  const files = [
    source["kernel_image_path"],
    source["initrd_path"],
    model.body("PUT /drives")["path_on_host"],
  ];
  for (const path of files) await access(ownPath(path), constants.R_OK);
  const guest = new GuestModel(ownPath(source["initrd_path"]), `${process.cwd()}/in-guest`);
  const ports = new Map([
    [1025, (socket: Parameters<typeof guest.control>[0]): void => guest.control(socket)],
    [
      1026,
      (socket: Parameters<typeof guest.agent>[0]): void =>
        void guest.agent(socket).then(() => process.exit(0)),
    ],
  ]);
  const asked = new Set<number>();
  await serveVsock(String(model.body("PUT /vsock")["uds_path"]), (port) => {
    // The guest takes its time until it listens.
    if (asked.has(port)) return ports.get(port);
    asked.add(port);
    return undefined;
  });
}
