#!/bin/sh
set -eu

mkdir -p "$DESTDIR/usr/bin" "$DESTDIR/usr/share/man/man1"
cp "$SOURCE_DIR/today" "$DESTDIR/usr/bin"
cp "$SOURCE_DIR/today.1" "$DESTDIR/usr/share/man/man1"
