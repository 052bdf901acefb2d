import { parentPort, workerData } from "node:worker_threads";
import { packTemplate } from "../vm/packed-template.ts";
import { buildRealmTemplate } from "../vm/realm-template.ts";

/** What the thread is started with. */
export interface TemplateOrder {
  readonly module: WebAssembly.Module;
  readonly harness: string;
}

const { module, harness } = workerData as TemplateOrder;
const packed = packTemplate(buildRealmTemplate(module, harness, () => Date.now()));
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window.
parentPort!.postMessage(packed);
