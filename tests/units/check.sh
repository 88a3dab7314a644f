#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# check.sh COMPILER FLAGS...: an inline function means the same in every unit, in whatever order units are linked.
set -eu
here=$(dirname "$0")
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
for options in "-O1" "-O2 -flto"; do
  lto=0
  for unit in main first second; do
    # shellcheck disable=SC2086
    "$@" $options -c "$here/$unit.cpp" -o "$work/$unit.o" || exit 1
  done
  for order in "main first second" "main second first" "second first main"; do
    objects=(); for unit in $order; do objects+=("$work/$unit.o"); done
    # shellcheck disable=SC2086
    if ! "$@" $options "${objects[@]}" -o "$work/program" 2>"$work/log"; then
      # clang's link-time optimisation needs a linker plugin that is not everywhere.
      case $options in *lto*) grep -q "LLVMgold\|plugin" "$work/log" && lto=1 && break ;; esac
      cat "$work/log"; exit 1
    fi
    "$work/program" || { echo "failed: $options, linked as $order"; exit 1; }
  done
  [ $lto = 0 ] || echo "not linked: $options"
done
