#!/usr/bin/env bash
# The one test command: formats, lints, tests, documentation, benches, and a short run of each fuzz target.
#
#   tests/run.sh            everything
#   FUZZ_SECONDS=60 tests/run.sh    longer fuzzing (default 10 seconds a target)
#
# Needs Rust and Python 3; installs what else it needs: cargo-fuzz from the Rust registry, and moto's server and cfn-lint from PyPI
# into virtual environments under `target`.
set -euo pipefail
cd "$(dirname "$0")/.."

# Everything is built once, so what an incremental build keeps would only fill the disk.
export CARGO_INCREMENTAL=0

# What a terminal or another CI asks for would change what the tests compare.
unset CLICOLOR_FORCE GITHUB_ACTIONS GITLAB_CI

step() { printf '\n== %s\n' "$*"; }

step "format"
cargo fmt --check
cargo fmt --check --manifest-path fuzz/Cargo.toml

step "lints, all features"
cargo clippy --quiet --all-targets --all-features -- -D warnings
step "lints, the core alone"
cargo clippy --quiet --lib --no-default-features -- -D warnings

step "lints, provisioning without a client"
cargo clippy --quiet --lib --no-default-features --features provision -- -D warnings

step "tests, all features"
cargo test --quiet --all-features
step "tests, the core alone"
cargo test --quiet --no-default-features --lib --tests
step "tests, as a user builds it"
cargo test --quiet --test cli

step "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-deps --all-features

step "benches, once each"
cargo bench --quiet --bench filter --bench json --bench logs --bench metrics --bench series --bench alarm --bench anomaly --bench score --bench schema -- --test >/dev/null

step "fuzz targets"
if ! cargo fuzz --version >/dev/null 2>&1; then
    cargo install --quiet --locked cargo-fuzz
fi
# Instrumented builds need nightly features of the compiler; without a nightly toolchain the stable one is told to
# allow them, and goes without the address sanitizer, which only a nightly standard library has.
if rustup run nightly rustc --version >/dev/null 2>&1; then
    fuzz() { cargo +nightly fuzz "$@"; }
    sanitizer=address
else
    fuzz() { RUSTC_BOOTSTRAP=1 cargo fuzz "$@"; }
    sanitizer=none
fi
fuzz build --sanitizer "$sanitizer"
for target in filter_parse filter_roundtrip filter_eval json_project event_reader \
    logs_parse logs_roundtrip logs_eval \
    metrics_parse metrics_roundtrip math_parse stack_check text_check host_check; do
    mkdir -p "fuzz/corpus/$target" "fuzz/seeds/$target"
    printf -- '-- %s\n' "$target"
    fuzz run --sanitizer "$sanitizer" "$target" "fuzz/corpus/$target" "fuzz/seeds/$target" -- \
        -max_total_time="${FUZZ_SECONDS:-10}" -max_len=4096 -rss_limit_mb=2048 -verbosity=0 -print_final_stats=0
done

step "all passed"
