#!/bin/sh
# Build the site of each released version (tags v1.2.3) but the one in SITE, newest first, and put them into SITE. usage: older.sh SITE
# A version from before there was this renderer, which has no versions.json, is left out.
set -eu
site=$1 work=$(mktemp -d)
trap 'rm -rf "$work"; git worktree prune' EXIT
here=$(python3 -c 'import json, sys; print(next(o["version"] for o in json.load(open(sys.argv[1])) if o["current"]))' "$site/versions.json")
set --
for tag in $(git tag --list 'v*' --sort=-version:refname); do
    version=${tag#v}
    if [ "$version" = "$here" ] || ! git cat-file -e "$tag:scripts/site/versions.py" 2>/dev/null; then continue; fi
    git worktree add --quiet --detach "$work/$version" "$tag"
    make -C "$work/$version" docs
    set -- "$@" "$version=$work/$version/_docs"
done
if [ $# -gt 0 ]; then python3 -m scripts.site.versions "$site" "$@"; fi
