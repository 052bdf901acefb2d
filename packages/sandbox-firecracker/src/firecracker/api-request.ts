import { request } from "node:http";
import { OptimizerError } from "@mcp-optimizer/contracts";
import { z } from "zod";

const REPLY_BYTES = 1024 * 1024;
const FAULT = z.object({ fault_message: z.string() });

/** One request to Firecracker's API. */
export interface ApiRequest {
  readonly socketPath: string;
  readonly method: "GET" | "PUT" | "PATCH";
  readonly path: string;
  readonly body?: unknown;
  /** Longest wait for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Sends a request over the API's Unix socket and resolves with the answer's JSON, `undefined` when it has none. Rejects with
 * `sandbox_unavailable`; Firecracker's own words are in its cause.
 */
export async function sendApiRequest(options: ApiRequest): Promise<unknown> {
  const what = `${options.method} ${options.path}`;
  try {
    const { status, text } = await send(options);
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    if (status >= 200 && status < 300) return body;
    const fault = FAULT.safeParse(body);
    throw new Error(fault.success ? fault.data.fault_message : `status ${status}`);
  } catch (cause) {
    throw new OptimizerError("sandbox_unavailable", { detail: `Firecracker did not accept ${what}`, cause });
  }
}

function send({
  socketPath,
  method,
  path,
  body,
  timeoutMs,
}: ApiRequest): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      Accept: "application/json",
      ...(text !== undefined && {
        "Content-Type": "application/json",
        "Content-Length": Buffer.byteLength(text),
      }),
    };
    const signal = AbortSignal.timeout(timeoutMs);
    const sent = request({ socketPath, method, path, headers, signal, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > REPLY_BYTES) response.destroy(new Error("the answer is too long"));
        else chunks.push(chunk);
      });
      response.once("end", () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
      );
      response.once("error", reject);
    });
    sent.once("error", reject);
    sent.end(text);
  });
}
