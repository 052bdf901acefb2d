import { finished, type Duplex } from "node:stream";
import type { AttachedStreams } from "./container-engine.ts";
import { Demultiplexer } from "./demultiplexer.ts";

/** Makes a hijacked connection into streams whose loss is an end, not an error event that nobody hears. */
export function attachStreams(connection: Duplex, onStderr: (chunk: Buffer) => void): AttachedStreams {
  const output = new Demultiplexer(onStderr);
  output.once("broken", () => connection.destroy());
  finished(connection, { writable: false }, () => {
    connection.unpipe(output);
    output.end();
  });
  connection.pipe(output, { end: false });
  return { input: connection, output, destroy: () => connection.destroy() };
}
