//! Which fields a query names.

use super::{Command, Expr, ExprKind, Item, LogsQuery};

impl LogsQuery {
    /// The names of the fields that `fields`, `display`, `filter`, `stats`, `sort` and `dedup` name, in order, each once.
    ///
    /// ```
    /// use trailql::LogsQuery;
    ///
    /// let query: LogsQuery = "filter a.b = 1 | display max, c + a.b".parse()?;
    /// assert_eq!(query.mentioned_fields(), ["a.b", "max", "c"]);
    /// # Ok::<(), trailql::ParseErrors>(())
    /// ```
    pub fn mentioned_fields(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let mut note = |name: &str| {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        };
        for stage in &self.stages {
            match &stage.command {
                Command::Fields(items) | Command::Display(items) => of_items(items, &mut note),
                Command::Filter { condition, .. } | Command::Search(condition) => {
                    of_expr(condition, &mut note)
                }
                Command::Stats(stats) => {
                    of_items(&stats.aggregates, &mut note);
                    of_items(&stats.by, &mut note);
                }
                Command::Sort(keys) => keys.iter().for_each(|key| note(&key.field.name)),
                Command::Dedup(fields) => fields.iter().for_each(|field| note(&field.name)),
                _ => {}
            }
        }
        names
    }
}

fn of_items(items: &[Item], note: &mut impl FnMut(&str)) {
    items.iter().for_each(|item| of_expr(&item.expr, note));
}

fn of_expr(expr: &Expr, note: &mut impl FnMut(&str)) {
    for part in expr.and_its_parts() {
        if let ExprKind::Field(field) = &part.kind {
            note(&field.name);
        }
    }
}
