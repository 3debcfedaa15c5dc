//! A stack as a CloudFormation template.

mod json;
mod node;
mod yaml;

use super::outline::Outline;
use super::value::{Fact, Members, Value};
use super::{Note, NoteKind, policy, properties};
use node::{Entry, Ids, Node, lowered};

/// The bytes that a template's description takes.
const LONGEST_DESCRIPTION: usize = 1_024;
/// The resources that a template takes.
const MOST_RESOURCES: usize = 500;
/// The bytes of a template that is handed over with the call; a larger one goes by way of a bucket.
const LARGEST_BODY: usize = 51_200;

/// What CloudFormation replaces in any text, however that is spelled.
const DYNAMIC_REFERENCE: &str = "{{resolve:";

/// The template in YAML.
pub(super) fn yaml_text(outline: &Outline<'_>) -> (String, Vec<Note>) {
    let Template { root, notes, head } = Template::of(outline);
    sized(yaml::text(&head, &root), notes)
}

/// The template in JSON, in which what a comment would say is metadata.
pub(super) fn json_text(outline: &Outline<'_>) -> (String, Vec<Note>) {
    let Template { mut root, notes, head } = Template::of(outline);
    let at = root.iter().position(|entry| entry.key == "Parameters" || entry.key == "Resources").unwrap_or(0);
    let lines = head.into_iter().map(Node::Text).collect();
    root.insert(at, Entry::new("Metadata", Node::Map(vec![Entry::new("Notes", Node::List(lines))])));
    sized(json::text(&root), notes)
}

/// With what is to be said of a template of its size.
fn sized(text: String, mut notes: Vec<Note>) -> (String, Vec<Note>) {
    if text.len() > LARGEST_BODY {
        notes.push(Note::to_do(format!(
            "the template has {} bytes, and one of more than {LARGEST_BODY} is deployed from a bucket",
            text.len()
        )));
    }
    (text, notes)
}

struct Template {
    root: Vec<Entry>,
    notes: Vec<Note>,
    /// What stands above everything.
    head: Vec<String>,
}

impl Template {
    fn of(outline: &Outline<'_>) -> Self {
        let mut notes = outline.notes();
        let ids = Ids::of(outline);
        let mut root = vec![Entry::new("AWSTemplateFormatVersion", Node::Text("2010-09-09".into()))];
        let stack = outline.stack;
        if let Some(description) = stack.description.as_ref().or(stack.name.as_ref()) {
            if ids.seem_meant(description) {
                notes.push(Note::missing(
                    "the description has `${…}` with a name that linters take for a variable, and a template's takes none",
                ));
            } else if description.len() <= LONGEST_DESCRIPTION {
                root.push(Entry::new("Description", Node::Text(description.value.clone())));
            } else {
                notes.push(Note::missing(format!(
                    "the description has {} bytes, and a template's takes {LONGEST_DESCRIPTION}",
                    description.len()
                )));
            }
        }
        notes.extend(to_do(outline));
        let resources = resources(outline, &ids);
        if resources.is_empty() || resources.len() > MOST_RESOURCES {
            notes.push(Note::to_do(format!(
                "the template has {} resources, and CloudFormation takes 1 to {MOST_RESOURCES}",
                resources.len()
            )));
        }
        notes.extend(resources.iter().filter(|resource| resource.has_dynamic_reference()).map(|resource| {
            Note::missing(format!(
                "a text of `{}` has `{DYNAMIC_REFERENCE}…}}}}`, in whose place CloudFormation puts what that refers to",
                resource.id
            ))
        }));
        let parameters = parameters(outline, &resources);
        if !parameters.is_empty() {
            root.push(Entry::new("Parameters", Node::Map(parameters)).spaced());
        }
        let resources = resources.iter().map(|resource| resource.entry(&ids)).collect();
        root.push(Entry::new("Resources", Node::Map(resources)).spaced());
        let head = head(outline, &notes);
        Template { root, notes, head }
    }
}

/// What is left to whoever deploys the template.
fn to_do(outline: &Outline<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some(region) = &outline.stack.region {
        notes.push(Note::to_do(format!("the template belongs into the Region `{region}`")));
    }
    if outline.asks_for_log_group() {
        notes.push(Note::to_do(format!(
            "the parameter `{}` says which log group the metric filters watch; `trailql apply` leaves them out, for the stack has no `[logGroup]`",
            node::LOG_GROUP_NAME
        )));
    }
    if outline.delivery().is_some() {
        notes.push(Note::to_do(
            "the template makes a role with a name, so whoever deploys it acknowledges `CAPABILITY_NAMED_IAM`",
        ));
    }
    if let Some(trail) = &outline.stack.trail
        && outline.made_bucket_policy().is_none()
    {
        notes.push(Note::to_do(format!(
            "the policy of the bucket `{}` must hold the statements that are in the metadata of the trail",
            trail.s3_bucket_name
        )));
    }
    notes
}

