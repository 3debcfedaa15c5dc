//! A small HTTP server that keeps what it is asked and answers what a test wants.

use std::io::{BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::moto::http::Message;

pub(crate) enum Reply {
    Answer(Message),
    /// The connection ends in the middle of a long answer.
    HalfAnAnswer,
    /// The connection ends without an answer.
    Cut,
    /// Nothing, for longer than anybody waits.
    Silence,
}

impl Reply {
    pub(crate) fn new(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Self {
        Reply::Answer(Message::answer(status, headers, body))
    }
}

type Answerer = dyn Fn(&Message) -> Reply + Send + Sync;

pub(crate) struct Recorder {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Message>>>,
}

impl Recorder {
    pub(crate) fn start(answer: impl Fn(&Message) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let answer: Arc<Answerer> = Arc::new(answer);
        let kept = Arc::clone(&requests);
        std::thread::spawn(move || {
            for line in listener.incoming().flatten() {
                let (answer, kept) = (Arc::clone(&answer), Arc::clone(&kept));
                std::thread::spawn(move || serve(line, &*answer, &kept));
            }
        });
        Recorder { address, requests }
    }

    /// The same answer to everything.
    pub(crate) fn always(status: u16, headers: &'static [(&str, &str)], body: &'static str) -> Self {
        Recorder::start(move |_| Reply::new(status, headers, body))
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What came since the last time.
    pub(crate) fn take(&self) -> Vec<Message> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }
}

fn serve(line: TcpStream, answer: &Answerer, kept: &Mutex<Vec<Message>>) -> Option<()> {
    let mut reader = BufReader::new(line.try_clone().ok()?);
    let mut line = line;
    loop {
        let request = Message::read(&mut reader)?;
        kept.lock().unwrap().push(request.clone());
        match answer(&request) {
            Reply::Answer(answer) => answer.write(&mut line, request.method() != "HEAD")?,
            Reply::HalfAnAnswer => {
                line.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"half\": ").ok()?;
                return None;
            }
            Reply::Cut => return None,
            Reply::Silence => std::thread::sleep(Duration::from_secs(60)),
        }
    }
}
