"""A virtual machine without a disk: Debian's kernel over this computer's files, read-only.

QEMU emulates it (TCG), since KVM is not to be had in most places where tests run. Its clock counts
instructions (icount), so that a busy computer makes it slow, but nothing in it late. What is read
most comes along in memory, packed by `archive`: Python, what the program imports, and the program.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path
from typing import BinaryIO

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "bluez"
KERNEL = BUILD / "kernel"
CONSOLE = BUILD / "console"
NEEDED = {
    "qemu-system-x86_64": "qemu-system-x86",
    "busybox": "busybox-static",
    "modprobe": "kmod",
    "dbus-daemon": "dbus",
    "bluetoothctl": "bluez",
}
"""Programs, and the Debian packages that hold them."""

AT_BOOT = ("virtio_pci", "9pnet_virtio", "9p", "overlay")
APPLETS = ("sh", "mount", "insmod", "mkdir", "cp", "chroot")
PROGRAM = ("interbeat", "bumble", "bleak", "sqlcipher3", "cryptography", "keyring")
"""Distributions that the machine takes along, with what they ask for."""
LEFT_OUT = ("numba", "llvmlite")
"""Machine code would be compiled 27 times as slowly: all is interpreted."""
OURS = ("interbeat", "physio", "devices", "pipelines", "tests/bluez")
SEARCHED = ("PATH", "/usr/sbin:/sbin:/usr/bin:/bin")


def missing() -> str | None:
    """Return one sentence on what is missing, None where the machine can be started."""
    path = os.pathsep.join((os.environ.get(SEARCHED[0], ""), SEARCHED[1]))
    absent = [package for name, package in NEEDED.items() if not shutil.which(name, path=path)]
    if not list(KERNEL.glob("boot/vmlinuz-*")):
        absent.append("a kernel (unpacked)")
    if not absent:
        return None
    return (
        f"The tests with the real bluetoothd need {', '.join(absent)}; on Debian, "
        f"`tests/bluez/install.sh` (as root) installs them."
    )


@contextmanager
def running(command: str, *, longest: float) -> Iterator[BinaryIO]:
    """Boot the machine, run `command` in its shell, and give what it writes to /dev/ttyS1.

    It ends on leaving, and after `longest` seconds whatever becomes of who started it.
    What its kernel and its daemons say is in CONSOLE.
    """
    kernel = next(KERNEL.glob("boot/vmlinuz-*"))
    memory = BUILD / "memory"
    with memory.open("wb") as file:
        archive(file, kernel.name.removeprefix("vmlinuz-"), command)
    words = "console=ttyS0 panic=-1 oops=panic mitigations=off quiet"
    arguments = [
        "timeout", "--kill-after=10", f"{longest:.0f}", "qemu-system-x86_64",
        "-accel", "tcg", "-icount", "shift=1", "-cpu", "max", "-m", "3G",
        "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
        "-kernel", str(kernel), "-initrd", str(memory), "-append", words,
        "-virtfs", "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap",
        "-serial", f"file:{CONSOLE}", "-serial", "stdio",
    ]  # fmt: skip
    with subprocess.Popen(
        arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, bufsize=0
    ) as machine:
        try:
            yield machine.stdout
        finally:
            machine.terminate()
            machine.wait()


def archive(file: BinaryIO, release: str, command: str) -> None:
    """Write what the kernel unpacks into memory: `init`, its modules, and what is read most."""
    archive = Archive(file)
    for folder in ("proc", "sys", "dev", "host", "memory", "guest", "bin", "modules", "quick"):
        archive.folder(folder)
    archive.copy(Path(__file__).with_name("init"), "init", executable=True)
    archive.copy(Path(shutil.which("busybox") or ""), "bin/busybox", executable=True)
    for applet in APPLETS:
        archive.link(f"bin/{applet}", "busybox")
    modules = list(modules_of(release))
    for module in modules:
        archive.copy(module, f"modules/{module.name}")
    archive.text("modules/order", "".join(f"{module.name}\n" for module in modules))
    archive.text("command", command)
    folders = list(take_along(archive))
    archive.text("folders", "".join(f"{folder}\n" for folder in folders))
    archive.end()


def modules_of(release: str) -> Iterator[Path]:
    """Yield the modules that the machine needs to find its files, in the order of loading."""
    asked = ["modprobe", "--dirname", str(KERNEL), "--set-version", release, "--show-depends"]
    surroundings = os.environ | {"PATH": SEARCHED[1]}
    lines = [
        line
        for module in AT_BOOT
        for line in subprocess.check_output(
            [*asked, module], text=True, env=surroundings
        ).splitlines()
    ]
    yield from dict.fromkeys(Path(line.split()[1]) for line in lines if line.startswith("insmod"))


def take_along(archive: Archive) -> Iterator[Path]:
    """Pack what is read most, and yield the folders that it stands for."""
    ours = [ROOT / name for name in OURS]
    # Not in the machine, which would take minutes for it.
    subprocess.run([sys.executable, "-m", "compileall", "-q", *ours], check=True)
    library = Path(sysconfig.get_path("stdlib")).resolve()
    packages = Path(sysconfig.get_path("purelib"))
    kept = [one for one in files_below(library) if not _unread(one.relative_to(library))]
    kept += [packages / name for name in files_of(PROGRAM)]
    kept += [one for folder in ours for one in files_below(folder)]
    for path in kept:
        archive.copy(path, f"quick{path}")
    yield library
    yield packages
    yield from ours


def _unread(path: Path) -> bool:
    return path.parts[0] in {"site-packages", "dist-packages", "test", "idlelib", "ensurepip"}


def files_below(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def files_of(names: Sequence[str]) -> list[str]:
    """Return the installed files of distributions and of all that they ask for, without extras."""
    waiting, found = [*names, *LEFT_OUT], {}
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            held = distribution(name)
        except ModuleNotFoundError:
            # Asked for on other systems.
            found[name] = []
            continue
        kept = [str(file) for file in held.files or () if file.parts[0] != ".."]
        if name in LEFT_OUT:
            # That it is installed is asked all the same.
            found[name] = [file for file in kept if ".dist-info/" in file]
            continue
        found[name] = kept
        waiting += [asked for line in held.requires or () if (asked := _asked(line))]
    below = Path(sysconfig.get_path("purelib"))
    return sorted({file for files in found.values() for file in files if (below / file).is_file()})


def _asked(line: str) -> str | None:
    name = re.match(r"[\w.-]+", line)
    return None if name is None or "extra ==" in line else name[0]


class Archive:
    """A cpio archive of the kind `newc`, which the kernel unpacks."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._folders: set[str] = set()
        self._number = 0

    def folder(self, name: str) -> None:
        if name not in self._folders:
            self._folders.add(name)
            self._above(name)
            self._entry(name, stat.S_IFDIR | 0o755, b"")

    def text(self, name: str, words: str) -> None:
        self._entry(name, stat.S_IFREG | 0o644, words.encode())

    def link(self, name: str, target: str) -> None:
        self._entry(name, stat.S_IFLNK | 0o777, target.encode())

    def copy(self, path: Path, name: str, *, executable: bool = False) -> None:
        self._above(name)
        mode = stat.S_IFREG | (0o755 if executable else 0o644)
        # Python trusts its compiled files by the time of their sources.
        self._entry(name, mode, path.read_bytes(), time=int(path.stat().st_mtime))

    def end(self) -> None:
        self._entry("TRAILER!!!", 0, b"")

    def _above(self, name: str) -> None:
        if "/" in name:
            self.folder(name.rpartition("/")[0])

    def _entry(self, name: str, mode: int, data: bytes, *, time: int = 0) -> None:
        self._number += 1
        numbers = (self._number, mode, 0, 0, 1, time, len(data), 0, 0, 0, 0, len(name) + 1, 0)
        head = b"070701" + b"".join(b"%08X" % number for number in numbers) + name.encode() + b"\0"
        self._file.write(_padded(head) + _padded(data))


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


if __name__ == "__main__":
    words = missing()
    if words is not None:
        sys.exit(words)
