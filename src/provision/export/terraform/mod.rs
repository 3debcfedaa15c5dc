//! A stack as a Terraform configuration.

mod alarm;
mod body;
mod hcl;
mod json;
mod resources;
mod text;

use std::collections::BTreeSet;

use unicode_normalization::is_nfc;

use super::names::labels;
use super::outline::Outline;
use super::value::{Fact, Members, Value};
use super::{Note, NoteKind};
use body::{Argument, Block, Body};

/// The configuration in HCL.
pub(super) fn hcl_text(outline: &Outline<'_>) -> (String, Vec<Note>) {
    let configuration = Configuration::of(outline);
    let head = head(outline, &configuration.notes);
    (hcl::text(&head, &configuration.blocks, &configuration.labels), configuration.notes)
}

/// The configuration in JSON.
pub(super) fn json_text(outline: &Outline<'_>) -> (String, Vec<Note>) {
    let configuration = Configuration::of(outline);
    let head = head(outline, &configuration.notes);
    (json::text(&head, &configuration.blocks, &configuration.labels), configuration.notes)
}

/// What resources are called, by their number in the stack, and what is beside them, by the stack's name: configurations of
/// several stacks have room in one folder.
struct Labels {
    data: String,
    log_group_name: String,
    bucket_policy_statements: String,
    log_group: String,
    has_log_group: bool,
    trail: String,
    bucket: String,
    topics: Vec<String>,
    region: Option<String>,
}

struct Configuration {
    blocks: Vec<Block>,
    labels: Labels,
    notes: Vec<Note>,
}

impl Configuration {
    fn of(outline: &Outline<'_>) -> Self {
        let labels = names(outline);
        let mut notes = outline.notes();
        let resources = resources::all(outline, &labels, &mut notes);
        let required = Required::of(&resources);
        notes.extend(composed(&resources));
        notes.extend(to_do(outline, &labels, &required));
        let mut facts = BTreeSet::new();
        for block in &resources {
            block.body.values(&mut |value| {
                value.facts(&mut |fact| {
                    facts.insert(fact);
                });
            });
        }
        let mut blocks = Vec::new();
        if !outline.has_providers_elsewhere() {
            blocks.push(required.block());
            blocks.extend(required.providers(outline));
        }
        blocks.extend(outline.asks_for_log_group().then(|| group_variable(&labels)));
        blocks.extend(facts.iter().filter_map(|fact| data(*fact, &labels)));
        blocks.extend(resources);
        Configuration { blocks, labels, notes }
    }
}

fn names(outline: &Outline<'_>) -> Labels {
    use super::names::Named;
    let one = |kind, name: Option<&str>| {
        name.and_then(|name| labels(&[Named::by_name(kind, name)]).pop()).unwrap_or_default()
    };
    let stack = outline.stack;
    let trail = stack.trail.as_ref();
    let of_stack = one("Stack", stack.name.as_ref().map(|name| name.as_str()));
    let beside = |name: &str| match of_stack.as_str() {
        "" => name.to_owned(),
        of_stack => format!("{of_stack}_{name}"),
    };
    Labels {
        data: if of_stack.is_empty() { "current".to_owned() } else { of_stack.clone() },
        log_group_name: beside("log_group_name"),
        bucket_policy_statements: beside("bucket_policy_statements"),
        log_group: one("Group", stack.log_group.as_ref().map(|group| group.log_group_name.as_str())),
        has_log_group: stack.log_group.is_some(),
        trail: one("Trail", trail.map(|trail| trail.name.as_str())),
        bucket: one("Bucket", trail.map(|trail| trail.s3_bucket_name.as_str())),
        topics: labels(&outline.topics()),
        region: stack.region.as_ref().map(|region| region.value.clone()),
    }
}

fn head(outline: &Outline<'_>, notes: &[Note]) -> Vec<String> {
    let mut head = vec![match &outline.stack.name {
        Some(name) => format!("The stack `{name}`, written by `trailql export`."),
        None => "Written by `trailql export`.".to_owned(),
    }];
    head.extend(outline.stack.description.iter().map(|description| description.value.clone()));
    let of = |kind| notes.iter().filter(move |note| note.kind == kind);
    let said = of(NoteKind::Missing).chain(of(NoteKind::ToDo));
    head.extend(said.map(|note| format!("Note: {}.", note.text)));
    head
}

