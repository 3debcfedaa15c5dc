//! The conversation: what an editor says, and which answer it gets.

use std::collections::BTreeMap;

use lsp_server::{Connection, ErrorCode, Message, Notification, Request, Response};
use lsp_types::notification::{
    DidChangeTextDocument, DidCloseTextDocument, DidOpenTextDocument, Notification as _, PublishDiagnostics,
};
use lsp_types::request::{CodeActionRequest, Completion, Formatting, HoverRequest, Request as _};
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionOrCommand, CodeActionParams, CodeActionProviderCapability,
    CompletionList, CompletionOptions, CompletionParams, DidChangeTextDocumentParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DocumentFormattingParams, HoverParams,
    HoverProviderCapability, InitializeParams, OneOf, PositionEncodingKind, PublishDiagnosticsParams,
    ServerCapabilities, TextDocumentPositionParams, TextDocumentSyncCapability, TextDocumentSyncKind, Uri,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::Diagnostic;
use crate::check::{Language, Options};
use crate::host::HostKind;

use super::answers;
use super::document::{Columns, Document};

/// Why the conversation ended before its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The editor does not keep to the protocol.
    #[error("the editor broke the protocol: {0}")]
    Protocol(String),
    /// Standard input or output failed.
    #[error("the editor cannot be reached: {0}")]
    Io(#[from] std::io::Error),
}

/// What is asked of the document of a path.
pub struct Settings {
    /// What its texts are checked against.
    pub options: Options,
    /// Whether a finding is to be shown.
    pub shows: Box<dyn Fn(&Diagnostic) -> bool>,
}

impl Default for Settings {
    /// Everything is shown.
    fn default() -> Self {
        Settings { options: Options::default(), shows: Box::new(|_| true) }
    }
}

/// Serves one editor over standard input and output, until it says exit.
///
/// `settings_of` gives what is asked of the document of a path. It is called again each time, so that settings may change.
///
/// # Errors
/// When the editor breaks the protocol, or the streams fail.
pub fn serve_stdio(settings_of: impl Fn(&str) -> Settings) -> Result<(), ServeError> {
    let (connection, threads) = Connection::stdio();
    serve(&connection, settings_of)?;
    drop(connection);
    threads.join()?;
    Ok(())
}

/// Serves one editor over a connection, until it says exit.
///
/// # Errors
/// When the editor breaks the protocol.
pub fn serve(connection: &Connection, settings_of: impl Fn(&str) -> Settings) -> Result<(), ServeError> {
    let broken = |error: lsp_server::ProtocolError| ServeError::Protocol(error.to_string());
    let (id, params) = connection.initialize_start().map_err(broken)?;
    let params: InitializeParams =
        serde_json::from_value(params).map_err(|error| ServeError::Protocol(error.to_string()))?;
    let columns = columns(&params);
    let greeting = json!({
        "capabilities": capabilities(columns),
        "serverInfo": { "name": "trailql", "version": env!("CARGO_PKG_VERSION") },
    });
    connection.initialize_finish(id, greeting).map_err(broken)?;
    let mut server = Server { documents: BTreeMap::new(), columns, settings_of };
    for message in &connection.receiver {
        let reply = match message {
            Message::Request(request) => {
                if connection.handle_shutdown(&request).map_err(broken)? {
                    return Ok(());
                }
                Some(Message::Response(server.answer(request)))
            }
            Message::Notification(notification) => server.hear(notification).map(Message::Notification),
            Message::Response(_) => None,
        };
        if let Some(reply) = reply
            && connection.sender.send(reply).is_err()
        {
            return Err(ServeError::Protocol("it went away without saying exit".into()));
        }
    }
    Ok(())
}

/// Bytes, where the editor can; the protocol's own UTF-16 otherwise.
fn columns(params: &InitializeParams) -> Columns {
    let offered =
        params.capabilities.general.as_ref().and_then(|general| general.position_encodings.as_ref());
    match offered {
        Some(kinds) if kinds.contains(&PositionEncodingKind::UTF8) => Columns::Utf8,
        _ => Columns::Utf16,
    }
}

fn capabilities(columns: Columns) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(match columns {
            Columns::Utf8 => PositionEncodingKind::UTF8,
            Columns::Utf16 => PositionEncodingKind::UTF16,
        }),
        text_document_sync: Some(TextDocumentSyncCapability::Kind(TextDocumentSyncKind::FULL)),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some([".", "$", "\"", "|", "=", " "].map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX]),
            ..CodeActionOptions::default()
        })),
        document_formatting_provider: Some(OneOf::Left(true)),
        ..ServerCapabilities::default()
    }
}

struct Server<F> {
    documents: BTreeMap<Uri, Document>,
    columns: Columns,
    settings_of: F,
}

impl<F: Fn(&str) -> Settings> Server<F> {
    fn settings(&self, uri: &Uri) -> Settings {
        (self.settings_of)(&path_of(uri))
    }

