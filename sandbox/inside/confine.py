"""The second skin: kernel restrictions that the worker puts on itself and on every child it forks.

Promises: `deny_system_calls` makes the system calls that could harm the worker, the next run or the kernel fail
with EPERM for this process and all its descendants; `SignalScope` keeps a child from signalling or tracing
the worker, where the kernel has Landlock ABI 6.
Does not promise: isolation. That is the shell's work; this only narrows what is left.
"""

import ctypes
import os
import platform

libc = ctypes.CDLL(None)
prctl, _syscall = libc.prctl, libc.syscall

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 36, 38

# Numbers of the system calls: asm/unistd_64.h and asm-generic/unistd.h. -1: the machine has no such call.
_SYSTEM_CALLS = {
    #                     x86_64 aarch64
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438), "process_madvise": (440, 440), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218), "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "setns": (308, 268),
    "unshare": (272, 97), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225),
    "acct": (163, 89), "quotactl": (179, 60), "settimeofday": (164, 170), "clock_settime": (227, 112),
    "adjtimex": (159, 171), "clock_adjtime": (305, 266), "sethostname": (170, 161), "setdomainname": (171, 162),
    "iopl": (172, -1), "ioperm": (173, -1), "syslog": (103, 116), "personality": (135, 92),
    "shmget": (29, 194), "shmat": (30, 196), "semget": (64, 190), "msgget": (68, 186), "mq_open": (240, 180),
    "mq_unlink": (241, 181), "mq_timedsend": (242, 182), "mq_timedreceive": (243, 183),
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "setpriority": (141, 140),
    "sched_setscheduler": (144, 119),
    "sched_setaffinity": (203, 122), "sched_setparam": (142, 118), "sched_setattr": (314, 274),
    "ioprio_set": (251, 30), "migrate_pages": (256, 238), "move_pages": (279, 239), "mbind": (237, 235),
    "vhangup": (153, 58), "lookup_dcookie": (212, 18), "fanotify_init": (300, 262), "socket": (41, 198),
    "inotify_init": (253, -1), "inotify_init1": (294, 26),
    "file_setattr": (469, 469),
}  # fmt: skip
_HOST_CALLS = {
    "setsid": (112, 157), "setpgid": (109, 154),
    "chmod": (90, -1), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, -1),
    "fchown": (93, 55), "lchown": (94, -1), "fchownat": (260, 54), "utime": (132, -1), "utimes": (235, -1),
    "futimesat": (261, -1), "utimensat": (280, 88), "setxattr": (188, 5), "lsetxattr": (189, 6),
    "fsetxattr": (190, 7), "setxattrat": (463, 463), "removexattr": (197, 14), "lremovexattr": (198, 15),
    "fremovexattr": (199, 16), "removexattrat": (466, 466),
}  # fmt: skip
_PRLIMIT64 = (302, 261)
_RT_SIGACTION, _SIGCHLD = (13, 134), 17
_IOCTL, _FCNTL = (16, 29), (72, 25)
_TYPE_OF_REQUEST, _TERMINAL = 0xFF00, 0x5400  # the requests of terminals, and FIONREAD, FIONBIO, FIOCLEX, FIONCLEX
_LASTING_FCNTLS = (1033, 1036, 1038)  # F_ADD_SEALS, F_SET_RW_HINT, F_SET_FILE_RW_HINT
_CLONE = (56, 220)
_CLONE3 = (435, 435)
_AUDIT_ARCH = (0xC000003E, 0xC00000B7)
_CLONE_NEW_ANYTHING = 0x7E020000  # CLONE_NEW{NS,CGROUP,UTS,IPC,USER,PID,NET}
_RULESET_DESCRIPTOR = 202
_PR_CAPBSET_DROP, _CAPABILITY_VERSION_3 = 24, 0x20080522
_EPERM, _ENOTTY, _ENOSYS = 1, 25, 38
_ALLOW, _ERRNO, _KILL_PROCESS = 0x7FFF0000, 0x00050000, 0x80000000
_LOAD, _AND, _JUMP_EQUAL, _JUMP_ANY_BIT, _JUMP_GREATER_EQUAL, _RETURN = 0x20, 0x54, 0x15, 0x45, 0x35, 0x06
_NUMBER, _ARCH, _ARG0, _ARG1 = 0, 4, 16, 24


