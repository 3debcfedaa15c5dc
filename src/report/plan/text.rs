//! A plan for a person: a line a resource, a line for each member that is made or changed, and a closing line that counts.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use serde_json::Value;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::provision::{Action, Change, Difference, Kind, MADE_TAG, Outcome, Plan, masked};
use crate::report::counted;
use crate::report::printable::{one_line, printable};

const MADE: Style = AnsiColor::Green.on_default();
const CHANGED: Style = AnsiColor::Yellow.on_default();
const GONE: Style = AnsiColor::Red.on_default();
const FAINT: Style = Style::new().dimmed();
const STRONG: Style = Style::new().bold();

/// How a plan is printed.
#[derive(Clone, Copy, Debug)]
pub struct PlanText {
    /// Whether colours are used.
    pub colour: bool,
    /// How many cells a line has; longer values are cut.
    pub width: usize,
}

impl PlanText {
    fn paint(self, style: Style, text: &str) -> String {
        if self.colour { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// The beginning of a text on one line, as many cells as are left behind `used`.
    fn cut(self, text: &str, used: usize) -> String {
        let line = one_line(text);
        let most = self.width.saturating_sub(used).max(20);
        if line.width() <= most {
            return line;
        }
        let mut cells = 0;
        let kept = line.chars().take_while(|character| {
            cells += character.width().unwrap_or(0);
            cells < most
        });
        format!("{}…", kept.collect::<String>())
    }
}

/// A plan as text.
pub fn plan(plan: &Plan, options: PlanText) -> String {
    let mut out = String::new();
    let place = format!("account {} in {}", plan.place.account, plan.place.region);
    let _ = writeln!(out, "{}  {place}\n", options.paint(STRONG, &plan.stack));
    let columns = Columns::of(plan);
    for change in plan.changes.iter().filter(|change| !is_told_with_its_successor(plan, change)) {
        one(change, columns, options, &mut out);
    }
    for text in &plan.left_out {
        let _ = writeln!(out, "  {}", options.paint(FAINT, &format!("left out: {text}")));
    }
    let _ = writeln!(out, "{}{}", if plan.changes.is_empty() { "" } else { "\n" }, closing(plan));
    out
}

/// Whether it goes because another one takes its place, and is told there.
fn is_told_with_its_successor(plan: &Plan, change: &Change) -> bool {
    change.action == Action::Delete
        && plan.changes.iter().any(|other| match &other.action {
            Action::Replace { former, .. } => **former == change.resource.id,
            _ => false,
        })
}

/// How wide the columns of nouns and of names are.
#[derive(Clone, Copy)]
struct Columns {
    noun: usize,
    name: usize,
}

impl Columns {
    fn of(plan: &Plan) -> Self {
        const LONGEST: usize = 64;
        let ids = || plan.changes.iter().map(|change| &change.resource.id);
        Columns {
            noun: ids().map(|id| id.kind.noun().len()).max().unwrap_or_default(),
            name: ids().map(|id| id.name.width()).filter(|width| *width <= LONGEST).max().unwrap_or_default(),
        }
    }
}

fn one(change: &Change, columns: Columns, options: PlanText, out: &mut String) {
    let (sign, style, word) = match &change.action {
        Action::Create => ("+", MADE, None),
        Action::Update(_) if change.adopted => {
            ("~", CHANGED, Some("was there before, and is taken over".into()))
        }
        Action::Update(_) => ("~", CHANGED, None),
        Action::Replace { .. } => ("±", CHANGED, Some("takes the place of one that goes at the end".into())),
        Action::Delete => ("-", GONE, None),
        Action::Adopt => ("~", CHANGED, Some("was there before, and is taken over as it is".into())),
        Action::Unchanged => (" ", FAINT, Some("unchanged".into())),
        Action::Keep(reason) => (" ", FAINT, Some(reason.to_string())),
    };
    let noun = change.resource.id.kind.noun();
    let name = one_line(&change.resource.id.name);
    let head = format!("{sign} {noun:noun_width$}  {name}", noun_width = columns.noun);
    let gap = " ".repeat(columns.name.saturating_sub(name.width()) + 2);
    let word = word.map(|word| format!("{gap}{word}")).unwrap_or_default();
    let _ = writeln!(out, "{}{}", options.paint(style, &head), options.paint(FAINT, &word));
    match &change.action {
        Action::Create => made(&change.resource.wanted, options, out),
        Action::Update(differences) | Action::Replace { differences, .. } => {
            differences.iter().for_each(|one| changed(one, options, out))
        }
        Action::Keep(_) if !change.calls.is_empty() => {
            let _ = writeln!(out, "    {}", options.paint(FAINT, "the tag that tells what the stack made"));
        }
        _ => {}
    }
}

/// The members of what is made, one a line.
fn made(wanted: &Value, options: PlanText, out: &mut String) {
    let members = wanted.as_object().into_iter().flatten().map(|(name, value)| (name, brief(value)));
    let members: Vec<(&String, String)> = members.filter(|(_, text)| !text.is_empty()).collect();
    let width = members.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    for (name, value) in members {
        let _ = writeln!(
            out,
            "    {}  {}",
            options.paint(FAINT, &format!("{name:width$}")),
            options.cut(&value, width + 6)
        );
    }
}

/// A member before and after.
fn changed(difference: &Difference, options: PlanText, out: &mut String) {
    if let Some(told) = of_tags_of_its_own(difference) {
        let _ = writeln!(out, "    {}", options.paint(FAINT, told));
        return;
    }
    let _ = writeln!(out, "    {}", options.paint(FAINT, &difference.path));
    if let Some(before) = &difference.before {
        let _ = writeln!(out, "      {} {}", options.paint(GONE, "-"), options.cut(&shown(before), 8));
    }
    if let Some(after) = &difference.after {
        let _ = writeln!(out, "      {} {}", options.paint(MADE, "+"), options.cut(&shown(after), 8));
    }
}

/// What is told of trailql's own tags, whose digests say nothing to a person.
fn of_tags_of_its_own(difference: &Difference) -> Option<&'static str> {
    let sides = [&difference.before, &difference.after].into_iter().flatten();
    let names: Vec<&str> = match difference.path.strip_prefix("tags.") {
        Some(name) => vec![name],
        None if difference.path == "tags" => {
            sides.filter_map(Value::as_object).flat_map(|tags| tags.keys()).map(String::as_str).collect()
        }
        None => return None,
    };
    if names.iter().all(|name| name.starts_with(MADE_TAG)) {
        return Some("the tag that tells what the stack made");
    }
    let is_its_own = names.iter().all(|name| name.starts_with("trailql:"));
    is_its_own.then_some("the tags that tell whose it is, and what the stack made")
}

fn shown(value: &Value) -> String {
    match brief(value) {
        text if text.is_empty() => value.to_string(),
        text => text,
    }
}

/// A value without quotes, brackets and passwords; the tags of trailql itself, and what holds nothing, are no news.
fn brief(value: &Value) -> String {
    match value {
        Value::String(text) => masked(text),
        Value::Array(items) => items.iter().map(brief).collect::<Vec<_>>().join(", "),
        Value::Object(members) => {
            let told = members.iter().filter(|(name, _)| !name.starts_with("trailql:"));
            let told = told.map(|(name, value)| match value {
                Value::Object(_) | Value::Array(_) => format!("{name} ({})", brief(value)),
                value => format!("{name} {}", brief(value)),
            });
            told.collect::<Vec<_>>().join(" · ")
        }
        Value::Number(number) => match number.as_f64() {
            Some(real) if number.is_f64() => format!("{real}"),
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}

fn closing(plan: &Plan) -> String {
    let told = || plan.changes.iter().filter(|change| !is_told_with_its_successor(plan, change));
    let count = |is: fn(&Action) -> bool| told().filter(|change| is(&change.action)).count();
    let is_kept = |change: &&Change| matches!(change.action, Action::Keep(_));
    let kept = |is_change| told().filter(is_kept).filter(|change| change.is_change() == is_change).count();
    let counts = [
        (count(|action| *action == Action::Create), "to create"),
        (count(|action| matches!(action, Action::Update(_))), "to change"),
        (count(|action| matches!(action, Action::Replace { .. })), "to replace"),
        (count(|action| *action == Action::Adopt), "to take over"),
        (count(|action| *action == Action::Delete), "to delete"),
        (kept(true), "to retag"),
        (count(|action| *action == Action::Unchanged), "unchanged"),
        (kept(false), "kept"),
    ];
    let told: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    match told.as_slice() {
        [] => "nothing to do".to_owned(),
        told if plan.is_empty() => format!("nothing to do: {}", told.join(", ")),
        told => told.join(", "),
    }
}

/// What became of a plan, as text: what was done in one line, what failed with the reason and the way out, what was not tried.
pub fn outcome(plan: &Plan, outcome: &Outcome, options: PlanText) -> String {
    let mut out = String::new();
    for (id, failure) in &outcome.failed {
        let advice = failure.advice(&plan.place);
        let _ = writeln!(out, "{} {id}: {}", options.paint(GONE, "failed"), printable(&advice.message));
        let _ = writeln!(out, "       {} {}", options.paint(FAINT, "help:"), printable(&advice.help));
    }
    if !outcome.not_tried.is_empty() {
        let names: Vec<String> = outcome.not_tried.iter().map(ToString::to_string).collect();
        let _ = writeln!(out, "{}", options.paint(CHANGED, "not tried, for something before them failed"));
        names.iter().for_each(|name| {
            let _ = writeln!(out, "       {name}");
        });
    }
    for (id, remark) in &outcome.remarks {
        let _ = writeln!(out, "{} {id}: {}", options.paint(CHANGED, "remark"), printable(remark));
    }
    let mut told = vec![format!("{} done", outcome.done.len())];
    if !outcome.failed.is_empty() {
        told.push(format!("{} failed", outcome.failed.len()));
    }
    if !outcome.not_tried.is_empty() {
        told.push(format!("{} not tried", outcome.not_tried.len()));
    }
    let _ = writeln!(out, "{}", told.join(", "));
    let waiting = subscriptions_that_wait(plan, outcome);
    if waiting > 0 {
        let _ =
            writeln!(out, "{} to be confirmed by whoever gets the mail", counted(waiting, "subscription"));
    }
    out
}

/// Subscriptions by mail are pending until somebody confirms them.
fn subscriptions_that_wait(plan: &Plan, outcome: &Outcome) -> u64 {
    let topics = plan.changes.iter().filter(|change| {
        change.resource.id.kind == Kind::Topic && outcome.done.contains(&change.resource.id)
    });
    let calls = topics.flat_map(|change| &change.calls);
    let by_mail =
        calls.filter(|call| call.text("Protocol").is_some_and(|protocol| protocol.starts_with("email")));
    u64::try_from(by_mail.count()).unwrap_or(u64::MAX)
}
