//! Stages that add fields to rows: `parse`, `json`, `unnest`, `expand`, `lookup`, `cidrlookup`.

use std::sync::Arc;

use regex::Regex;

use super::lower::Lowering;
use super::names::listed;
use super::node::{Node, Reg};
use super::op::{CidrLookup, Lookup, Op};
use crate::Diagnostic;
use crate::syntax::logs::{
    CidrLookup as CidrLookupCommand, Expr, Field, Function, Lookup as LookupCommand, Name, Parse, ParseMode,
    Text, codes,
};
use crate::values::{LookupIndex, LookupTable, ScalarCall};

/// The column of networks where none is named.
const CIDR_COLUMN: &str = "cidr";

impl Lowering<'_> {
    pub(super) fn parse(&mut self, parse: &Parse) {
        let source = match &parse.operand {
            Some(operand) => self.expr(operand),
            None => self.earlier_value("@message"),
        };
        match &parse.mode {
            ParseMode::Glob { pattern, names } => {
                // What is wrong with a glob or a regex of the language's own kind has been reported.
                let Ok(regex) = Regex::new(&glob_as_regex(&pattern.text)) else { return };
                let groups =
                    names.iter().enumerate().map(|(at, name)| (at + 1, self.new_field(name))).collect();
                self.ops.push(Op::Parse { source, regex: Arc::new(regex), groups, multi: false });
            }
            ParseMode::Regex { regex, names, multi } => {
                let Some(regex) = self.regex(&regex.source, regex.span.0) else { return };
                let named: Vec<(usize, Name)> = regex
                    .capture_names()
                    .enumerate()
                    .filter_map(|(at, name)| {
                        Some((at, Name { text: name?.to_owned(), span: Default::default() }))
                    })
                    .collect();
                let groups =
                    if names.is_empty() { named } else { (1..).zip(names.iter().cloned()).collect() };
                let groups =
                    groups.into_iter().map(|(at, name)| (at, self.new_field(&name))).collect::<Vec<_>>();
                self.ops.push(Op::Parse { source, regex, groups, multi: *multi });
            }
            ParseMode::Logfmt(name) => {
                let to = self.new_field(name);
                self.containers.push(to);
                self.ops.push(Op::ParseLogfmt { source, to });
            }
            ParseMode::Csv(names) => {
                let to = names.iter().map(|name| self.new_field(name)).collect();
                self.ops.push(Op::ParseCsv { source, to });
            }
        }
    }

    /// A name for what is found in a row; where nothing is found, what the name stood for stays.
    fn new_field(&mut self, name: &Name) -> Reg {
        let earlier = self.earlier_value(&name.text);
        let to = self.define(&name.text, earlier);
        self.shown.create(&name.text);
        to
    }

    pub(super) fn json(&mut self, field: &Field, path: &Text, alias: &Name) {
        let text = self.field(field);
        let Ok(ready) = ScalarCall::prepare(Function::JsonParse, &[None], &[None]) else { return };
        let root = Node::Call(Box::new(ready), vec![text]);
        let steps = path.text.split(['.', '[']).map(|step| step.trim_end_matches(']'));
        let node = steps
            .filter(|step| !step.is_empty())
            .fold(root, |node, step| Node::Member(Box::new(node), step.to_owned()));
        self.define(&alias.text, node);
        self.shown.create(&alias.text);
    }

    pub(super) fn unnest(&mut self, path: &Expr, into: &Name) {
        if self.is_split_result(path) {
            self.report(
                Diagnostic::warning(
                    codes::SPLIT_ROWS,
                    path.span.0,
                    "the service refuses to unnest what `split` gives",
                )
                .help("use `parse … multi`, or a JSON array"),
            );
        }
        let list = self.expr(path);
        let to = self.new_reg();
        self.ops.push(Op::Unnest { list, to });
        self.scope.define(&into.text, to);
        self.shown.create(&into.text);
    }

    pub(super) fn expand(&mut self, field: &Field) {
        let from = self.field(field);
        if let Node::Reg(_) = &from {
            let expr = Expr { kind: crate::syntax::logs::ExprKind::Field(field.clone()), span: field.span };
            if self.is_split_result(&expr) {
                self.report(
                    Diagnostic::warning(
                        codes::SPLIT_ROWS,
                        field.span.0,
                        "the service does not expand what `split` gives: the row stays one",
                    )
                    .help("use `parse … multi`, or a JSON array"),
                );
            }
        }
        let to = self.new_reg();
        self.ops.push(Op::Expand { from, to });
        self.scope.define(&field.name, to);
    }

    pub(super) fn lookup(&mut self, lookup: &LookupCommand) {
        let Some(table) = self.table(&lookup.table) else {
            return self.define_unknown(lookup.outputs.iter());
        };
        let mut columns = Vec::new();
        let mut matches = Vec::new();
        for (column, field) in &lookup.matches {
            let Some(index) = self.column(&table, &lookup.table, column) else { continue };
            columns.push(index);
            let same = || Field { name: column.text.clone(), spelled: Default::default(), span: column.span };
            matches.push(self.field(&field.clone().unwrap_or_else(same)));
        }
        let outputs = lookup.outputs.iter().map(|name| (name, name)).collect::<Vec<_>>();
        let outputs = self.outputs(&table, &lookup.table, &outputs);
        let index: Arc<LookupIndex> = Arc::new(table.index(&columns));
        self.ops.push(Op::Lookup(Lookup { table, index, matches, outputs, only_new: lookup.only_new }));
    }

    pub(super) fn cidr_lookup(&mut self, lookup: &CidrLookupCommand) {
        let Some(table) = self.table(&lookup.table) else {
            return self.define_unknown(
                lookup.outputs.iter().map(|(column, alias)| alias.as_ref().unwrap_or(column)),
            );
        };
        let address = self.field(&lookup.field);
        let default = Name { text: CIDR_COLUMN.into(), span: lookup.table.span };
        let Some(column) = self.column(&table, &lookup.table, lookup.column.as_ref().unwrap_or(&default))
        else {
            return;
        };
        let outputs: Vec<(&Name, &Name)> =
            lookup.outputs.iter().map(|(column, alias)| (column, alias.as_ref().unwrap_or(column))).collect();
        let outputs = self.outputs(&table, &lookup.table, &outputs);
        match table.networks(column) {
            Ok(index) => {
                let index = Arc::new(index);
                self.ops.push(Op::CidrLookup(CidrLookup {
                    table,
                    index,
                    address,
                    outputs,
                    only_new: lookup.only_new,
                }));
            }
            Err(error) => {
                let message = format!("the table `{}`: {error}", lookup.table.text);
                self.report(Diagnostic::error(codes::UNKNOWN_TABLE, lookup.table.span.0, message));
            }
        }
    }

    /// Names that a table would give if it were there, so that nothing is said of their use.
    fn define_unknown<'n>(&mut self, names: impl Iterator<Item = &'n Name>) {
        for name in names {
            let earlier = self.earlier_value(&name.text);
            self.define(&name.text, earlier);
            self.shown.create(&name.text);
        }
    }

    fn table(&mut self, name: &Name) -> Option<Arc<LookupTable>> {
        let table = self.options.tables.get(&name.text).cloned();
        if table.is_none() {
            let known: Vec<String> = self.options.tables.keys().cloned().collect();
            let help = match known.as_slice() {
                [] => format!("give it: `--lookup {}=FILE.csv`", name.text),
                known => format!("known are {}", listed(known)),
            };
            let message = format!("there is no lookup table `{}`", name.text);
            self.report(Diagnostic::error(codes::UNKNOWN_TABLE, name.span.0, message).help(help));
        }
        table
    }

    fn column(&mut self, table: &LookupTable, table_name: &Name, column: &Name) -> Option<usize> {
        let place = table.columns().iter().position(|known| **known == *column.text);
        if place.is_none() {
            let known: Vec<String> = table.columns().iter().map(|name| name.to_string()).collect();
            let message = format!("the table `{}` has no column `{}`", table_name.text, column.text);
            self.report(
                Diagnostic::error(codes::UNKNOWN_TABLE, column.span.0, message)
                    .help(format!("it has {}", listed(&known))),
            );
        }
        place
    }

    /// Columns, what their new names stood for, and where they go.
    fn outputs(
        &mut self,
        table: &LookupTable,
        table_name: &Name,
        names: &[(&Name, &Name)],
    ) -> Vec<(usize, Node, Reg)> {
        let mut outputs = Vec::new();
        for (column, alias) in names {
            let Some(index) = self.column(table, table_name, column) else { continue };
            let earlier = self.earlier_value(&alias.text);
            let to = self.new_reg();
            outputs.push((index, earlier, to));
        }
        for (&(_, _, to), (_, alias)) in outputs.iter().zip(names) {
            self.scope.define(&alias.text, to);
            self.shown.create(&alias.text);
        }
        outputs
    }
}

