#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Whether an example that is stopped and resumed ends with the bits of one that is not: check_resume.sh PROGRAM
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
"$1" --steps 5 --checkpoint whole --logs logs >/dev/null
"$1" --steps 2 --checkpoint parts >/dev/null
"$1" --steps 5 --checkpoint parts --resume
cmp whole/*/model*-5.data-* parts/*/model*-5.data-*
cmp whole/*/model*-5.index parts/*/model*-5.index
compgen -G 'logs/*/events.out.tfevents.*' >/dev/null
status=0; "$1" --no-such-option 2>/dev/null || status=$?
[ $status = 2 ]
