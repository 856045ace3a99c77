#!/usr/bin/env bash
# tsan.sh [TEST ...]: the unit and port tests under ThreadSanitizer; a race fails its test.
#
# GLib locks with futexes and atomics of its own, which ThreadSanitizer sees only in a GLib that
# was built for it: with Debian's every lock of ours would look like none. So Debian's source of
# it is built once, into build-tsan-glib/. That needs a deb-src line in apt's sources.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

readonly GLIB=$PWD/build-tsan-glib
readonly LIBRARIES=(glib gobject gmodule gio)
# The walls of loa-ingest are closed to the sanitizer's own files, and the bound that web-server
# measures is meant for a program that runs at full speed.
readonly NOT_THESE='content-sandbox|content-ingest|web-server'

build_glib() {
    [ ! -e "$GLIB/lib/libgio-2.0.so.0" ] || return 0
    mkdir -p "$GLIB/lib"
    (cd "$GLIB" && apt-get source --quiet glib2.0)
    CC=gcc meson setup "$GLIB/build" "$GLIB"/glib2.0-*/ -Db_sanitize=thread -Db_lundef=false \
        -Dbuildtype=debugoptimized -Dtests=false -Dselinux=disabled -Dlibmount=disabled \
        -Dnls=disabled --wrap-mode=nodownload
    local name targets=()
    for name in "${LIBRARIES[@]}"; do
        targets+=("$(ninja -C "$GLIB/build" -t targets all | sed -n "s|^\($name/lib$name-2.0.so[0-9.]*\):.*|\1|p" | tail -1)")
    done
    ninja -C "$GLIB/build" "${targets[@]}"
    for name in "${LIBRARIES[@]}"; do
        cp -a "$GLIB/build/$name/lib$name-2.0.so".* "$GLIB/lib/"
    done
}

build_glib
export LD_LIBRARY_PATH="$GLIB/lib"
export G_SLICE=always-malloc
export TSAN_OPTIONS="suppressions=$PWD/tests/support/tsan.supp die_after_fork=0 exitcode=66"
[ -f build-tsan/build.ninja ] || meson setup build-tsan -Db_sanitize=thread -Db_lundef=false
ninja -C build-tsan
if [ $# = 0 ]; then
    mapfile -t names < <(meson test -C build-tsan --list --suite content --suite gateway \
        --suite player --suite scheduler | sed -n 's|^.* / ||p' | grep -vxE "$NOT_THESE")
    set -- "${names[@]}"
fi
exec meson test -C build-tsan --no-rebuild --print-errorlogs --timeout-multiplier 6 "$@"
