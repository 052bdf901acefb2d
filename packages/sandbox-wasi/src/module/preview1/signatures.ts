/** Types of the parameters of each call, `i` for i32 and `I` for i64. Each gives an i32, but `proc_exit` nothing. */
export const SIGNATURES = {
  args_get: "ii",
  args_sizes_get: "ii",
  environ_get: "ii",
  environ_sizes_get: "ii",
  clock_res_get: "ii",
  clock_time_get: "iIi",
  fd_advise: "iIIi",
  fd_allocate: "iII",
  fd_close: "i",
  fd_datasync: "i",
  fd_fdstat_get: "ii",
  fd_fdstat_set_flags: "ii",
  fd_fdstat_set_rights: "iII",
  fd_filestat_get: "ii",
  fd_filestat_set_size: "iI",
  fd_filestat_set_times: "iIIi",
  fd_pread: "iiiIi",
  fd_prestat_get: "ii",
  fd_prestat_dir_name: "iii",
  fd_pwrite: "iiiIi",
  fd_read: "iiii",
  fd_readdir: "iiiIi",
  fd_renumber: "ii",
  fd_seek: "iIii",
  fd_sync: "i",
  fd_tell: "ii",
  fd_write: "iiii",
  path_create_directory: "iii",
  path_filestat_get: "iiiii",
  path_filestat_set_times: "iiiiIIi",
  path_link: "iiiiiii",
  path_open: "iiiiiIIii",
  path_readlink: "iiiiii",
  path_remove_directory: "iii",
  path_rename: "iiiiii",
  path_symlink: "iiiii",
  path_unlink_file: "iii",
  poll_oneoff: "iiii",
  proc_exit: "i",
  proc_raise: "i",
  sched_yield: "",
  random_get: "ii",
  sock_accept: "iii",
  sock_recv: "iiiiii",
  sock_send: "iiiii",
  sock_shutdown: "ii",
} as const;

/** Name of a call of preview1. */
export type CallName = keyof typeof SIGNATURES;

type Arguments<S extends string> = S extends `i${infer Rest}`
  ? [number, ...Arguments<Rest>]
  : S extends `I${infer Rest}`
    ? [bigint, ...Arguments<Rest>]
    : [];

/** Some of the calls. Numbers are unsigned, and so are the 64-bit ones but the offset of `fd_seek`. They throw `WasiError`. */
export type Calls<Name extends CallName> = {
  readonly [N in Name]: (...args: Arguments<(typeof SIGNATURES)[N]>) => void;
};
