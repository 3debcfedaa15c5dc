//! What the server answers about a document.

use lsp_types::{
    CodeAction, CodeActionKind, CompletionItem, CompletionItemKind, CompletionTextEdit,
    Diagnostic as Published, DiagnosticRelatedInformation, DiagnosticSeverity, Documentation, Hover as Shown,
    HoverContents, Location, MarkupContent, MarkupKind, NumberOrString, Range, TextEdit, Uri, WorkspaceEdit,
};

use crate::assist::{self, CompletionKind};
use crate::check::{Options, registry};
use crate::host::{self, Embedded, Style};
use crate::{Diagnostic, Severity};

use super::document::Document;

/// What is found in a document, in order of place.
pub(super) fn findings(document: &Document, options: &Options) -> Vec<Diagnostic> {
    document.kind.map_or_else(Vec::new, |kind| host::check(kind, &document.text, options).diagnostics)
}

/// The same as the protocol has it.
pub(super) fn diagnostics(uri: &Uri, document: &Document, options: &Options) -> Vec<Published> {
    findings(document, options).iter().map(|finding| published(uri, document, finding)).collect()
}

fn published(uri: &Uri, document: &Document, finding: &Diagnostic) -> Published {
    let related = finding.labels.iter().skip(1).map(|label| DiagnosticRelatedInformation {
        location: Location { uri: uri.clone(), range: document.range(label.span) },
        message: if label.text.is_empty() { "see here".into() } else { label.text.clone() },
    });
    let related: Vec<_> = related.collect();
    let message = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    Published {
        range: document.range(finding.span()),
        severity: Some(match finding.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
            Severity::Info => DiagnosticSeverity::INFORMATION,
            Severity::Hint => DiagnosticSeverity::HINT,
        }),
        code: Some(NumberOrString::String(finding.code.0.into())),
        source: Some("trailql".into()),
        message,
        related_information: (!related.is_empty()).then_some(related),
        ..Published::default()
    }
}

/// The fixes of what is found at a place.
pub(super) fn actions(uri: &Uri, document: &Document, range: Range, options: &Options) -> Vec<CodeAction> {
    let (from, to) = (document.offset(range.start), document.offset(range.end));
    let mut actions = Vec::new();
    for finding in findings(document, options) {
        let span = finding.span().range();
        let Some(fix) = finding.fix.as_ref().filter(|_| span.start <= to && from <= span.end) else {
            continue;
        };
        let edits = fix
            .edits
            .iter()
            .map(|edit| TextEdit { range: document.range(edit.span), new_text: edit.replacement.clone() })
            .collect();
        actions.push(CodeAction {
            title: fix.title.clone(),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(vec![published(uri, document, &finding)]),
            edit: Some(WorkspaceEdit {
                changes: Some([(uri.clone(), edits)].into_iter().collect()),
                ..WorkspaceEdit::default()
            }),
            is_preferred: Some(true),
            ..CodeAction::default()
        });
    }
    actions
}

/// The pattern or query at a byte of the document, and the byte of it.
fn embedded_at(document: &Document, offset: usize) -> Option<(Embedded, usize)> {
    let extracted = host::extract(document.kind?, &document.text);
    extracted.embedded.into_iter().find_map(|embedded| {
        let at = embedded.map.to_text(offset)?;
        Some((embedded, at))
    })
}

/// What is to be shown at a place: the rules that were broken there, and what is known of what stands there.
pub(super) fn hover(document: &Document, offset: usize, options: &Options) -> Option<Shown> {
    let mut parts = Vec::new();
    let mut range = None;
    if let Some((embedded, at)) = embedded_at(document, offset)
        && let Some(hover) = assist::hover(&embedded.text, embedded.language, at, options)
    {
        range = Some(document.range(embedded.map.to_source(hover.span)));
        parts.push(hover.text);
    }
    let found = findings(document, options);
    for finding in found.iter().filter(|finding| finding.span().range().contains(&offset)) {
        if let Some(rule) = registry::find(finding.code.0) {
            parts.push(format!("**{}**: {}\n\n{}", rule.code, rule.title, rule.why));
        }
    }
    (!parts.is_empty()).then(|| Shown {
        contents: HoverContents::Markup(MarkupContent {
            kind: MarkupKind::Markdown,
            value: parts.join("\n\n---\n\n"),
        }),
        range,
    })
}

/// What may be written at a place.
pub(super) fn completions(document: &Document, offset: usize, options: &Options) -> Vec<CompletionItem> {
    let Some((embedded, at)) = embedded_at(document, offset) else { return Vec::new() };
    assist::complete(&embedded.text, embedded.language, at, options)
        .into_iter()
        .filter_map(|one| {
            let edit = embedded.map.written(one.span, &one.text)?;
            Some(CompletionItem {
                label: one.label,
                kind: Some(match one.kind {
                    CompletionKind::Field => CompletionItemKind::FIELD,
                    CompletionKind::EventName => CompletionItemKind::EVENT,
                    CompletionKind::EventSource => CompletionItemKind::MODULE,
                    CompletionKind::Value => CompletionItemKind::ENUM_MEMBER,
                    CompletionKind::Function => CompletionItemKind::FUNCTION,
                    CompletionKind::Command | CompletionKind::Keyword => CompletionItemKind::KEYWORD,
                }),
                detail: (!one.detail.is_empty()).then_some(one.detail),
                documentation: (!one.documentation.is_empty())
                    .then_some(Documentation::String(one.documentation)),
                filter_text: Some(edit.replacement.clone()),
                text_edit: Some(CompletionTextEdit::Edit(TextEdit {
                    range: document.range(edit.span),
                    new_text: edit.replacement,
                })),
                ..CompletionItem::default()
            })
        })
        .collect()
}

/// The edits that bring the patterns and queries of a document into their canonical spelling; none where one is not legal.
pub(super) fn formatting(document: &Document) -> Vec<TextEdit> {
    let Some(kind) = document.kind else { return Vec::new() };
    match host::format(kind, &document.text, Style::Canonical) {
        Ok(text) if text != document.text => {
            let all = Range { start: document.position(0), end: document.position(document.text.len()) };
            vec![TextEdit { range: all, new_text: text }]
        }
        _ => Vec::new(),
    }
}