    fn answer(&self, request: Request) -> Response {
        let Request { id, method, params } = request;
        let answer = match method.as_str() {
            HoverRequest::METHOD => parsed(params).map(|params: HoverParams| self.hover(&params)),
            Completion::METHOD => parsed(params).map(|params: CompletionParams| self.complete(&params)),
            CodeActionRequest::METHOD => parsed(params).map(|params: CodeActionParams| self.actions(&params)),
            Formatting::METHOD => parsed(params).map(|params: DocumentFormattingParams| self.format(&params)),
            _ => {
                let message = format!("`{method}` is not offered");
                return Response::new_err(id, ErrorCode::MethodNotFound as i32, message);
            }
        };
        match answer {
            Ok(value) => Response::new_ok(id, value),
            Err(reason) => Response::new_err(id, ErrorCode::InvalidParams as i32, reason),
        }
    }

    /// The findings of a document that was opened, changed or closed.
    fn hear(&mut self, notification: Notification) -> Option<Notification> {
        let Notification { method, params } = notification;
        match method.as_str() {
            DidOpenTextDocument::METHOD => {
                let params: DidOpenTextDocumentParams = parsed(params).ok()?;
                let opened = params.text_document;
                let kind = kind_of(&opened.uri, &opened.language_id, &opened.text);
                let document = Document::new(opened.text, kind, opened.version, self.columns);
                self.documents.insert(opened.uri.clone(), document);
                self.publish(opened.uri)
            }
            DidChangeTextDocument::METHOD => {
                let params: DidChangeTextDocumentParams = parsed(params).ok()?;
                let uri = params.text_document.uri;
                let text = params.content_changes.into_iter().next_back()?.text;
                let before = self.documents.get(&uri)?.kind;
                let kind = HostKind::of(&path_of(&uri), &text).or(before);
                let document = Document::new(text, kind, params.text_document.version, self.columns);
                self.documents.insert(uri.clone(), document);
                self.publish(uri)
            }
            DidCloseTextDocument::METHOD => {
                let params: DidCloseTextDocumentParams = parsed(params).ok()?;
                let uri = params.text_document.uri;
                self.documents.remove(&uri)?;
                Some(published(PublishDiagnosticsParams { uri, diagnostics: Vec::new(), version: None }))
            }
            _ => None,
        }
    }

    fn publish(&self, uri: Uri) -> Option<Notification> {
        let document = self.documents.get(&uri)?;
        let diagnostics = answers::diagnostics(&uri, document, &self.settings(&uri));
        Some(published(PublishDiagnosticsParams { uri, diagnostics, version: Some(document.version) }))
    }

    fn hover(&self, params: &HoverParams) -> Value {
        let TextDocumentPositionParams { text_document, position } = &params.text_document_position_params;
        let Some(document) = self.documents.get(&text_document.uri) else { return Value::Null };
        json!(answers::hover(document, document.offset(*position), &self.settings(&text_document.uri)))
    }

    fn complete(&self, params: &CompletionParams) -> Value {
        let TextDocumentPositionParams { text_document, position } = &params.text_document_position;
        let Some(document) = self.documents.get(&text_document.uri) else { return Value::Null };
        let settings = self.settings(&text_document.uri);
        let items = answers::completions(document, document.offset(*position), &settings.options);
        json!(CompletionList { is_incomplete: true, items })
    }

    fn actions(&self, params: &CodeActionParams) -> Value {
        let uri = &params.text_document.uri;
        let Some(document) = self.documents.get(uri) else { return Value::Null };
        let actions = answers::actions(uri, document, params.range, &self.settings(uri));
        json!(actions.into_iter().map(CodeActionOrCommand::CodeAction).collect::<Vec<_>>())
    }

    fn format(&self, params: &DocumentFormattingParams) -> Value {
        let document = self.documents.get(&params.text_document.uri);
        json!(document.map(answers::formatting))
    }
}

fn parsed<P: DeserializeOwned>(params: Value) -> Result<P, String> {
    serde_json::from_value(params).map_err(|error| error.to_string())
}

fn published(params: PublishDiagnosticsParams) -> Notification {
    Notification::new(PublishDiagnostics::METHOD.to_owned(), params)
}

/// The path of a document, percent encoding undone.
fn path_of(uri: &Uri) -> String {
    percent_encoding::percent_decode_str(uri.path().as_str()).decode_utf8_lossy().into_owned()
}

/// What a document holds: by its name, else by the language that the editor has for it.
fn kind_of(uri: &Uri, language_id: &str, text: &str) -> Option<HostKind> {
    HostKind::of(&path_of(uri), text).or(match language_id {
        "cwfilter" => Some(HostKind::Text(Language::FilterPattern)),
        "cwlogs" => Some(HostKind::Text(Language::LogsInsights)),
        "cwmetrics" => Some(HostKind::Text(Language::MetricsInsights)),
        "terraform" => Some(HostKind::Terraform),
        "markdown" => Some(HostKind::Markdown),
        _ => None,
    })
}
