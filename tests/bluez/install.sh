#!/usr/bin/env bash
# What `make test-bluez` needs beside Python, on Debian and as root: an emulator, bluetoothd, and
# Debian's kernel, which is unpacked beside the sources and not installed. About 93 MB.
set -euo pipefail
cd "$(dirname "$0")/../.."
kernel=build/bluez/kernel

apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
  qemu-system-x86 bluez dbus busybox-static kmod >/dev/null

image="$(apt-cache depends linux-image-amd64 | awk '/Depends:/ { print $2; exit }')"
if [ ! -e "$kernel/boot/vmlinuz-${image#linux-image-}" ]; then
  rm -rf "$kernel"
  mkdir -p "$kernel"
  package="$(mktemp -d)"
  trap 'rm -rf "$package"' EXIT
  (cd "$package" && apt-get download -qq "$image" 2>/dev/null)
  dpkg-deb --extract "$package"/*.deb "$kernel"
  depmod --basedir "$kernel" "${image#linux-image-}"
fi