/// A glob of `parse` as a regex: unanchored, each `*` as short as can be, a last one to the end of the text; `\*` is a
/// star (`spec/logs-insights.md` 6.1).
fn glob_as_regex(glob: &str) -> String {
    let mut regex = String::from("(?s)");
    let mut rest = glob;
    if glob.starts_with('*') {
        regex.push_str(r"\A");
    }
    while let Some(first) = rest.chars().next() {
        if let Some(behind) = rest.strip_prefix(r"\*") {
            regex.push_str(r"\*");
            rest = behind;
            continue;
        }
        rest = rest.get(first.len_utf8()..).unwrap_or_default();
        match first {
            '*' if rest.is_empty() => regex.push_str("(.*)"),
            '*' => regex.push_str("(.*?)"),
            other => regex.push_str(&regex::escape(other.encode_utf8(&mut [0; 4]))),
        }
    }
    regex
}

#[cfg(test)]
mod tests {
    use super::glob_as_regex;

    #[test]
    fn a_glob_is_literal_but_for_its_stars() {
        assert_eq!(glob_as_regex("[*] a.b=*"), r"(?s)\[(.*?)\] a\.b=(.*)");
        assert_eq!(glob_as_regex(r"* \* *,"), r"(?s)\A(.*?) \* (.*?),");
    }
}
