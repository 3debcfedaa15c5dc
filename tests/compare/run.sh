#!/usr/bin/env bash
# Prints, as a table, what cfn-lint and trailql find in twelve CloudFormation templates with a broken filter pattern each.
#
#   tests/compare/run.sh
#
# Needs Rust and Python; installs cfn-lint from PyPI into target/compare.
set -euo pipefail
cd "$(dirname "$0")/../.."

version=1.58.0
venv=target/compare/venv
lint="$venv/bin/cfn-lint"
if [ "$("$lint" --version 2>/dev/null)" != "cfn-lint $version" ]; then
    python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet "cfn-lint==$version"
fi
cargo build --quiet
trailql="${CARGO_TARGET_DIR:-target}/debug/trailql"

# The codes of findings on one line, or a dash. Any other exit status than those for findings ends the script.
codes() {
    local words
    words="$(sort -u | paste -sd ' ')"
    printf '%s' "${words:--}"
}
by_cfn_lint() {
    local status=0 out
    out="$("$lint" --format parseable "$1")" || status=$?
    # A sum of 2 for errors, 4 for warnings, 8 for information.
    if [ "$status" -ge 16 ] || [ "$((status % 2))" = 1 ]; then exit 1; fi
    cut -d: -f6 <<<"$out" | codes
}
by_trailql() {
    local status=0 out
    out="$("$trailql" check --format concise "$1")" || status=$?
    [ "$status" -le 1 ] || exit 1
    grep -oE '[a-z]+\[[A-Z]{2}[0-9]{3}\]' <<<"$out" | codes
}

printf '| filter | cfn-lint %s | trailql |\n|---|---|---|\n' "$version"
while IFS=$'\t' read -r file fault _; do
    path="tests/compare/twelve/$file"
    first="$(by_cfn_lint "$path")"
    second="$(by_trailql "$path")"
    printf '| %s | %s | %s |\n' "$fault" "$first" "$second"
done <tests/compare/faults.tsv

# A linter that says nothing of the twelve could be one that does not work.
broken=target/compare/broken.yaml
sed "s/FilterPattern:/FilterPatern:/" tests/compare/twelve/01-double-equals.yaml >"$broken"
printf '\nOf a misspelt property cfn-lint says: %s\n' "$(by_cfn_lint "$broken")"
