//! Stages that look at the rows around a row: `accum`, `autoregress`, `addtotals`, `filldown`, `fillmissing`,
//! `outlier`, `sessionize`.

use super::expr::value_of;
use super::lower::Lowering;
use super::node::{Node, Reg};
use super::op::{FillMissing, Op};
use crate::Diagnostic;
use crate::syntax::logs::{Count, Field, Literal, Name, NumberText, OutlierAction, Period, codes};
use crate::values::{parse_number, period};

const DEFAULT_TOTAL: &str = "Total";
const DEFAULT_SESSION: &str = "session_id";
const DEFAULT_MAXSPAN_MILLIS: i64 = 30 * 60 * 1000;
const DEFAULT_FENCE: f64 = 2.5;
/// A guard: more copies of a row's past than anybody reads.
const MOST_LAGS: u64 = 1_000;

impl Lowering<'_> {
    pub(super) fn accum(&mut self, field: &Field, alias: Option<&Name>) {
        self.ensure_order();
        let from = self.field(field);
        let to = self.new_reg();
        let name = alias.map_or(&field.name, |alias| &alias.text).clone();
        self.ops.push(Op::Accum { from, to });
        self.scope.define(&name, to);
        self.shown.create(&name);
    }

    pub(super) fn autoregress(
        &mut self,
        field: &Field,
        alias: Option<&Name>,
        from: Option<Count>,
        to: Option<Count>,
    ) {
        self.ensure_order();
        let source = self.field(field);
        let one = Count { value: 1, span: field.span };
        let last = to.or(from).unwrap_or(one);
        // `p=3` is the three rows before; `p=2-3` is two of them.
        let first = if to.is_some() { from.unwrap_or(one) } else { one };
        if last.value > MOST_LAGS {
            // It has been reported.
            return;
        }
        if first.value == 0 || first.value > last.value {
            let message = format!("`p` goes from {} to {}", first.value, last.value);
            self.report(
                Diagnostic::error(codes::BAD_ARGUMENT, first.span.0.to(last.span.0), message)
                    .help("count rows from 1 upwards"),
            );
            return;
        }
        let base = alias.map_or(&field.name, |alias| &alias.text);
        let mut copies = Vec::new();
        for lag in first.value..=last.value {
            let name = match alias {
                Some(alias) if first.value == last.value => alias.text.clone(),
                _ => format!("{base}_p{lag}"),
            };
            let reg = self.new_reg();
            copies.push((reg, usize::try_from(lag).unwrap_or(usize::MAX)));
            self.scope.define(&name, reg);
            self.shown.create(&name);
        }
        self.ops.push(Op::AutoRegress { from: source, to: copies });
    }

    pub(super) fn add_totals(
        &mut self,
        name: Option<&Name>,
        row: Option<bool>,
        col: Option<bool>,
        fields: &[Field],
    ) {
        self.ensure_order();
        let columns: Vec<Reg> = if fields.is_empty() {
            let names = self.shown_columns().into_iter().map(|column| column.name);
            let fields =
                names.map(|name| Field { name, spelled: Default::default(), span: Default::default() });
            fields.collect::<Vec<_>>().iter().map(|field| self.own_column(field)).collect()
        } else {
            fields.iter().map(|field| self.own_column(field)).collect()
        };
        let row = row.unwrap_or(true).then(|| {
            let name = name.map_or(DEFAULT_TOTAL, |name| &name.text);
            let to = self.new_reg();
            self.scope.define(name, to);
            self.shown.create(name);
            to
        });
        self.ops.push(Op::AddTotals { columns, named: !fields.is_empty(), row, col: col.unwrap_or(false) });
    }

    pub(super) fn fill_down(&mut self, names: &[Name]) {
        self.ensure_order();
        let mut known: Vec<String> = self.shown_columns().into_iter().map(|column| column.name).collect();
        known.extend(self.scope.known().map(str::to_owned));
        if self.scope.raw {
            known.extend(self.mentioned.iter().cloned());
        }
        let mut chosen: Vec<(String, Name)> = Vec::new();
        for name in names {
            if name.text.contains('*') {
                let fitting = known.iter().filter(|known| fits(&name.text, known));
                chosen.extend(fitting.map(|known| (known.clone(), name.clone())));
            } else {
                chosen.push((name.text.clone(), name.clone()));
            }
        }
        if names.is_empty() {
            chosen.extend(
                known.into_iter().map(|name| (name, Name { text: String::new(), span: Default::default() })),
            );
        }
        let mut columns = Vec::new();
        let mut done: Vec<String> = Vec::new();
        for (name, at) in chosen {
            if !done.contains(&name) {
                let field = Field { name: name.clone(), spelled: Default::default(), span: at.span };
                let is_guessed = at.text != name && self.scope.get(&name).is_none();
                let column = self.own_column(&field);
                self.guessed.extend(is_guessed.then_some(column));
                columns.push(column);
                done.push(name);
            }
        }
        self.ops.push(Op::FillDown(columns));
    }

    pub(super) fn fill_missing(&mut self, fills: &[(Literal, Field)]) {
        // Without bins before it, it has been reported.
        let Some(bins) = self.scope.bins.clone() else { return };
        let mut values = Vec::new();
        for (literal, field) in fills {
            if let Node::Reg(reg) = self.field(field) {
                values.push((reg, value_of(literal)));
            }
        }
        self.ops.push(Op::FillMissing(Box::new(FillMissing {
            bin: bins.reg,
            keys: bins.other_keys,
            fills: values,
            period: bins.period,
            offset_millis: bins.offset_millis,
        })));
    }

    pub(super) fn outlier(
        &mut self,
        action: Option<OutlierAction>,
        param: Option<&NumberText>,
        use_lower: Option<bool>,
        mark: Option<bool>,
        fields: &[Field],
    ) {
        let fence = match param {
            None => DEFAULT_FENCE,
            Some(text) => match parse_number(&text.text).filter(|value| *value >= 0.0) {
                Some(value) => value,
                None => {
                    let message = format!("`param` is `{}`, and must be a number from 0 on", text.text);
                    self.report(Diagnostic::error(codes::BAD_ARGUMENT, text.span.0, message));
                    return;
                }
            },
        };
        self.ensure_order();
        let columns: Vec<Reg> = fields.iter().map(|field| self.own_column(field)).collect();
        let marks = mark.unwrap_or(false).then(|| {
            let marks: Vec<Reg> = fields.iter().map(|_| self.new_reg()).collect();
            for (field, &reg) in fields.iter().zip(&marks) {
                let name = format!("{}_outlier", field.name);
                self.scope.define(&name, reg);
                self.shown.create(&name);
            }
            marks
        });
        self.ops.push(Op::Outlier {
            columns,
            action: action.unwrap_or(OutlierAction::Transform),
            param: fence,
            use_lower: use_lower.unwrap_or(false),
            marks,
        });
    }

    pub(super) fn sessionize(&mut self, fields: &[Field], maxspan: Option<Period>, alias: Option<&Name>) {
        let keys = fields.iter().map(|field| self.field(field)).collect();
        let maxspan_millis = match maxspan {
            None => DEFAULT_MAXSPAN_MILLIS,
            Some(period) => match period::millis(&period) {
                Some(millis) => millis,
                None => {
                    self.report(
                        Diagnostic::error(codes::BAD_ARGUMENT, period.span.0, "a pause has a fixed length")
                            .help("give it in weeks, days or less"),
                    );
                    return;
                }
            },
        };
        let span = fields.first().map(|field| field.span.0).unwrap_or_default();
        let Node::Reg(time) = self.name("@timestamp", span) else { return };
        let to = self.new_reg();
        let name = alias.map_or(DEFAULT_SESSION, |alias| &alias.text);
        self.ops.push(Op::Sessionize { keys, time, maxspan_millis, to });
        self.scope.define(name, to);
        self.shown.create(name);
    }

    /// A copy of the field under its own name, which the stage may change.
    fn own_column(&mut self, field: &Field) -> Reg {
        let node = self.field(field);
        self.define(&field.name, node)
    }
}

/// Whether a name fits a glob with stars.
fn fits(glob: &str, name: &str) -> bool {
    let mut parts = glob.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn stars_stand_for_anything() {
        assert!(fits("cpu*", "cpu_user") && fits("*", "x") && fits("a*c", "abc") && fits("a*", "a"));
        assert!(!fits("cpu*", "xcpu") && !fits("a*c", "abcd") && !fits("a*b*c", "acb"));
    }
}