class _Instruction(ctypes.Structure):
    """struct sock_filter of linux/filter.h."""

    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("k", ctypes.c_uint32))


class _Filter(ctypes.Structure):
    """struct sock_fprog of linux/filter.h."""

    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(_Instruction)))


def control(option: int, value: int = 0) -> bool:
    """prctl(2) with one argument; False when the kernel or an outer filter refuses."""
    refused: int = prctl(option, value, 0, 0, 0)
    return refused == 0


def deny_system_calls(on_host: bool = False) -> bool:
    """Installs the filter for good; False where the kernel has none or the machine type is unknown.

    `on_host` is for a shell that shows programs the host's own files (sandlock): no shell's Landlock rule covers their
    modes, owners, times and attributes, which whoever owns a file may change. And no new sessions or process groups:
    for each of them sandlock keeps a descriptor open in the process that started it, until that has no more. Nor may
    a program there ignore the ends of its children: the kernel would add their CPU time to nothing, and /proc, which
    tells of it elsewhere, is hidden.
    """
    column = {"x86_64": 0, "aarch64": 1}.get(platform.machine())
    if column is None:
        return False
    lines = _filter(column, on_host)
    instructions = (_Instruction * len(lines))(*(_Instruction(*line) for line in lines))
    fprog = _Filter(len(lines), instructions)
    control(PR_SET_NO_NEW_PRIVS, 1)
    refused: int = prctl(PR_SET_SECCOMP, 2, ctypes.byref(fprog), 0, 0)
    return refused == 0


def _filter(column: int, on_host: bool) -> list[tuple[int, int, int, int]]:
    """The classic BPF program, as (code, jump if true, jump if false, k)."""
    calls = {**_SYSTEM_CALLS, **_HOST_CALLS} if on_host else _SYSTEM_CALLS
    lines = [
        (_LOAD, 0, 0, _ARCH),
        (_JUMP_EQUAL, 1, 0, _AUDIT_ARCH[column]),
        (_RETURN, 0, 0, _KILL_PROCESS),  # a 32-bit call would be read by the wrong table
        (_LOAD, 0, 0, _NUMBER),
    ]
    if column == 0:  # the x32 calls of x86-64 are the same calls under other numbers
        lines += [(_JUMP_GREATER_EQUAL, 0, 1, 0x40000000), (_RETURN, 0, 0, _ERRNO | _ENOSYS)]
    # clone3 hides its flags in memory; ENOSYS makes the C library fall back on clone, whose flags can be read here.
    lines += [(_JUMP_EQUAL, 0, 1, _CLONE3[column]), (_RETURN, 0, 0, _ERRNO | _ENOSYS)]
    lines += [
        (_JUMP_EQUAL, 0, 4, _CLONE[column]),
        (_LOAD, 0, 0, _ARG0),
        (_JUMP_ANY_BIT, 0, 1, _CLONE_NEW_ANYTHING),
        (_RETURN, 0, 0, _ERRNO | _EPERM),
        (_RETURN, 0, 0, _ALLOW),
        # Another process's limits are not the program's to change; its own (pid 0) are.
        (_JUMP_EQUAL, 0, 4, _PRLIMIT64[column]),
        (_LOAD, 0, 0, _ARG0),
        (_JUMP_EQUAL, 1, 0, 0),
        (_RETURN, 0, 0, _ERRNO | _EPERM),
        (_RETURN, 0, 0, _ALLOW),
        # A flag, a hint or a seal on a file that outlives the run would be a note for the next, and gives no notice.
        (_JUMP_EQUAL, 0, 5, _IOCTL[column]),
        (_LOAD, 0, 0, _ARG1),
        (_AND, 0, 0, _TYPE_OF_REQUEST),
        (_JUMP_EQUAL, 1, 0, _TERMINAL),
        (_RETURN, 0, 0, _ERRNO | _ENOTTY),
        (_RETURN, 0, 0, _ALLOW),
        (_JUMP_EQUAL, 0, 6, _FCNTL[column]),
        (_LOAD, 0, 0, _ARG1),
        *((_JUMP_EQUAL, 3 - at, 0, command) for at, command in enumerate(_LASTING_FCNTLS)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _ERRNO | _EPERM),
    ]
    if on_host:
        lines += _children_not_ignored(column)
    for numbers in calls.values():
        if numbers[column] >= 0:
            lines += [(_JUMP_EQUAL, 0, 1, numbers[column]), (_RETURN, 0, 0, _ERRNO | _EPERM)]
    return [*lines, (_RETURN, 0, 0, _ALLOW)]


