#!/bin/sh
set -eu

mkdir -p "$DESTDIR/usr/bin"
cp "$SOURCE_DIR/dice" "$DESTDIR/usr/bin"