/// Texts that Terraform changes.
fn composed(resources: &[Block]) -> Vec<Note> {
    let mut notes = Vec::new();
    for block in resources {
        let mut is_composed = true;
        block.body.values(&mut |value| value.texts(&mut |text| is_composed &= is_nfc(text)));
        if !is_composed {
            notes.push(Note::missing(format!(
                "a text of `{}` is not what it is in the stack, for Terraform composes the characters of any text (Unicode NFC)",
                block.labels.join(".")
            )));
        }
    }
    notes
}

fn to_do(outline: &Outline<'_>, labels: &Labels, required: &Required) -> Vec<Note> {
    let mut notes = Vec::new();
    if outline.has_providers_elsewhere() {
        let providers = required.0.iter().map(|(_, source, version)| format!("`{source}` {version}"));
        let providers = providers.collect::<Vec<_>>().join(" and ");
        notes.push(Note::to_do(match &outline.stack.region {
            Some(region) => format!("the folder's own providers are {providers} in the Region `{region}`"),
            None => format!("the folder's own providers are {providers}"),
        }));
    }
    if outline.asks_for_log_group() {
        notes.push(Note::to_do(format!(
            "`var.{}` says which log group the metric filters watch; `trailql apply` leaves them out, for the stack has no `[logGroup]`",
            labels.log_group_name
        )));
    }
    if let Some(trail) = &outline.stack.trail
        && outline.made_bucket_policy().is_none()
    {
        notes.push(Note::to_do(format!(
            "the policy of the bucket `{}` must hold the statements of `local.{}`",
            trail.s3_bucket_name, labels.bucket_policy_statements
        )));
    }
    notes.push(Note::to_do(
        "what is in the account already, such as what `trailql apply` made, needs `import` blocks beside this",
    ));
    notes
}

/// The providers: what they are called, where they come from, and versions that are known to have what is used of them
/// (`tests/terraform_arguments.toml`).
struct Required(Vec<(&'static str, &'static str, &'static str)>);

impl Required {
    fn of(resources: &[Block]) -> Self {
        let is_there = |kind: &str| {
            resources.iter().any(|block| block.labels.first().is_some_and(|one| one.starts_with(kind)))
        };
        let has_block = |name: &str| resources.iter().any(|block| block.body.has_block(name));
        let classic = match (has_block("evaluation_window"), has_block("warm_up_configuration")) {
            (true, _) => "~> 6.69",
            (false, true) => "~> 6.64",
            (false, false) => "~> 6.0",
        };
        let mut all = vec![("aws", "hashicorp/aws", classic)];
        if is_there("awscc_cloudwatch_anomaly_detector") {
            all.push(("awscc", "hashicorp/awscc", "~> 1.105"));
        } else if is_there("awscc_") {
            all.push(("awscc", "hashicorp/awscc", "~> 1.100"));
        }
        Required(all)
    }

    /// `terraform { required_providers { … } }`.
    fn block(&self) -> Block {
        let providers = self.0.iter().fold(Body::new(), |body, (name, source, version)| {
            let provider = Members::new().with("source", *source).with("version", *version);
            body.with(name, Value::Map(provider))
        });
        Block::new("terraform", &[], Body::new().with_block("required_providers", providers))
    }

    /// Where the stack says in which Region it lives, all providers work there.
    fn providers(&self, outline: &Outline<'_>) -> Vec<Block> {
        let Some(region) = &outline.stack.region else { return Vec::new() };
        let provider = |name: &str| Block::new("provider", &[name], Body::new().with("region", region));
        self.0.iter().map(|(name, ..)| provider(name)).collect()
    }
}

fn group_variable(labels: &Labels) -> Block {
    let body = Body::new()
        .with_argument("type", Argument::Type("string"))
        .with("description", "The log group that the metric filters watch");
    Block::new("variable", &[&labels.log_group_name], body)
}

/// What has to be asked for a fact.
fn data(fact: Fact, labels: &Labels) -> Option<Block> {
    let kind = match fact {
        Fact::Partition => "aws_partition",
        Fact::Account => "aws_caller_identity",
        Fact::Organization => "aws_organizations_organization",
        Fact::Region if labels.region.is_none() => "aws_region",
        Fact::Region | Fact::LogGroupArn | Fact::BucketArn => return None,
    };
    Some(Block::new("data", &[kind, &labels.data], Body::new()))
}
