//! The language server, spoken to over standard input and output as an editor does.
#![cfg(feature = "lsp")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test tells by failing")]

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

/// A client that has said hello.
struct Client {
    server: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    next: i64,
}

impl Client {
    fn start(capabilities: Value) -> (Client, Value) {
        let mut server = Command::new(env!("CARGO_BIN_EXE_trailql"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = server.stdin.take().unwrap();
        let output = BufReader::new(server.stdout.take().unwrap());
        let mut client = Client { server, input, output, next: 0 };
        let hello = client.ask("initialize", json!({ "capabilities": capabilities }));
        client.tell("initialized", json!({}));
        (client, hello)
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut header = String::new();
            assert!(self.output.read_line(&mut header).unwrap() > 0, "the server went away");
            let header = header.trim();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("Content-Length: ") {
                length = value.parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    /// The answer to a request; its error where it has one.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.receive();
            if message["id"] == json!(id) {
                return if message["error"].is_null() {
                    message["result"].clone()
                } else {
                    message["error"].clone()
                };
            }
        }
    }

    /// Opens a document: what is found in it.
    fn open(&mut self, uri: &str, language: &str, text: &str) -> Value {
        let document = json!({ "uri": uri, "languageId": language, "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
        let said = self.receive();
        assert_eq!(said["method"], "textDocument/publishDiagnostics");
        assert_eq!(said["params"]["uri"], uri);
        said["params"]["diagnostics"].clone()
    }

    fn at(&mut self, method: &str, uri: &str, line: u32, character: u32) -> Value {
        let params = json!({
            "textDocument": { "uri": uri }, "position": { "line": line, "character": character }
        });
        self.ask(method, params)
    }

    fn labels(&mut self, uri: &str, line: u32, character: u32) -> Vec<String> {
        let list = self.at("textDocument/completion", uri, line, character);
        let items = list["items"].as_array().unwrap_or_else(|| panic!("{list}"));
        items.iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
    }

    fn stop(mut self) {
        assert_eq!(self.ask("shutdown", Value::Null), Value::Null);
        self.tell("exit", Value::Null);
        assert!(self.server.wait().unwrap().success());
    }
}

fn place(line: u32, character: u32) -> Value {
    json!({ "line": line, "character": character })
}

fn range(line: u32, from: u32, to: u32) -> Value {
    json!({ "start": place(line, from), "end": place(line, to) })
}

#[test]
fn it_says_hello_in_the_columns_that_the_editor_can() {
    let (client, hello) = Client::start(json!({}));
    assert_eq!(hello["capabilities"]["positionEncoding"], "utf-16");
    assert_eq!(hello["serverInfo"]["name"], "trailql");
    client.stop();
    let (client, hello) = Client::start(json!({ "general": { "positionEncodings": ["utf-8", "utf-16"] } }));
    assert_eq!(hello["capabilities"]["positionEncoding"], "utf-8");
    client.stop();
}

#[test]
fn findings_come_with_the_text_and_go_with_its_change() {
    let (mut client, _) = Client::start(json!({}));
    let uri = "file:///tmp/downloads.cwfilter";
    // The finding stands behind a character that is two units of UTF-16 and four bytes.
    let found = client.open(uri, "cwfilter", "{ $.userAgent = \"🦀\" && $.eventName == GetObject }\n");
    assert_eq!(found[0]["code"], "FP007", "{found}");
    assert_eq!(found[0]["range"], range(0, 36, 38));
    assert_eq!(found[0]["severity"], 1);
    let change = json!({
        "textDocument": { "uri": uri, "version": 2 },
        "contentChanges": [{ "text": "{ $.eventName = GetObject }\n" }],
    });
    client.tell("textDocument/didChange", change);
    let said = client.receive();
    assert_eq!(said["params"]["version"], 2);
    assert_eq!(said["params"]["diagnostics"], json!([]));
    client.tell("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    assert_eq!(client.receive()["params"]["diagnostics"], json!([]));
    client.stop();
}

#[test]
fn a_fix_is_a_code_action_at_its_place_in_the_host_file() {
    let (mut client, _) = Client::start(json!({}));
    let uri = "file:///tmp/main.tf";
    let text = "resource \"aws_cloudwatch_log_metric_filter\" \"f\" {\n  pattern = \"{ $.eventName == \\\"GetObject\\\" }\"\n}\n";
    let found = client.open(uri, "terraform", text);
    assert_eq!(found[0]["code"], "FP007", "{found}");
    assert_eq!(found[0]["range"], range(1, 27, 29));
    let params = json!({
        "textDocument": { "uri": uri }, "range": range(1, 27, 27), "context": { "diagnostics": [] }
    });
    let actions = client.ask("textDocument/codeAction", params);
    assert_eq!(actions[0]["kind"], "quickfix", "{actions}");
    let edit = &actions[0]["edit"]["changes"][uri][0];
    assert_eq!(edit, &json!({ "range": range(1, 27, 29), "newText": "=" }));
    let elsewhere = json!({
        "textDocument": { "uri": uri }, "range": range(0, 0, 0), "context": { "diagnostics": [] }
    });
    assert_eq!(client.ask("textDocument/codeAction", elsewhere), json!([]));
    client.stop();
}

#[test]
fn hovering_tells_of_fields_functions_and_rules() {
    let (mut client, _) = Client::start(json!({}));
    let uri = "file:///tmp/a.cwfilter";
    client.open(uri, "cwfilter", "{ $.readOnly IS TRUE && $.eventName = \"GetObject\" }");
    let hover = client.at("textDocument/hover", uri, 0, 5);
    assert_eq!(hover["range"], range(0, 2, 12), "{hover}");
    assert!(hover["contents"]["value"].as_str().unwrap().contains("boolean"), "{hover}");
    let hover = client.at("textDocument/hover", uri, 0, 42);
    assert!(hover["contents"]["value"].as_str().unwrap().contains("s3.amazonaws.com"), "{hover}");
    let uri = "file:///tmp/b.cwlogs";
    client.open(uri, "cwlogs", "filter eventName = \"GetObject\"\n| stats p95(@duration) by bin(300s)");
    let hover = client.at("textDocument/hover", uri, 1, 27);
    let text = hover["contents"]["value"].as_str().unwrap_or_else(|| panic!("{hover}"));
    assert!(text.contains("cut down to the period"), "{text}");
    let hover = client.at("textDocument/hover", uri, 1, 31);
    assert!(hover["contents"]["value"].as_str().unwrap().starts_with("**LI112**"), "{hover}");
    assert!(client.at("textDocument/hover", uri, 9, 0).is_null());
    client.stop();
}

#[test]
fn completion_knows_fields_event_names_commands_and_functions() {
    let (mut client, _) = Client::start(json!({}));
    let uri = "file:///tmp/a.cwfilter";
    client.open(uri, "cwfilter", "{ $.eventSource = s3.amazonaws.com && $.eventName = \"GetObj");
    let labels = client.labels(uri, 0, 59);
    assert!(labels.iter().any(|label| label == "GetObject"), "{labels:?}");
    assert!(labels.iter().all(|label| label.starts_with("GetObj")), "{labels:?}");
    let uri = "file:///tmp/b.cwfilter";
    client.open(uri, "cwfilter", "{ $.userIdentity.sess");
    let labels = client.labels(uri, 0, 21);
    assert!(labels.iter().any(|label| label == "$.userIdentity.sessionContext.attributes.mfaAuthenticated"));
    let uri = "file:///tmp/c.cwlogs";
    client.open(uri, "cwlogs", "filter eventName = \"GetObject\" | sta");
    assert!(client.labels(uri, 0, 36).iter().any(|label| label == "stats"));
    let uri = "file:///tmp/d.cwlogs";
    client.open(uri, "cwlogs", "stats coun");
    let labels = client.labels(uri, 0, 10);
    assert!(labels.iter().any(|label| label == "countDistinct"), "{labels:?}");
    let uri = "file:///tmp/e.cwmetrics";
    client.open(uri, "cwmetrics", "SELECT SU");
    assert!(client.labels(uri, 0, 9).iter().any(|label| label == "SUM"));
    client.stop();
}

#[test]
fn formatting_rewrites_the_patterns_of_a_host_file_only() {
    let (mut client, _) = Client::start(json!({}));
    let uri = "file:///tmp/page.md";
    let text = "# Page\n\n```cwfilter\n{$.eventName=GetObject}\n```\n\n*  text\n";
    client.open(uri, "markdown", text);
    let options =
        json!({ "textDocument": { "uri": uri }, "options": { "tabSize": 2, "insertSpaces": true } });
    let edits = client.ask("textDocument/formatting", options);
    let mended = edits[0]["newText"].as_str().unwrap_or_else(|| panic!("{edits}"));
    assert_eq!(mended, "# Page\n\n```cwfilter\n{ $.eventName = \"GetObject\" }\n```\n\n*  text\n");
    client.stop();
}

#[test]
fn what_is_not_offered_or_broken_is_answered_with_an_error() {
    let (mut client, _) = Client::start(json!({}));
    assert_eq!(client.ask("textDocument/rename", json!({}))["code"], -32601);
    assert_eq!(client.ask("textDocument/hover", json!({ "nonsense": 1 }))["code"], -32602);
    assert!(client.at("textDocument/hover", "file:///tmp/unknown.cwfilter", 0, 0).is_null());
    client.stop();
}