fn head(outline: &Outline<'_>, notes: &[Note]) -> Vec<String> {
    let made = match &outline.stack.name {
        Some(name) => format!("The stack `{name}`, written by `trailql export`."),
        None => "Written by `trailql export`.".to_owned(),
    };
    let of = |kind| notes.iter().filter(move |note| note.kind == kind);
    let said = of(NoteKind::Missing).chain(of(NoteKind::ToDo));
    std::iter::once(made).chain(said.map(|note| format!("Note: {}.", note.text))).collect()
}

/// One resource.
struct Resource {
    id: String,
    kind: &'static str,
    comment: &'static str,
    depends_on: Vec<String>,
    /// Whether what is in it survives the template.
    holds_data: bool,
    metadata: Option<Members>,
    properties: Members,
}

impl Resource {
    fn new(id: impl Into<String>, kind: &'static str, properties: Members) -> Self {
        Resource {
            id: id.into(),
            kind,
            comment: "",
            depends_on: Vec::new(),
            holds_data: false,
            metadata: None,
            properties,
        }
    }

    fn holds_data(self) -> Self {
        Resource { holds_data: true, ..self }
    }

    fn says(self, comment: &'static str) -> Self {
        Resource { comment, ..self }
    }

    fn after(self, depends_on: Vec<String>) -> Self {
        Resource { depends_on, ..self }
    }

    fn has_dynamic_reference(&self) -> bool {
        let mut has = false;
        self.properties.texts(&mut |text| has |= text.contains(DYNAMIC_REFERENCE));
        has
    }

    fn facts(&self, see: &mut impl FnMut(Fact)) {
        let metadata = self.metadata.iter().flat_map(|members| &members.0);
        metadata.chain(&self.properties.0).for_each(|(_, value)| value.facts(see));
    }

    fn entry(&self, ids: &Ids) -> Entry {
        let mut entries = vec![Entry::new("Type", Node::Text(self.kind.into()))];
        match self.depends_on.as_slice() {
            [] => {}
            [one] => entries.push(Entry::new("DependsOn", Node::Text(one.clone()))),
            all => {
                let all = all.iter().map(|one| Node::Text(one.clone())).collect();
                entries.push(Entry::new("DependsOn", Node::List(all)));
            }
        }
        if self.holds_data {
            // A first deployment that is rolled back leaves nothing, whose name would be taken for the second.
            entries.push(Entry::new("DeletionPolicy", Node::Text("RetainExceptOnCreate".into())));
            entries.push(Entry::new("UpdateReplacePolicy", Node::Text("Retain".into())));
        }
        if let Some(metadata) = &self.metadata {
            entries.push(Entry::new("Metadata", lowered(&Value::Map(metadata.clone()), ids)));
        }
        entries.push(Entry::new("Properties", lowered(&Value::Map(self.properties.clone()), ids)));
        Entry::new(&self.id, Node::Map(entries)).spaced().says(self.comment)
    }
}

fn parameters(outline: &Outline<'_>, resources: &[Resource]) -> Vec<Entry> {
    let mut asks_for_organization = false;
    for resource in resources {
        resource.facts(&mut |fact| asks_for_organization |= fact == Fact::Organization);
    }
    let parameter = |id: &str, description: &str, pattern: &str, refusal: &str| {
        let text = |key: &str, text: &str| Entry::new(key, Node::Text(text.into()));
        let entries = vec![
            text("Type", "String"),
            text("Description", description),
            text("AllowedPattern", pattern),
            text("ConstraintDescription", refusal),
        ];
        Entry::new(id, Node::Map(entries))
    };
    let organization = asks_for_organization.then(|| {
        parameter(
            node::ORGANIZATION,
            "The id of the organization whose accounts the trail records",
            "^o-[a-z0-9]{10,32}$",
            "the id of an organization, such as o-abcdefghij",
        )
    });
    let group = outline.asks_for_log_group().then(|| {
        parameter(
            node::LOG_GROUP_NAME,
            "The log group that the metric filters watch",
            r"^[\.\-_/#A-Za-z0-9]{1,512}$",
            "the name of a log group",
        )
    });
    organization.into_iter().chain(group).collect()
}

