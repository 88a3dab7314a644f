#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# check.sh fast_math|macros|column_major|no_exceptions|mixed|mixed_lto COMPILER FLAGS...
set -euo pipefail
how=$1; shift
compile=("$@")
cd "$(dirname "$0")"
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
is_clang=$("$1" --version | grep -ci clang || true)

fail() { echo "$*"; exit 1; }

# Refused in words; clang does not tell of the parts of -ffast-math, which are then without effect on tfx.
fast_math() {
  local flag refused=(-ffast-math -Ofast -ffinite-math-only) harmless="-ffast-math -fno-fast-math -fno-math-errno"
  if [ "$is_clang" = 0 ]; then
    refused+=(-funsafe-math-optimizations -freciprocal-math -fno-signed-zeros)
  else
    harmless=-funsafe-math-optimizations
  fi
  for flag in "${refused[@]}"; do
    ! "${compile[@]}" "$flag" -Wfatal-errors -fsyntax-only fast_math.cpp >"$work/log" 2>&1 || fail "$flag: it compiled"
    grep -q "compile the files that include tfx without them" "$work/log" || fail "$flag: $(head "$work/log")"
  done
  # shellcheck disable=SC2086
  "${compile[@]}" -O1 $harmless fast_math.cpp -o "$work/run"
  "$work/run"
}

# With warnings that users turn on; tfx is no system header to them.
macros() {
  "${compile[@]}" -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Werror macros.cpp -o "$work/run"
  "$work/run"
}

column_major() {
  "${compile[@]}" -O1 column_major.cpp -o "$work/run"
  "$work/run"
}

no_exceptions() {
  local status=0
  "${compile[@]}" -fno-exceptions no_exceptions.cpp -o "$work/run"
  "$work/run" >"$work/log" 2>&1 || status=$?
  cat "$work/log"
  [ $status = 134 ] || fail "not aborted, but $status"
  grep -q "^3$" "$work/log"
  grep -q "tfx::errors::FailedPreconditionError: Attempted to use a closed Session." "$work/log"

  status=0
  "${compile[@]}" -fno-exceptions -DHANDLER no_exceptions.cpp -o "$work/run"
  "$work/run" >"$work/log" 2>&1 || status=$?
  cat "$work/log"
  [ $status = 7 ] || fail "not ended by the handler, but $status"
  grep -q "^handled FailedPreconditionError: Attempted to use a closed Session.$" "$work/log"
}

# Units of one program share no function of tfx's where their flags differ; linked in either order.
mixed() {
  local names=(plain without_exceptions) flags=("" -fno-exceptions) objects=() reversed=() i j shared
  if [ "$(uname -m)" = x86_64 ]; then
    names+=(with_avx2 with_avx512) flags+=(-march=x86-64-v3 -march=x86-64-v4)
  fi
  for i in "${!names[@]}"; do
    objects+=("$work/$i.o") reversed=("$work/$i.o" "${reversed[@]}")
    printf '%s\0' "${compile[*]} -O1 $* ${flags[i]} -DUNIT=${names[i]} -c mixed.cpp -o $work/$i.o"
  done >"$work/commands"
  xargs -0 -P 2 -I{} bash -c '{}' <"$work/commands"
  "${compile[@]}" -O1 "$@" mixed_main.cpp "${objects[@]}" -o "$work/run" && "$work/run"
  "${compile[@]}" -O1 "$@" mixed_main.cpp "${reversed[@]}" -o "$work/run" && "$work/run"
  [ $# = 0 ] || return 0
  for i in "${!names[@]}"; do
    for ((j = 0; j < i; ++j)); do
      shared=$(comm -12 <(symbols "$work/$i.o") <(symbols "$work/$j.o"))
      [ -z "$shared" ] || fail "${names[i]} and ${names[j]} share $shared"
    done
  done
}
# What the linker takes from one unit for all, but for the errors, which other units catch.
symbols() { nm -C --defined-only "$1" | sed -n 's/^[0-9a-f]* [VWu] //p' | grep 'tfx::' | grep -v 'tfx::errors::' | sort -u; }

case $how in
  mixed_lto) mixed -flto ;;
  *) $how ;;
esac
