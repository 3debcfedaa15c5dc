//! As much of HTTP as a server for tests needs.

use std::io::{BufRead, Write};

#[derive(Clone, Debug, Default)]
pub(crate) struct Message {
    /// `POST / HTTP/1.1`, or `HTTP/1.1 200 OK`.
    pub(crate) first: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Message {
    pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Self {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Message { first: format!("HTTP/1.1 {status} Whatever"), headers, body: body.into() }
    }

    /// The next message of a connection; `None` if it is over.
    pub(crate) fn read(line: &mut impl BufRead) -> Option<Self> {
        let mut message = Self::read_head(line)?;
        let length = message.header("content-length").map_or(0, |length| length.parse().unwrap());
        message.body = vec![0; length];
        line.read_exact(&mut message.body).ok()?;
        Some(message)
    }

    /// The next message without its body.
    pub(crate) fn read_head(line: &mut impl BufRead) -> Option<Self> {
        let mut message = Message { first: text(line)?, ..Message::default() };
        loop {
            let header = text(line)?;
            if header.is_empty() {
                break;
            }
            let (name, value) = header.split_once(':')?;
            message.headers.push((name.to_lowercase(), value.trim().to_owned()));
        }
        Some(message)
    }

    /// Sends it; of an answer to `HEAD`, without the body whose length it tells.
    pub(crate) fn write(&self, line: &mut impl Write, with_body: bool) -> Option<()> {
        let mut head = format!("{}\r\ncontent-length: {}\r\n", self.first, self.body.len());
        for (name, value) in self.headers.iter().filter(|(name, _)| name != "content-length") {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        line.write_all(head.as_bytes()).ok()?;
        line.write_all(if with_body { &self.body } else { &[] }).ok()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(crate) fn method(&self) -> &str {
        self.first.split(' ').next().unwrap()
    }

    pub(crate) fn target(&self) -> &str {
        self.first.split(' ').nth(1).unwrap()
    }
}

fn text(line: &mut impl BufRead) -> Option<String> {
    let mut text = String::new();
    let read = line.read_line(&mut text).ok()?;
    (read > 0).then(|| text.trim_end().to_owned())
}
