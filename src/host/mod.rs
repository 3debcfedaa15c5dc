//! Patterns and queries inside other files: where they are, what they say, and which byte of theirs is which of the file.
//!
//! [`HostKind::of`] tells what a file is, [`extract`] what is in it, [`check`] what is to be said of that, and of resources beside
//! one another, at places of the file, and [`format()`] writes the patterns and queries in their canonical spelling and leaves the rest alone.
//!
//! ```
//! use trailql::check::Options;
//! use trailql::host::{self, HostKind};
//!
//! let file = r#"
//! resource "aws_cloudwatch_log_metric_filter" "root" {
//!   pattern = "{ $.userIdentity.type == \"Root\" }"
//! }
//! "#;
//! let kind = HostKind::of("main.tf", file).unwrap();
//! let checked = host::check(kind, file, &Options::default());
//! assert_eq!(checked.diagnostics[0].span().slice(file), "==");
//! let fix = checked.diagnostics[0].fix.as_ref().unwrap();
//! assert!(fix.apply(file).contains(r#""{ $.userIdentity.type = \"Root\" }""#));
//! ```

mod checked;
mod cloudformation;
pub mod codes;
mod dashboard;
mod embedded;
mod fillings;
mod formatted;
mod hcl;
mod json;
mod kind;
mod lowered;
mod markdown;
mod node;
mod resource;
mod span_map;
mod spelling;
mod stack;
mod template;
mod terraform;
mod text;
mod whole;
mod yaml;

pub use checked::{Checked, check};
pub use embedded::{Embedded, Extracted, Hole};
pub use formatted::{Style, format};
pub use kind::HostKind;
pub use span_map::SpanMap;

/// The patterns and queries in a file, and what is to be said of the file itself.
///
/// ```
/// use trailql::check::Language;
/// use trailql::host::{HostKind, extract};
///
/// let file = "stats count(*) by eventName\n";
/// let found = extract(HostKind::Text(Language::LogsInsights), file).embedded;
/// assert_eq!(found[0].text, "stats count(*) by eventName", "the line feed that ends a file is no part of it");
/// ```
pub fn extract(kind: HostKind, text: &str) -> Extracted {
    read(kind, text).0
}

/// The same, and the resources that the file declares.
fn read(kind: HostKind, text: &str) -> (Extracted, Vec<resource::Resource>) {
    let (extracted, resources) = match kind {
        HostKind::Text(language) => (whole::extract(language, text), Vec::new()),
        HostKind::Stack => (stack::extract(text), Vec::new()),
        HostKind::Dashboard => (dashboard::extract(text), Vec::new()),
        HostKind::Markdown => (markdown::extract(text), Vec::new()),
        HostKind::Terraform => terraform::read(text),
        HostKind::TerraformJson => terraform::read_json(text),
        HostKind::CloudFormation => cloudformation::read(text),
    };
    (extracted.sorted(), resources)
}
