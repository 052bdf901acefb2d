import { bodyFault, isBodyRequest, type BodyRequest } from "./api-schemas.ts";

/** An answer of the API. */
export interface ApiAnswer {
  readonly status: 200 | 204 | 400;
  readonly body?: unknown;
}

const BEFORE_START = new Set<BodyRequest>([
  "PUT /machine-config",
  "PUT /boot-source",
  "PUT /drives",
  "PUT /vsock",
  "PUT /entropy",
  "PUT /logger",
  "PUT /metrics",
  "PUT /snapshot/load",
]);
/** These may precede the load of a snapshot. */
const NO_RESOURCE = new Set<BodyRequest>(["PUT /logger", "PUT /metrics"]);

/** The order and the bodies that Firecracker's API takes, without a machine behind it. */
export class ApiModel {
  readonly #id: string;
  readonly #bodies = new Map<BodyRequest, Record<string, unknown>>();
  state: "Not started" | "Running" | "Paused" = "Not started";
  /** What was accepted, in order. */
  readonly accepted: string[] = [];

  constructor(id: string) {
    this.#id = id;
  }

  /** The last body that was accepted for a request. */
  body(request: BodyRequest): Record<string, unknown> {
    return this.#bodies.get(request) ?? {};
  }

  answer(method: string, path: string, body: unknown): ApiAnswer {
    if (method === "GET") return this.#tell(path);
    const drive = /^\/drives\/([^/]+)$/.exec(path)?.[1];
    const request = `${method} ${drive === undefined ? path : "/drives"}`;
    if (!isBodyRequest(request)) return fault("Invalid request method and/or path");
    const wrong =
      bodyFault(request, body) ?? this.#orderFault(request, body as Record<string, unknown>, drive);
    if (wrong !== undefined) return fault(wrong);
    this.#bodies.set(request, body as Record<string, unknown>);
    this.accepted.push(request);
    this.#change(request, body as Record<string, unknown>);
    return { status: 204 };
  }

  #tell(path: string): ApiAnswer {
    if (path === "/version") return { status: 200, body: { firecracker_version: "1.17.0" } };
    if (path === "/machine-config") return { status: 200, body: this.body("PUT /machine-config") };
    if (path !== "/") return fault("Invalid request method and/or path");
    const body = {
      id: this.#id,
      state: this.state,
      vmm_version: "1.17.0",
      app_name: "Firecracker",
    };
    return { status: 200, body };
  }

  #orderFault(
    request: BodyRequest,
    body: Record<string, unknown>,
    drive: string | undefined,
  ): string | undefined {
    const started = this.state !== "Not started";
    if (drive !== undefined && drive !== body["drive_id"])
      return "The id from the path does not match the id from the body!";
    if (BEFORE_START.has(request) && started)
      return "The requested operation is not supported after starting the microVM.";
    if (request === "PUT /metrics" && this.#bodies.has(request))
      return "The metrics system was already initialized.";
    if (request === "PATCH /vm" || request === "PUT /snapshot/create") {
      if (!started) return "The requested operation is not supported before starting the microVM.";
      if (request === "PUT /snapshot/create" && this.state !== "Paused")
        return "Cannot create a snapshot of a microVM that runs.";
    }
    if (request === "PUT /snapshot/load" && this.accepted.some((one) => !NO_RESOURCE.has(one as BodyRequest)))
      return "Loading a microVM snapshot not allowed after configuring boot-specific resources.";
    if (request !== "PUT /actions") return undefined;
    if (body["action_type"] !== "InstanceStart")
      return started ? undefined : "The requested operation is not supported before starting the microVM.";
    if (started) return "The requested operation is not supported after starting the microVM.";
    return this.#bodies.has("PUT /boot-source")
      ? undefined
      : "Cannot start microvm without kernel configuration.";
  }

  #change(request: BodyRequest, body: Record<string, unknown>): void {
    if (request === "PUT /actions" && body["action_type"] === "InstanceStart") this.state = "Running";
    if (request === "PATCH /vm") this.state = body["state"] === "Paused" ? "Paused" : "Running";
    if (request === "PUT /snapshot/load") this.state = body["resume_vm"] === true ? "Running" : "Paused";
  }
}

function fault(text: string): ApiAnswer {
  return { status: 400, body: { fault_message: text } };
}
