import { parentPort, workerData } from "node:worker_threads";
import { GuestHost } from "./guest-host.ts";
import type { ToWorker, WorkerSettings } from "./messages.ts";

const port = parentPort!;
const host = new GuestHost(workerData as WorkerSettings, {
  post: (message, owned = []) => port.postMessage(message, owned),
  now: () => Date.now(),
});
port.on("message", (message: ToWorker) => host.receive(message));
host.open();
