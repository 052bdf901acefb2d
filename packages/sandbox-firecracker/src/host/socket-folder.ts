import { open } from "node:fs/promises";

/** An open folder by which sockets in it have a short path: a socket's path may have 107 bytes, a folder's many more. */
export interface SocketFolder {
  /** A path of a socket in the folder, for this process only and until the folder is closed. */
  path(name: string): string;
  close(): Promise<void>;
}

/** Opens a folder for sockets. Whoever opens it closes it. */
export async function openSocketFolder(folder: string): Promise<SocketFolder> {
  const handle = await open(folder);
  return { path: (name) => `/proc/self/fd/${handle.fd}/${name}`, close: () => handle.close() };
}
