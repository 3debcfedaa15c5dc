//! What a name stands for where a stage uses it, and what is said of one that stands for nothing.

use super::input::{Input, InputField};
use super::lower::Lowering;
use super::node::{Node, Reg};
use crate::syntax::logs::{Field, codes};
use crate::{Diagnostic, Span};

impl Lowering<'_> {
    /// The value of a name among rows.
    pub(super) fn name(&mut self, name: &str, span: Span) -> Node {
        if let Some(reg) = self.scope.get(name) {
            return Node::Reg(reg);
        }
        if let Some(node) = self.side_of_join(name) {
            return node;
        }
        if !self.scope.raw {
            if let Some((base, _)) = self.scope.container(name)
                && self.same_stage.contains(&base)
            {
                self.warn_of_same_stage(name, span);
                return Node::Constant(Default::default());
            }
            return match self.scope.resolve_defined(name) {
                Some(node) => node,
                None => self.unknown(name, span),
            };
        }
        let field = self.input(name);
        match self.scope.container(name) {
            None => Node::Reg(field),
            Some((base, _)) if self.same_stage.contains(&base) => {
                self.warn_of_same_stage(name, span);
                Node::Reg(field)
            }
            Some((base, path)) => Node::FieldOrMember { field, base, path },
        }
    }

    fn warn_of_same_stage(&mut self, name: &str, span: Span) {
        let message = format!("`{name}` looks into a map that the same stage makes, and gives nothing");
        self.report(
            Diagnostic::warning(codes::SAME_FIELDS_MEMBER, span, message)
                .help("look into it in a `fields` of its own"),
        );
    }

    /// The register of a field of the events.
    pub(super) fn input(&mut self, name: &str) -> Reg {
        let field = InputField::of(name);
        if let Some(known) = self.inputs.iter().find(|input| input.field == field) {
            return known.reg;
        }
        let reg = self.new_reg();
        self.inputs.push(Input { reg, field });
        reg
    }

    /// What a name stood for before it is defined anew, where that is anything.
    pub(super) fn earlier_value(&mut self, name: &str) -> Node {
        let known = self.scope.raw || self.scope.get(name).is_some();
        if known { self.name(name, self.stage) } else { Node::Constant(Default::default()) }
    }

    fn unknown(&mut self, name: &str, span: Span) -> Node {
        let (what, place) = self.replaced.unwrap_or(("stats", self.stage));
        let known: Vec<String> = self.scope.known().map(str::to_owned).collect();
        let mut diagnostic =
            Diagnostic::error(codes::UNKNOWN_NAME, span, format!("`{name}` does not exist behind `{what}`"))
                .also(place, format!("from here on there is only {}", listed(&known)))
                .help(match nearest(name, &known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("use it before `{what}`, or carry it through"),
                });
        if name == "@timestamp" && what == "stats" {
            diagnostic = diagnostic.help("carry it: `max(@timestamp) as @t`");
        }
        if what == "stats" {
            if let Some(fix) = &self.move_filter {
                diagnostic = diagnostic.fix(fix.clone());
            }
            diagnostic = diagnostic.service_text(format!("Unknown symbols found in or after stats: {name}"));
        }
        self.report(diagnostic);
        Node::Constant(Default::default())
    }

    pub(super) fn unknown_in_group(&mut self, field: &Field, known: Vec<String>) -> Node {
        let name = &field.name;
        let mut diagnostic = Diagnostic::error(
            codes::UNKNOWN_NAME,
            field.span.0,
            format!("`{name}` is neither a group key nor an earlier result of this `stats`"),
        )
        .help(format!("aggregate it, as in `max({name})`, or group by it"));
        if let Some(near) = nearest(name, &known) {
            diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
        }
        self.report(diagnostic);
        Node::Constant(Default::default())
    }
}

/// `a, b and c`, of a long list the beginning.
pub(super) fn listed(names: &[String]) -> String {
    const SHOWN: usize = 8;
    if names.is_empty() {
        return "nothing".to_owned();
    }
    let quoted = names.iter().take(SHOWN).map(|name| format!("`{name}`"));
    let more = names.len().checked_sub(SHOWN).filter(|more| *more > 0);
    let items: Vec<String> = quoted.chain(more.map(|more| format!("{more} more"))).collect();
    crate::listing::listed(&items, "and")
}

/// The known name that is most like this one, if one is like it at all.
pub(super) fn nearest<'n>(name: &str, known: &'n [String]) -> Option<&'n str> {
    let bare = |name: &str| name.trim_start_matches('@').to_lowercase();
    let best = known
        .iter()
        .map(|other| (strsim::osa_distance(&bare(name), &bare(other)), other.as_str()))
        .min_by_key(|&(distance, _)| distance)?;
    (best.0 <= bare(name).chars().count() / 3).then_some(best.1)
}
