//! moto's server for tests: installed under `target`, started on a free port, gone when dropped.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test tells by failing, and each uses its own part of this"
)]

pub(crate) mod cbor;
mod front;
pub(crate) mod http;
pub(crate) mod model;

use std::fs::{self, File};
use std::io::BufReader;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use self::http::Message;
use self::model::Model;

/// botocore is pinned too, for its models are what requests are held against.
const PACKAGES: [&str; 3] = ["moto[server]==5.2.5", "boto3==1.44.8", "botocore==1.44.8"];

/// The server, which ends when its standard input does: a program that is killed drops nothing, but its pipes are closed.
const SERVER: &str = "
import os, sys, threading
from moto.server import main
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
main(sys.argv[1:])
";

/// The virtual environment with moto and botocore; made if it is not there.
pub(crate) fn environment() -> PathBuf {
    // Only tests are told where builds are; an example is built beside them.
    let target = match option_env!("CARGO_TARGET_TMPDIR") {
        Some(folder) => Path::new(folder).parent().expect("a folder of builds").to_owned(),
        None => std::env::current_exe()
            .expect("a program")
            .ancestors()
            .nth(3)
            .expect("a folder of builds")
            .to_owned(),
    };
    let venv = target.join("moto-venv");
    // Tests are several processes at once, and one installs while the others wait.
    let lock = File::create(target.join("moto-venv.lock")).expect("a lock file");
    lock.lock().expect("the lock");
    let stamp = venv.join("installed");
    if fs::read_to_string(&stamp).ok().as_deref() != Some(PACKAGES.join(" ").as_str()) {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv));
        let install = ["-m", "pip", "install", "--quiet", "--retries", "10", "--timeout", "60"];
        run(Command::new(venv.join("bin/python")).args(install).args(PACKAGES));
        fs::write(&stamp, PACKAGES.join(" ")).expect("the stamp is written");
    }
    venv
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A running server with an empty account `123456789012`.
pub(crate) struct Moto {
    server: Child,
    port: u16,
    front: SocketAddr,
}

impl Moto {
    pub(crate) fn start() -> Self {
        let environment = environment();
        // Between finding a port and taking it somebody else may take it.
        (0..3).find_map(|_| Self::start_on(&environment, free_port())).expect("moto's server answers")
    }

    fn start_on(environment: &Path, port: u16) -> Option<Self> {
        let server = Command::new(environment.join("bin/python"))
            .args(["-c", SERVER, "-H", "127.0.0.1", "-p", &port.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("moto's server starts");
        let front = front::start(port, Model::load(environment, "cloudwatch"));
        let mut moto = Moto { server, port, front };
        let end = Instant::now() + Duration::from_secs(60);
        while Instant::now() < end && matches!(moto.server.try_wait(), Ok(None)) {
            if moto.ask("GET", "/moto-api/") == Some(200) {
                return Some(moto);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        None
    }

    /// The endpoint for all services.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.front)
    }

    /// Forgets everything.
    pub(crate) fn reset(&self) {
        assert_eq!(self.ask("POST", "/moto-api/reset"), Some(200));
    }

    fn ask(&self, method: &str, path: &str) -> Option<u16> {
        let mut line = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        line.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
        let headers = [("host", "127.0.0.1"), ("connection", "close")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let request = Message { first: format!("{method} {path} HTTP/1.1"), headers, body: Vec::new() };
        request.write(&mut line, true)?;
        Message::read_head(&mut BufReader::new(line))?.target().parse().ok()
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).and_then(|port| port.local_addr()).expect("a free port").port()
}
