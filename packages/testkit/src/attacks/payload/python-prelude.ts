/** System calls by name on x64 and arm64, and a few short words for what Python programs do. */
export const PYTHON_PRELUDE: string = String.raw`
import ctypes, os, sys, struct, time, signal, socket, errno, subprocess, threading, platform, asyncio
_NUMBERS = {
  "ptrace": (101, 117), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97),
  "setns": (308, 268), "clone": (56, 220), "clone3": (435, 435), "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
  "io_uring_setup": (425, 425), "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "init_module": (175, 105),
  "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
  "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
  "capset": (126, 91), "capget": (125, 90), "reboot": (169, 142), "sethostname": (170, 161), "setdomainname": (171, 162),
  "swapon": (167, 224), "swapoff": (168, 225), "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171),
  "acct": (163, 89), "quotactl": (179, 60), "syslog": (103, 116), "personality": (135, 92), "fsopen": (430, 430),
  "fsconfig": (431, 431), "fsmount": (432, 432), "open_tree": (428, 428), "move_mount": (429, 429), "pidfd_open": (434, 434),
  "pidfd_getfd": (438, 438), "kcmp": (312, 272), "seccomp": (317, 277), "memfd_secret": (447, 447), "memfd_create": (319, 279),
  "iopl": (172, None), "ioperm": (173, None), "modify_ldt": (154, None), "mknod": (133, None), "mknodat": (259, 33),
  "shmget": (29, 194), "shmat": (30, 196), "semget": (64, 190), "msgget": (68, 186), "mq_open": (240, 180), "setfsuid": (122, 151),
  "fanotify_init": (300, 262), "inotify_init1": (294, 26), "lookup_dcookie": (212, 18), "nfsservctl": (180, 42), "vmsplice": (278, 75),
  "prctl": (157, 167), "mount_setattr": (442, 442), "landlock_create_ruleset": (444, 444), "cachestat": (451, 451), "sched_setattr": (314, 274),
}
libc = ctypes.CDLL(None, use_errno=True)
def sc(name, *args):
    number = name if isinstance(name, int) else _NUMBERS[name][0 if platform.machine() == "x86_64" else 1]
    if number is None:
        return "none here"
    ctypes.set_errno(0)
    libc.syscall.restype = ctypes.c_long
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in args]
    result = libc.syscall(ctypes.c_long(number), *words)
    return result if result >= 0 else errno.errorcode.get(ctypes.get_errno(), str(ctypes.get_errno()))
def on_host(found):
    return {"reached": found} if platform.release() == T["kernel"] else {"itsOwnKernel": found}
def attempt(f, *args):
    try:
        return f(*args)
    except BaseException as error:
        return "refused: " + repr(error)[:200]
def read(path, size=20000):
    def go():
        with open(path, "rb") as file:
            return file.read(size).decode("latin1")
    return attempt(go)
def write(path, text):
    def go():
        with open(path, "wb") as file:
            file.write(text.encode())
        return "written"
    return attempt(go)
`;
