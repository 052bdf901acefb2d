const bit = (n: number): number => 2 ** n;

/** Rights of a descriptor that mean something here; the others are only told back. */
export const RIGHTS: { readonly read: number; readonly write: number; readonly setSize: number } = {
  read: bit(1),
  write: bit(6),
  setSize: bit(19),
};

const ALL = bit(30) - 1;
/** datasync, read, seek, sync, tell, write, advise, allocate, set size: of files alone. */
const FILE_ONLY = bit(0) + bit(1) + bit(2) + bit(4) + bit(5) + bit(6) + bit(7) + bit(8) + bit(22) + bit(27);
/** What starts with `path_`, and readdir: of directories alone. */
const DIRECTORY_ONLY =
  bit(9) + bit(10) + bit(11) + bit(12) + bit(13) + bit(14) + bit(15) + bit(16) + bit(17) + bit(18);
const DIRECTORY_ONLY_TOO = bit(19) + bit(20) + bit(24) + bit(25) + bit(26);
const SOCKET_ONLY = bit(28) + bit(29);

export const DIRECTORY_RIGHTS: number = ALL - FILE_ONLY - SOCKET_ONLY;
export const FILE_RIGHTS: number = ALL - DIRECTORY_ONLY - DIRECTORY_ONLY_TOO - SOCKET_ONLY;
/** What files and directories opened from a directory may have. */
export const INHERITED_RIGHTS: number = ALL - SOCKET_ONLY;

/** Rights as a call passes them. */
export function asRights(value: bigint): number {
  return Number(value & BigInt(ALL));
}
