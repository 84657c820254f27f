#!/usr/bin/env bash
# What `make test-bluez` needs beside Python, on Debian and as root: an emulator, bluetoothd, and
# Debian's kernel, which is unpacked beside the sources and not installed. About 93 MB.
set -euo pipefail
cd "$(dirname "$0")/../.."
kernel=build/bluez/kernel

apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
  qemu-system-x86 bluez dbus busybox-static kmod >/dev/null

# By its own number: 6.1.0-57 (6.1.192) has a fault that ends bluetoothd with the whole kernel when a
# link is lost while it is being made (list_del in hci_chan_del, called by l2cap_sock_release).
release=6.1.0-47-amd64
if [ ! -e "$kernel/boot/vmlinuz-$release" ]; then
  rm -rf "$kernel"
  mkdir -p "$kernel"
  package="$(mktemp -d)"
  trap 'rm -rf "$package"' EXIT
  (cd "$package" && apt-get download -qq "linux-image-$release" 2>/dev/null)
  dpkg-deb --extract "$package"/*.deb "$kernel"
  depmod --basedir "$kernel" "$release"
fi
