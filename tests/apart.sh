#!/bin/sh
# Runs a program as tests of publishing need it, or says in one sentence what this machine lacks for that.
#   sh tests/apart.sh mounts PROGRAM …     with mounts of its own: as root in a mount namespace, else in a user namespace too
#   sh tests/apart.sh powerless PROGRAM …  so that permissions hold: root without its powers, anybody else as they are
set -u
how=${1:-}
[ $# = 0 ] || shift

fail() {
    echo "$1" >&2
    echo "$2" >&2
    exit 1
}

# Allowed is what works: a mount over this folder, seen by nobody else and gone at once.
works() { "$@" mount -t tmpfs none "$(dirname "$0")" 2>/dev/null; }
is_root() { [ "$(id -u)" = 0 ]; }
for tool in unshare setpriv mount; do
    command -v "$tool" >/dev/null || fail "公開の試験には ${tool} が要ります。util-linux と mount のパッケージを入れてください。" \
        "The tests of publishing need ${tool}: install the packages util-linux and mount."
done

[ -e /proc/self/mountinfo ] || fail "公開の試験には /proc が要ります。root として mount -t proc proc /proc でつないでください。" \
    "The tests of publishing need /proc: as root, mount -t proc proc /proc."

case $how in
powerless)
    is_root || exec "$@"
    # Not a user namespace: in a chroot there is none. Where powers may not be given up, `setpriv` says nothing.
    give_up="setpriv --bounding-set=-all --inh-caps=-all"
    $give_up grep -q '^CapEff:[[:space:]]*0*$' /proc/self/status ||
        fail "公開の試験は root の権限を手放してみますが、ここでは手放せません。一般の利用者として動かすか、コンテナーなら --privileged を付けて始めてください。" \
            "The tests of publishing give up root's powers, which cannot be done here: run them as a user who is not root, or start the container with --privileged."
    exec $give_up "$@"
    ;;
mounts)
    if is_root && works unshare --mount; then
        exec unshare --mount "$@"
    elif works unshare --user --map-root-user --mount; then
        exec unshare --user --map-root-user --mount "$@"
    elif is_root && room=$(mktemp -d) && mount --bind "$room" "$room" 2>/dev/null; then
        # The root of a chroot is often no mount point, and cannot be made private; a temporary folder can, and what is
        # mounted in it then is seen by nobody else.
        trap 'umount "$room" && rm -rf --one-file-system "$room"' EXIT
        trap 'exit 1' HUP INT TERM
        mount --make-private "$room" && TMPDIR=$room unshare --mount --propagation unchanged "$@"
        exit
    fi
    [ -z "${room:-}" ] || rmdir "$room"
    is_root && fail "公開の試験はディスクをつなぎますが、ここでは root にも許されていません。コンテナーなら --privileged を付けて始めてください。" \
        "The tests of publishing mount disks, which is not even allowed to root here: start the container with --privileged."
    # The first of the usual bolts that is shut; a chroot has none, and only root can mount there.
    switch() { [ "$(cat "/proc/sys/$(echo "$1" | tr . /)" 2>/dev/null)" = "$2" ]; }
    bolt=""
    switch kernel.apparmor_restrict_unprivileged_userns 1 && bolt=kernel.apparmor_restrict_unprivileged_userns=0
    switch kernel.unprivileged_userns_clone 0 && bolt=kernel.unprivileged_userns_clone=1
    switch user.max_user_namespaces 0 && bolt=user.max_user_namespaces=10000
    fail "公開の試験はディスクをつなぎますが、ここでは許されていません。root として動かしてください${bolt:+（または、管理者が sysctl -w $bolt で許してください）}。" \
        "The tests of publishing mount disks, which is not allowed here: run them as root${bolt:+ (or let the administrator allow it: sysctl -w $bolt)}."
    ;;
*) fail "使い方: sh tests/apart.sh mounts|powerless PROGRAM …" "usage: sh tests/apart.sh mounts|powerless PROGRAM …" ;;
esac
