import { createServer, type Server } from "node:http";
import type { ApiModel } from "./api-model.ts";

/** Serves a model of the API at a Unix socket. `onAnswered` is told after each accepted request. */
export async function serveApi(
  model: ApiModel,
  socketPath: string,
  onAnswered: (request: string) => void = () => undefined,
): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const known = model.accepted.length;
      const { status, body } = model.answer(
        request.method ?? "",
        request.url ?? "",
        text === "" ? undefined : JSON.parse(text),
      );
      response.writeHead(status, { "Content-Type": "application/json" });
      response.end(body === undefined ? undefined : JSON.stringify(body));
      if (model.accepted.length > known) onAnswered(model.accepted.at(-1)!);
    });
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return server;
}
