#!/bin/sh
set -eu

# SOURCE_DIR is a copy of its own, so the library may be built inside.
make -C "$SOURCE_DIR" install \
	DESTDIR="$DESTDIR" PREFIX=/usr LIBDIR=/usr/lib/x86_64-linux-peios
