#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# check.sh builds|refused FILE COMPILER FLAGS...
# builds: the compiler accepts FILE. refused: with -DREFUSED it does not, and the first 10 lines that it prints hold
# every text of FILE's `// error:` lines (', ' equals ','; clang's 'a','b' equals ab). Of each line of FILE that
# holds the text of a `// shown:` line the compiler says, somewhere, that it led to the error.
set -u
how=$1 file=$2; shift 2
log=$(mktemp); trap 'rm -f "$log" "$log.head"' EXIT

if [ "$how" = builds ]; then
  "$@" -fsyntax-only "$file"
  exit
fi

if ! grep -q '^// error: .' "$file"; then echo "$file: no '// error:' line"; exit 1; fi
# The source lines that a compiler quotes do not count as its words.
if "$1" --version | grep -qi clang; then quiet=-fno-caret-diagnostics; else quiet=-fno-diagnostics-show-caret; fi
if "$@" $quiet -DREFUSED -fsyntax-only "$file" >"$log" 2>&1; then echo "$file: it compiled"; exit 1; fi
head -n 10 "$log" | sed "s|$file||g; s/, /,/g" >"$log.head"

says() {
  grep -qF -- "$1" "$log.head" && return
  local pack; pack=$(printf '%s' "$1" | sed "s/./'&',/g; s/,\$//")
  grep -qF -- "$pack" "$log.head"
}
missing=0
while IFS= read -r text; do
  says "$text" || { missing=1; echo "the first 10 lines do not say: $text"; }
done < <(sed -n 's|^// error: ||p' "$file" | sed 's/, /,/g')
while IFS= read -r text; do
  line=$(grep -nF -- "$text" "$file" | grep -v '// shown: ' | cut -d: -f1)
  grep -qE "^$file:$line:.*(in call to|in .constexpr. expansion of) " "$log" ||
    { missing=1; echo "no line shows: $text"; }
done < <(sed -n 's|^// shown: ||p' "$file")
[ $missing = 0 ] || cut -c1-1000 "$log" | head -n 20
exit $missing
