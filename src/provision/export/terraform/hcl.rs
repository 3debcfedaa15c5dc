//! A configuration in HCL, laid out as `terraform fmt` does: the equal signs of neighbouring lines below one another.

use super::super::value::Value;
use super::Labels;
use super::body::{Argument, Block, Body, Item};
use super::text::{Heredoc, quoted, quoted_pieces};

/// The longest line of a comment.
const WIDTH: usize = 110;

/// The longest list on one line.
const LIST_WIDTH: usize = 90;

/// The whole configuration, below a comment.
pub(super) fn text(head: &[String], blocks: &[Block], labels: &Labels) -> String {
    let mut writer = Writer { labels, out: String::new() };
    head.iter().for_each(|line| writer.comment(line));
    for block in blocks {
        writer.out.push('\n');
        writer.comment(&block.comment);
        let words = block.labels.iter().map(|label| quoted(label));
        let opening: Vec<String> = std::iter::once(block.kind.clone()).chain(words).collect();
        writer.block(&opening.join(" "), &block.body, 0);
    }
    writer.out
}

struct Writer<'l> {
    labels: &'l Labels,
    out: String,
}

/// One line or several that set something: what stands before the equal sign, and what behind it.
struct Setting {
    key: String,
    /// The lines of the value; the first stands behind the equal sign, the others are indented already.
    lines: Vec<String>,
    /// Whether the first line leaves a bracket open, so that it is not aligned with its neighbours.
    is_open: bool,
}

