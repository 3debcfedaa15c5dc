//! The `trailql` command.

fn main() -> std::process::ExitCode {
    trailql::cli::run()
}
