#!/bin/sh
set -eu

make -C "$SOURCE_DIR" -j"$(nproc)" install \
	CFLAGS=-O2 DESTDIR="$DESTDIR" PREFIX=/usr LIBDIR=/usr/share/peipkg-tools
install -D -m 644 -t "$DESTDIR/usr/share/doc/peipkg-tools" "$SOURCE_DIR/README.md"