impl Writer<'_> {
    fn block(&mut self, opening: &str, body: &Body, depth: usize) {
        self.indent(depth);
        self.out.push_str(opening);
        if body.0.is_empty() {
            self.out.push_str(" {}\n");
            return;
        }
        self.out.push_str(" {\n");
        let mut settings = Vec::new();
        let mut is_first = true;
        for item in &body.0 {
            match item {
                Item::Argument(name, argument) => settings.push(self.setting(name, argument, depth + 1)),
                Item::Block(name, inner) => {
                    is_first = self.settings(std::mem::take(&mut settings), depth + 1, is_first);
                    if !is_first {
                        self.out.push('\n');
                    }
                    self.block(name, inner, depth + 1);
                    is_first = false;
                }
            }
        }
        self.settings(settings, depth + 1, is_first);
        self.indent(depth);
        self.out.push_str("}\n");
    }

    /// Writes settings, those of several lines apart from the others; whether nothing has been written yet.
    fn settings(&mut self, settings: Vec<Setting>, depth: usize, mut is_first: bool) -> bool {
        let mut run: Vec<Setting> = Vec::new();
        for setting in settings {
            let is_alone = setting.lines.len() > 1;
            if is_alone {
                is_first = self.run(std::mem::take(&mut run), depth, is_first);
                is_first = self.run(vec![setting], depth, is_first);
            } else {
                run.push(setting);
            }
        }
        self.run(run, depth, is_first)
    }

    fn run(&mut self, run: Vec<Setting>, depth: usize, is_first: bool) -> bool {
        if run.is_empty() {
            return is_first;
        }
        if !is_first {
            self.out.push('\n');
        }
        self.aligned(&run, depth, "");
        false
    }

    /// Writes settings line by line, the equal signs of neighbours below one another.
    fn aligned(&mut self, settings: &[Setting], depth: usize, behind: &str) {
        let mut rest = settings;
        while let Some(first) = rest.first() {
            let is_run = |setting: &Setting| !setting.is_open;
            let length = if is_run(first) { rest.iter().take_while(|one| is_run(one)).count() } else { 1 };
            let (run, after) = rest.split_at(length);
            let width = run.iter().map(|one| one.key.chars().count()).max().unwrap_or(0);
            for setting in run {
                self.indent(depth);
                let blanks = width - setting.key.chars().count();
                self.out.push_str(&setting.key);
                self.out.push_str(&" ".repeat(blanks));
                self.out.push_str(" = ");
                self.out.push_str(&setting.lines.join("\n"));
                self.out.push_str(behind);
                self.out.push('\n');
            }
            rest = after;
        }
    }

    fn setting(&self, name: &str, argument: &Argument, depth: usize) -> Setting {
        let key = key(name);
        match argument {
            Argument::Value(Value::Text(text) | Value::Code(text)) => match Heredoc::of(text) {
                Some(heredoc) => Setting { key, is_open: heredoc.is_chomped, lines: lines(&heredoc, depth) },
                None => Setting { key, is_open: false, lines: vec![quoted(text)] },
            },
            Argument::Value(value) => self.of_value(key, value, depth),
            Argument::Document(value) => {
                let mut setting = self.of_value(key, value, depth);
                if let Some(first) = setting.lines.first_mut() {
                    first.insert_str(0, "jsonencode(");
                }
                if let Some(last) = setting.lines.last_mut() {
                    last.push(')');
                }
                setting
            }
            Argument::Expression(written) => Setting { key, is_open: false, lines: vec![written.clone()] },
            Argument::Type(written) => Setting { key, is_open: false, lines: vec![(*written).to_owned()] },
            Argument::Addresses(addresses) => {
                Setting { key, is_open: false, lines: vec![format!("[{}]", addresses.join(", "))] }
            }
        }
    }

    fn of_value(&self, key: String, value: &Value, depth: usize) -> Setting {
        let lines = self.value(value, depth);
        Setting { key, is_open: lines.len() > 1, lines }
    }

    /// The lines of a value, all but the first indented.
    fn value(&self, value: &Value, depth: usize) -> Vec<String> {
        match value {
            Value::Text(text) | Value::Code(text) => vec![quoted(text)],
            Value::Pieces(pieces) => vec![quoted_pieces(pieces, self.labels)],
            Value::Whole(number) => vec![number.to_string()],
            Value::Real(number) => vec![number.to_string()],
            Value::Flag(flag) => vec![flag.to_string()],
            Value::Reference(reference) => vec![self.labels.reference(*reference)],
            Value::List(values) => self.list(values, depth),
            Value::Map(members) if members.is_empty() => vec!["{}".to_owned()],
            Value::Map(members) => {
                let inner = members.0.iter().map(|(name, value)| self.of_value(key(name), value, depth + 1));
                let inner: Vec<Setting> = inner.collect();
                let mut writer = Writer { labels: self.labels, out: String::new() };
                writer.aligned(&inner, depth + 1, "");
                let mut lines = vec!["{".to_owned()];
                lines.extend(writer.out.lines().map(str::to_owned));
                lines.push(format!("{}}}", "  ".repeat(depth)));
                lines
            }
        }
    }

    /// A list of one item, or of short ones, without line ends of its own; others an item a line.
    fn list(&self, values: &[Value], depth: usize) -> Vec<String> {
        let items: Vec<Vec<String>> = values.iter().map(|value| self.value(value, depth)).collect();
        if let [only] = items.as_slice() {
            let mut lines = only.clone();
            if let Some(first) = lines.first_mut() {
                first.insert(0, '[');
            }
            if let Some(last) = lines.last_mut() {
                last.push(']');
            }
            return lines;
        }
        let words: Option<Vec<&str>> = { &items }.iter().map(|item| only(item)).collect();
        if let Some(line) = words.map(|words| format!("[{}]", words.join(", ")))
            && line.chars().count() <= LIST_WIDTH
        {
            return vec![line];
        }
        let mut lines = vec!["[".to_owned()];
        for value in values {
            let mut item = self.value(value, depth + 1);
            if let Some(first) = item.first_mut() {
                first.insert_str(0, &"  ".repeat(depth + 1));
            }
            if let Some(last) = item.last_mut() {
                last.push(',');
            }
            lines.extend(item);
        }
        lines.push(format!("{}]", "  ".repeat(depth)));
        lines
    }

    fn comment(&mut self, text: &str) {
        let mut line = String::from("#");
        for word in text.split_whitespace() {
            if line.chars().count() + 1 + word.chars().count() > WIDTH && line.len() > 1 {
                self.out.push_str(&line);
                self.out.push('\n');
                line = String::from("#  ");
            }
            line.push(' ');
            line.extend(word.chars().filter(|c| !c.is_control()));
        }
        if line.len() > 1 {
            self.out.push_str(&line);
            self.out.push('\n');
        }
    }

    fn indent(&mut self, depth: usize) {
        self.out.push_str(&"  ".repeat(depth));
    }
}

/// A heredoc, its lines one step deeper than the argument that it belongs to.
fn lines(heredoc: &Heredoc, depth: usize) -> Vec<String> {
    let Heredoc { lines, end, is_chomped } = heredoc;
    let inner = "  ".repeat(depth + 1);
    let outer = "  ".repeat(depth);
    let mut all = vec![format!("{}<<-{end}", if *is_chomped { "chomp(" } else { "" })];
    let indented = |line: &String| if line.is_empty() { String::new() } else { format!("{inner}{line}") };
    all.extend(lines.iter().map(indented));
    all.push(format!("{outer}{end}"));
    all.extend(is_chomped.then(|| format!("{outer})")));
    all
}

/// The one line of a value that has no more.
fn only(lines: &[String]) -> Option<&str> {
    match lines {
        [line] => Some(line),
        _ => None,
    }
}

/// The name of an argument or of a member of an object.
fn key(name: &str) -> String {
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let is_word = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if begins && is_word && !matches!(name, "for" | "if" | "in" | "null" | "true" | "false") {
        name.to_owned()
    } else {
        quoted(name)
    }
}
