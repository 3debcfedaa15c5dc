//! The functions of HCL that put texts together, where all that they need is known.

use hcl_edit::expr::{Expression, FuncCall};

use crate::Span;
use crate::host::node::Node;
use crate::host::spelling::Layer;
use crate::host::text::Text;

use super::value::Values;
use crate::host::text::LONGEST;

impl Values<'_> {
    /// The value of a call; none where it is not known here.
    pub(super) fn call(&self, call: &FuncCall, span: Span) -> Option<Node> {
        if !call.name.namespace.is_empty() || call.args.expand_final() {
            return None;
        }
        let arguments: Vec<&Expression> = call.args.iter().collect();
        match (call.name.name.as_str(), arguments.as_slice()) {
            ("jsonencode" | "toset" | "tolist" | "tomap" | "tostring" | "nonsensitive", [value]) => {
                Some(self.node(value))
            }
            ("concat", lists) => {
                let mut all = Vec::new();
                for list in lists {
                    match self.node(list) {
                        Node::List(items, _) => all.extend(items),
                        _ => return None,
                    }
                }
                Some(Node::List(all, span))
            }
            ("trimspace", [value]) => Some(Node::Text(self.node(value).into_text()?.trimmed())),
            ("chomp", [value]) => {
                let text = self.node(value).into_text()?;
                let end = text.value.trim_end_matches(['\n', '\r']).len();
                let end = text.holes.last().map_or(end, |hole| hole.at.max(end));
                Some(Node::Text(text.part(0..end)))
            }
            ("replace", [value, from, to]) => {
                let text = self.node(value).into_text()?;
                let (from, to) = (self.constant(from)?, self.constant(to)?);
                let is_regex = from.len() > 1 && from.starts_with('/') && from.ends_with('/');
                let length = text.value.len() + text.value.matches(&from).count() * to.len();
                (!is_regex && !from.is_empty() && length <= LONGEST)
                    .then(|| Node::Text(text.replaced(&from, &to)))
            }
            ("join", [separator, list]) => self.join(separator, list),
            ("format", [form, values @ ..]) => self.format(form, values),
            _ => None,
        }
    }

    /// A text without holes.
    fn constant(&self, expression: &Expression) -> Option<String> {
        self.node(expression).into_text().and_then(|text| text.known().map(str::to_owned))
    }

    fn join(&self, separator: &Expression, list: &Expression) -> Option<Node> {
        let separator = self.constant(separator)?;
        let Node::List(items, _) = self.node(list) else { return None };
        let texts: Option<Vec<Text>> = items.into_iter().map(Node::into_text).collect();
        Text::joined(&separator, texts?).map(Node::Text)
    }

    /// `%s`, `%d` and the like become the value they stand for, or a hole.
    fn format(&self, form: &Expression, values: &[&Expression]) -> Option<Node> {
        let form = self.node(form).into_text()?;
        if !form.holes.is_empty() {
            return None;
        }
        let mut formatted = Text::default();
        let mut values = values.iter();
        let mut at = 0;
        while let Some(rest) = form.value.get(at..).filter(|rest| !rest.is_empty()) {
            let plain = rest.find('%').unwrap_or(rest.len());
            formatted.append(form.part(at..at + plain));
            at += plain;
            let rest = rest.get(plain..).unwrap_or_default();
            if rest.is_empty() {
                break;
            }
            let is_flag =
                |c: char| c.is_ascii_digit() || matches!(c, '#' | '+' | '-' | ' ' | '.' | '[' | ']');
            let flags = rest.get(1..)?.chars().take_while(|&c| is_flag(c)).count();
            let verb = rest.get(1 + flags..)?.chars().next()?;
            let length = 1 + flags + verb.len_utf8();
            let place = form.map.to_source(Span::new(at, at + length));
            if verb == '%' {
                let mut spelled = Text::spelled(form.map.spelling_at(at));
                spelled.push_escape("%", place);
                formatted.append(spelled);
            } else {
                let value = values.next().map(|value| self.node(value)).and_then(Node::into_text);
                let known = value.filter(|value| flags == 0 && verb != 'q' && value.holes.is_empty());
                match known {
                    Some(known) => formatted.push_foreign(&known.value, place),
                    None => formatted.push_hole(place),
                }
            }
            at += length;
        }
        formatted.map.within(Layer::Format);
        Some(Node::Text(formatted))
    }
}
