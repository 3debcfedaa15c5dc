//! A checked stack as a template of CloudFormation or a configuration of Terraform, equal in meaning to what is applied.

mod cloudformation;
mod names;
mod outline;
mod policy;
mod properties;
mod terraform;
mod value;

use crate::stack::CheckedStack;
use outline::Outline;

/// A format that a stack is exported to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExportFormat {
    /// A CloudFormation template in YAML.
    CloudFormation,
    /// The same in JSON.
    CloudFormationJson,
    /// A Terraform configuration, `.tf`.
    Terraform,
    /// The same in JSON, `.tf.json`.
    TerraformJson,
}

/// What an export may take for granted, and what it holds besides the stack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportOptions {
    /// The account that owns the trail; a trail of an organization is the management account's, whoever makes it. Without it,
    /// whoever deploys is taken.
    pub account: Option<String>,
    /// The id of the organization, `o-…`, for a trail of one. Without it, CloudFormation asks for it by a parameter, and
    /// Terraform asks the service.
    pub organization: Option<String>,
    /// Whether the bucket of the trail is made too. A bucket that is made has its policy made too.
    pub bucket: bool,
    /// Whether the policy of the trail's bucket is part of the export. It replaces the policy that is there; without it, the
    /// export shows the statements that are to be merged into that.
    pub bucket_policy: bool,
    /// Whether Terraform's blocks `terraform` and `provider` are left out, for a folder that has its own.
    pub no_providers: bool,
}

/// A stack in another format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// The whole file.
    pub text: String,
    /// What the file does not say, or what is left to whoever deploys it.
    pub notes: Vec<Note>,
}

/// Something to know of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What kind of thing.
    pub kind: NoteKind,
    /// It, as a sentence without capital and full stop.
    pub text: String,
}

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NoteKind {
    /// The format has no way to say it, so it is not in the file.
    Missing,
    /// It is left to whoever deploys.
    ToDo,
}

/// The stack in a format.
///
/// Texts come out equal to the byte: each pattern, query and dashboard is in the export what it is in the stack. Where the tool
/// that deploys it changes a text all the same, as Terraform composes characters, a note tells so.
///
/// ```
/// use trailql::provision::{ExportFormat, ExportOptions, export};
/// use trailql::stack::Stack;
///
/// let source = r#"
///     [logGroup]
///     logGroupName = "trail"
///     [[metricFilters]]
///     filterName = "root logins"
///     filterPattern = '{ $.userIdentity.type = "Root" && $.eventName = "ConsoleLogin" }'
///     metricTransformations = [{ metricNamespace = "trail", metricName = "root-logins", metricValue = "1" }]
/// "#;
/// let stack = Stack::parse(source)?.check(source).ast.unwrap();
/// let export = export(&stack, ExportFormat::CloudFormation, &ExportOptions::default());
/// assert!(export.text.contains("  RootLoginsFilter:\n    Type: AWS::Logs::MetricFilter\n"));
/// assert!(export.text.contains("      LogGroupName: !Ref LogGroup\n"));
/// # Ok::<(), trailql::ParseErrors>(())
/// ```
pub fn export(stack: &CheckedStack, format: ExportFormat, options: &ExportOptions) -> Export {
    let outline = Outline::new(stack, options);
    let (text, notes) = match format {
        ExportFormat::CloudFormation => cloudformation::yaml_text(&outline),
        ExportFormat::CloudFormationJson => cloudformation::json_text(&outline),
        ExportFormat::Terraform => terraform::hcl_text(&outline),
        ExportFormat::TerraformJson => terraform::json_text(&outline),
    };
    Export { text, notes }
}

impl Note {
    fn missing(text: impl Into<String>) -> Self {
        Note { kind: NoteKind::Missing, text: text.into() }
    }

    fn to_do(text: impl Into<String>) -> Self {
        Note { kind: NoteKind::ToDo, text: text.into() }
    }
}