/// All resources, in the order in which they come to be.
fn resources(outline: &Outline<'_>, ids: &Ids) -> Vec<Resource> {
    let stack = outline.stack;
    let mut all = Vec::new();
    if let Some(group) = &stack.log_group {
        let properties = properties::log_group(stack, group);
        all.push(
            Resource::new(node::LOG_GROUP, "AWS::Logs::LogGroup", properties)
                .holds_data()
                .says("Its events stay when the template goes."),
        );
    }
    all.extend(trail(outline));
    let filters = ids.filters.iter().zip(&stack.metric_filters);
    all.extend(
        filters.map(|(id, filter)| Resource::new(id, "AWS::Logs::MetricFilter", properties::filter(filter))),
    );
    let detectors = ids.detectors.iter().zip(&stack.anomaly_detectors);
    all.extend(detectors.map(|(id, detector)| {
        Resource::new(id, "AWS::CloudWatch::AnomalyDetector", properties::detector(detector))
    }));
    all.extend(topics(outline, ids));
    let alarms = ids.alarms.iter().zip(&stack.alarms).enumerate();
    all.extend(alarms.map(|(number, (id, alarm))| {
        let learners = outline.learners(number);
        let depends_on = learners.iter().filter_map(|learner| ids.detectors.get(*learner).cloned()).collect();
        Resource::new(id, "AWS::CloudWatch::Alarm", properties::alarm(outline, alarm)).after(depends_on)
    }));
    let queries = ids.queries.iter().zip(&stack.query_definitions);
    all.extend(queries.map(|(id, query)| {
        Resource::new(id, "AWS::Logs::QueryDefinition", properties::query(outline, query))
    }));
    let dashboards = ids.dashboards.iter().zip(&stack.dashboards);
    all.extend(dashboards.map(|(id, dashboard)| {
        Resource::new(id, "AWS::CloudWatch::Dashboard", properties::dashboard(dashboard))
    }));
    all
}

/// The topics, each with its subscriptions. Those are resources of their own, for an update of a topic takes none away.
fn topics(outline: &Outline<'_>, ids: &Ids) -> Vec<Resource> {
    let mut all = Vec::new();
    let mut subscription_ids = ids.subscriptions.iter();
    for (number, (id, topic)) in ids.topics.iter().zip(&outline.stack.topics).enumerate() {
        all.push(Resource::new(id, "AWS::SNS::Topic", properties::topic(outline.stack, topic)));
        all.extend(topic.subscriptions.iter().zip(subscription_ids.by_ref()).map(|(subscription, id)| {
            Resource::new(id, "AWS::SNS::Subscription", properties::subscription(number, subscription))
        }));
    }
    all
}

/// The trail, with its role and its bucket.
fn trail(outline: &Outline<'_>) -> Vec<Resource> {
    let mut all = Vec::new();
    let Some(trail) = &outline.stack.trail else { return all };
    if outline.delivery().is_some() {
        let role = Resource::new(node::ROLE, "AWS::IAM::Role", properties::role(outline, trail));
        all.push(role.says("Lets the trail write into the log group."));
    }
    if outline.made_bucket().is_some() {
        let properties = properties::bucket(trail);
        all.push(
            Resource::new(node::BUCKET, "AWS::S3::Bucket", properties)
                .holds_data()
                .says("Its files stay when the template goes."),
        );
    }
    let properties = properties::trail(outline, trail);
    let resource = Resource::new(node::TRAIL, "AWS::CloudTrail::Trail", properties);
    if outline.made_bucket_policy().is_some() {
        let bucket_policy = properties::bucket_policy(outline, trail);
        let policy = Resource::new(node::BUCKET_POLICY, "AWS::S3::BucketPolicy", bucket_policy);
        all.push(match outline.made_bucket() {
            Some(_) => policy,
            None => policy.says("Replaces the policy that the bucket has."),
        });
        all.push(resource.after(vec![node::BUCKET_POLICY.into()]));
    } else {
        let statements = policy::bucket_statements(outline, trail);
        let metadata = Members::new().with_list("BucketPolicyStatements", statements);
        let resource = resource.says(
            "The bucket is elsewhere. Its policy must hold the statements in the metadata before the trail is made.",
        );
        all.push(Resource { metadata: Some(metadata), ..resource });
    }
    all
}
