/**
 * The system calls that a guest may make, for Node and Python on x64 and arm64. It started from the list that Docker allows
 * without capabilities. Left out of that: io_uring and the older asynchronous I/O, ptrace and process_vm_*, sockets
 * of every family (socketpair stays, for Unix sockets), System V and POSIX message queues, shared memory and semaphores, memfd_secret, seccomp and
 * Landlock, fanotify and inotify (whose limits are per user, so that guests would take them from each other), sync and syncfs
 * (which stall the machine's disk), modify_ldt, personality, mknod, changes of identity, and every call of 32-bit programs.
 * Never in it, as in Docker's: keyctl, userfaultfd, unshare, setns, mount, bpf, perf_event_open and their like.
 */
export const ALLOWED_SYSCALLS: readonly string[] = `
  access chdir chmod chown close close_range copy_file_range creat dup dup2 dup3 faccessat faccessat2 fadvise64 fallocate
  fchdir fchmod fchmodat fchmodat2 fchown fchownat fcntl fdatasync fgetxattr flistxattr flock fstat fstatfs fsync ftruncate
  futimesat getcwd getdents getdents64 getxattr ioctl lchown lgetxattr link linkat listxattr llistxattr lseek lstat mkdir mkdirat
  newfstatat open openat openat2 pread64 preadv preadv2 pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv
  rename renameat renameat2 rmdir sendfile splice stat statfs statx symlink symlinkat sync_file_range tee truncate umask
  unlink unlinkat utime utimensat utimes write writev

  brk madvise membarrier memfd_create mincore mlock mlock2 mmap mprotect mremap msync munlock munmap
  pkey_alloc pkey_free pkey_mprotect

  execve execveat exit exit_group fork get_robust_list getcpu getegid geteuid getgid getgroups getpgid getpgrp getpid getppid
  getpriority getresgid getresuid getrlimit getrusage getsid gettid getuid kill pidfd_open pidfd_send_signal pause prctl
  prlimit64 rseq sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr sched_getparam
  sched_getscheduler sched_rr_get_interval sched_setaffinity sched_yield set_robust_list set_tid_address setpgid
  setpriority setrlimit setsid sysinfo tgkill times tkill uname vfork wait4 waitid

  alarm clock_getres clock_gettime clock_nanosleep getitimer gettimeofday nanosleep setitimer time timer_create timer_delete
  timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime

  restart_syscall rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait
  rt_tgsigqueueinfo sigaltstack signalfd signalfd4

  epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2 futex futex_waitv pipe pipe2 poll
  ppoll pselect6 select

  getpeername getsockname getsockopt recvfrom recvmmsg recvmsg sendmmsg sendmsg sendto setsockopt shutdown

  capget getrandom
`
  .split(/\s+/)
  .filter((name) => name !== "");
