/** A user and group of the host, by number. */
export interface HostUser {
  readonly uid: number;
  readonly gid: number;
}

/** The user that a machine's process runs as: the one asked for; else "nobody" when we are root; else our own. */
export function hostUser(wanted: HostUser | undefined, ownUid: number): HostUser | undefined {
  if (wanted) return wanted;
  return ownUid === 0 ? { uid: 65_534, gid: 65_534 } : undefined;
}
