"""Run a command that ends with the process that started it, however that one ends.

    python tied.py PARENT SIGNAL CORES COMMAND...

PARENT: the number of the process that starts this one. SIGNAL: the number of what the command gets
when PARENT is gone (PR_SET_PDEATHSIG of prctl(2), which lasts over execve(2)). CORES: those that
the command may use, with commas between them; "" for all.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Become the command."""
    parent, number, cores, *command = sys.argv[1:]
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(number)):
        sys.exit(f"prctl: {os.strerror(ctypes.get_errno())}")
    if os.getppid() != int(parent):
        sys.exit("who started this is gone")
    if cores:
        os.sched_setaffinity(0, map(int, cores.split(",")))
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
