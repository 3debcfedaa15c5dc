//! An AWS account on this machine, to try `plan`, `apply`, `drift` and `destroy` on: the emulator of the tests.
//!
//! Installs moto's server under `target`, starts it, and prints what to set. It ends with the program, however that ends.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program for a terminal")]

#[path = "../tests/account/mod.rs"]
mod account;
#[path = "../tests/emulator/mod.rs"]
mod emulator;
#[path = "../tests/moto/mod.rs"]
mod moto;

fn main() {
    let port = std::env::args().nth(1).map_or(0, |port| port.parse().unwrap());
    let emulator = emulator::Emulator::start_on(port);
    println!(
        "export AWS_ENDPOINT_URL={} AWS_ACCESS_KEY_ID=emulator AWS_SECRET_ACCESS_KEY=emulator",
        emulator.url()
    );
    loop {
        std::thread::park();
    }
}