def _children_not_ignored(column: int) -> list[tuple[int, int, int, int]]:
    """What `SIGCHLD` does stays as it is; asking what it does is no change."""
    return [
        (_JUMP_EQUAL, 0, 8, _RT_SIGACTION[column]),
        (_LOAD, 0, 0, _ARG0),
        (_JUMP_EQUAL, 0, 5, _SIGCHLD),
        (_LOAD, 0, 0, _ARG1),
        (_JUMP_EQUAL, 0, 2, 0),
        (_LOAD, 0, 0, _ARG1 + 4),  # the address's other half; who gives none only asks
        (_JUMP_EQUAL, 1, 0, 0),
        (_RETURN, 0, 0, _ERRNO | _EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]


def drop_capabilities() -> None:
    """Gives up every capability for good: for a worker that root has started and whose programs stay root by number."""
    for capability in range(64):
        control(_PR_CAPBSET_DROP, capability)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    libc.capset(header, (ctypes.c_uint32 * 6)())


class SignalScope:
    """A Landlock domain: who enters it cannot signal or trace anything outside, and neither can its children."""

    _CREATE_RULESET, _RESTRICT_SELF = 444, 446
    _SCOPE_ABSTRACT_UNIX_SOCKET, _SCOPE_SIGNAL = 1, 2

    def __init__(self, ruleset: bool = True) -> None:
        """Without a ruleset it stands for what an old kernel gives: entering it does nothing."""
        self.ruleset = -1
        """File descriptor of the prepared ruleset, above all that is opened and closed in runs; -1 where the kernel
        cannot do this."""
        if ruleset:
            self._prepare()

    def _prepare(self) -> None:
        # struct landlock_ruleset_attr of linux/landlock.h: handled_access_fs, handled_access_net, scoped
        attributes = (ctypes.c_uint64 * 3)(0, 0, self._SCOPE_ABSTRACT_UNIX_SOCKET | self._SCOPE_SIGNAL)
        made: int = _syscall(self._CREATE_RULESET, attributes, ctypes.sizeof(attributes), 0)
        if made >= 0:
            self.ruleset = os.dup2(made, _RULESET_DESCRIPTOR, inheritable=False)
            os.close(made)

    @property
    def holds(self) -> bool:
        """Whether this kernel has such domains."""
        return self.ruleset >= 0

    def enter(self) -> None:
        """Confines the calling process. no_new_privs must be set already."""
        if _syscall(self._RESTRICT_SELF, self.ruleset, 0) != 0 and self.holds:
            raise OSError("landlock_restrict_self was refused")


def outside_is_unreachable(outer_pid: int) -> bool:
    """Proof that kill(-1) stays in here: this is process 1 of a PID namespace, or a Landlock signal scope holds.

    `outer_pid` is the trusted process outside, of the same user; signalling it must be refused. Process 1 of a
    namespace sees nothing of what is outside, so there the number means nothing and is not needed.
    """
    if os.getpid() == 1:
        return True
    try:
        os.kill(outer_pid, 0)
    except PermissionError:
        return True
    except ProcessLookupError:
        return False
    return False
