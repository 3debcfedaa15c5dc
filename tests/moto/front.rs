//! What stands before moto's server: the SDK for Rust speaks to CloudWatch in CBOR only, which moto does not know, so
//! those requests are told to it in JSON, another protocol of the same service. Everything else goes through as it is.

use std::io::BufReader;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

use serde_json::{Value, json};

use super::cbor;
use super::http::Message;
use super::model::Model;

/// A front on a free port, for as long as the process lives.
pub(crate) fn start(moto: u16, cloudwatch: Model) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let cloudwatch = Arc::new(cloudwatch);
    std::thread::spawn(move || {
        for line in listener.incoming().flatten() {
            let cloudwatch = Arc::clone(&cloudwatch);
            std::thread::spawn(move || serve(line, moto, &cloudwatch));
        }
    });
    address
}

fn serve(mut line: TcpStream, moto: u16, cloudwatch: &Model) -> Option<()> {
    let mut reader = BufReader::new(line.try_clone().ok()?);
    loop {
        let request = Message::read(&mut reader)?;
        let prefix = format!("/service/{}/operation/", cloudwatch.metadata("targetPrefix"));
        let answer = match request.target().strip_prefix(&prefix) {
            Some(operation) => {
                let answer = ask(moto, in_json(&request, operation, cloudwatch))?;
                in_cbor(answer, operation, cloudwatch)
            }
            None => ask(moto, request.clone())?,
        };
        answer.write(&mut line, request.method() != "HEAD")?;
    }
}

/// One request to moto, on a connection of its own.
fn ask(moto: u16, mut request: Message) -> Option<Message> {
    let mut line = TcpStream::connect(("127.0.0.1", moto)).ok()?;
    request.headers.retain(|(name, _)| name != "connection");
    request.headers.push(("connection".to_owned(), "close".to_owned()));
    request.write(&mut line, true)?;
    let mut reader = BufReader::new(line);
    let mut answer = match request.method() {
        "HEAD" => Message::read_head(&mut reader)?,
        _ => Message::read(&mut reader)?,
    };
    answer.headers.retain(|(name, _)| name != "connection");
    Some(answer)
}

fn in_json(request: &Message, operation: &str, cloudwatch: &Model) -> Message {
    let mut told = request.clone();
    told.first = "POST / HTTP/1.1".to_owned();
    told.headers.retain(|(name, _)| !matches!(name.as_str(), "content-type" | "smithy-protocol" | "accept"));
    let target = format!("{}.{operation}", cloudwatch.metadata("targetPrefix"));
    told.headers.push(("x-amz-target".to_owned(), target));
    told.headers.push(("content-type".to_owned(), "application/x-amz-json-1.0".to_owned()));
    told.body = cbor::read(&request.body, |seconds| json!(seconds)).to_string().into_bytes();
    told
}

fn in_cbor(answer: Message, operation: &str, cloudwatch: &Model) -> Message {
    let status: u16 = answer.first.split(' ').nth(1).unwrap().parse().unwrap();
    let Ok(value) = serde_json::from_slice::<Value>(&answer.body) else { return answer };
    let body = if status < 300 {
        match cloudwatch.operation(operation)["output"]["shape"].as_str() {
            Some(shape) => cbor::write(cloudwatch, shape, &value),
            None => vec![0xa0],
        }
    } else {
        let text = |names: [&str; 2]| {
            names.iter().find_map(|name| value[*name].as_str()).unwrap_or_default().to_owned()
        };
        cbor::error(&text(["__type", "code"]), &text(["message", "Message"]))
    };
    let mut headers = vec![("content-type", "application/cbor"), ("smithy-protocol", "rpc-v2-cbor")];
    headers.extend(answer.header("x-amzn-query-error").map(|codes| ("x-amzn-query-error", codes)));
    Message::answer(status, &headers, body)
}
