#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# check.sh CMAKE BUILD_DIRECTORY GENERATOR COMPILER
# Installs tfx into a temporary prefix, builds the consumer against it and against the single headers alone, runs both.
set -euo pipefail
cmake=$1 build=$2 generator=$3 compiler=$4
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT

"$cmake" --install "$build" --prefix "$work/prefix" >"$work/log" || { cat "$work/log"; exit 1; }
"$cmake" -S "$here/consumer" -B "$work/build" -G "$generator" -DCMAKE_CXX_COMPILER="$compiler" \
  -DCMAKE_PREFIX_PATH="$work/prefix" -Dsingle_include="$root/single_include"
"$cmake" --build "$work/build" --parallel 2
for program in installed single; do
  "$work/build/$program" && echo "$program: ok"
done
