//! Interpolations in texts that another format has read: `${…}` of Terraform's JSON, of `Fn::Sub` and of the Serverless
//! Framework.

use crate::Span;

use super::node::Node;
use super::spelling::Layer;
use super::text::Text;

/// A string of Terraform's JSON: `${…}` and `%{…}` are holes, but for `${"…"}`, and `$${` and `%%{` are their first characters.
pub(super) fn terraform(text: &Text) -> Text {
    if text.value.is_empty() {
        // With its place, which no part of it has.
        return text.clone();
    }
    let mut read = Text::default();
    let (mut run, mut at) = (0, 0);
    while let Some(rest) = text.value.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("$${") || rest.starts_with("%%{") {
            read.append(text.part(run..at));
            escape(text, at, rest.get(1..3).unwrap_or_default(), 3, &mut read);
            (run, at) = (at + 3, at + 3);
        } else if rest.starts_with("${") || rest.starts_with("%{") {
            let length = closed(rest);
            read.append(text.part(run..at));
            let source = text.map.to_source(Span::new(at, at + length));
            match literal(rest.get(..length).unwrap_or_default()) {
                Some(said) => read.push_foreign(&said, source),
                None => read.push_hole(source),
            }
            (run, at) = (at + length, at + length);
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    read.append(text.part(run..text.value.len()));
    read.map.within(Layer::Template);
    read
}

/// A text in a file of the Serverless Framework: `${…}` is a hole, and nothing spells it.
pub(super) fn serverless(text: &Text) -> Text {
    if text.value.is_empty() {
        // With its place, which no part of it has.
        return text.clone();
    }
    let mut read = Text::default();
    let mut run = 0;
    while let Some(found) = text.value.get(run..).and_then(|rest| rest.find("${")).map(|found| run + found) {
        let length = closed(text.value.get(found..).unwrap_or_default());
        read.append(text.part(run..found));
        read.push_hole(text.map.to_source(Span::new(found, found + length)));
        run = found + length;
    }
    read.append(text.part(run..text.value.len()));
    read.map.within(Layer::Serverless);
    read
}

/// A text of `Fn::Sub`: `${Name}` is a hole, or what the map of variables has for it; `${!Name}` stands for `${Name}`.
pub(super) fn sub(text: &Text, variables: &[(Text, Node)]) -> Text {
    if text.value.is_empty() {
        // With its place, which no part of it has.
        return text.clone();
    }
    let mut read = Text::default();
    let (mut run, mut at) = (0, 0);
    while let Some(found) = text.value.get(at..).and_then(|rest| rest.find("${")).map(|found| at + found) {
        let rest = text.value.get(found..).unwrap_or_default();
        let Some(end) = rest.find('}') else { break };
        read.append(text.part(run..found));
        let name = rest.get(2..end).unwrap_or_default();
        let source = text.map.to_source(Span::new(found, found + end + 1));
        if name.starts_with('!') {
            escape(text, found, "${", 3, &mut read);
            (run, at) = (found + 3, found + 3);
            continue;
        }
        let value = variables.iter().find(|(key, _)| key.known() == Some(name.trim()));
        match value.and_then(|(_, value)| value.as_str()) {
            Some(value) => read.push_foreign(value, source),
            None => read.push_hole(source),
        }
        (run, at) = (found + end + 1, found + end + 1);
    }
    read.append(text.part(run..text.value.len()));
    read.map.within(Layer::Sub);
    read
}

fn escape(text: &Text, at: usize, said: &str, length: usize, read: &mut Text) {
    let mut spelled = Text::spelled(text.map.spelling_at(at));
    spelled.push_escape(said, text.map.to_source(Span::new(at, at + length)));
    read.append(spelled);
}

/// What an interpolation of nothing but a text says, as people write what a template does not spell.
fn literal(interpolation: &str) -> Option<String> {
    let inside = interpolation.strip_prefix("${")?.strip_suffix('}')?.trim();
    let said: String = serde_json::from_str(inside).ok()?;
    let bare = said.replace("$${", " ").replace("%%{", " ");
    let is_plain = !bare.contains("${") && !bare.contains("%{");
    is_plain.then(|| said.replace("$${", "${").replace("%%{", "%{"))
}

/// The length of an interpolation, the braces inside it closed.
fn closed(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut is_escaped = false;
    for (at, c) in rest.char_indices() {
        if std::mem::take(&mut is_escaped) {
            continue;
        }
        match c {
            '\\' if in_string => is_escaped = true,
            '"' => in_string = !in_string,
            '{' if !in_string => depth += 1,
            '}' if !in_string => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    rest.len()
}
