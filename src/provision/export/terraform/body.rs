//! Blocks of a configuration: arguments and blocks in order, and how references are written.

use super::super::value::{Fact, Reference, Value};
use super::Labels;

/// `resource "type" "name" { … }` and the like.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) kind: String,
    pub(super) labels: Vec<String>,
    pub(super) comment: String,
    pub(super) body: Body,
}

/// What is inside a block.
#[derive(Clone, Debug, Default)]
pub(super) struct Body(pub(super) Vec<Item>);

#[derive(Clone, Debug)]
pub(super) enum Item {
    Argument(String, Argument),
    Block(String, Body),
}

/// What an argument is set to.
#[derive(Clone, Debug)]
pub(super) enum Argument {
    Value(Value),
    /// A document as JSON text.
    Document(Value),
    /// An expression, as it is written.
    Expression(String),
    /// A type, as a variable has it.
    Type(&'static str),
    /// Addresses of resources, as `depends_on` takes them.
    Addresses(Vec<String>),
}

impl Block {
    pub(super) fn new(kind: &str, labels: &[&str], body: Body) -> Self {
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        Block { kind: kind.to_owned(), labels, comment: String::new(), body }
    }

    pub(super) fn resource(kind: &str, name: &str, body: Body) -> Self {
        Block::new("resource", &[kind, name], body)
    }

    pub(super) fn says(self, comment: impl Into<String>) -> Self {
        Block { comment: comment.into(), ..self }
    }
}

impl Body {
    pub(super) fn new() -> Self {
        Body::default()
    }

    pub(super) fn with(self, name: &str, value: impl Into<Value>) -> Self {
        self.with_argument(name, Argument::Value(value.into()))
    }

    pub(super) fn with_some(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// With a list, where there is anything in it.
    pub(super) fn with_list(self, name: &str, values: Vec<Value>) -> Self {
        if values.is_empty() { self } else { self.with(name, Value::List(values)) }
    }

    pub(super) fn with_argument(mut self, name: &str, argument: Argument) -> Self {
        self.0.push(Item::Argument(name.to_owned(), argument));
        self
    }

    pub(super) fn with_some_argument(self, name: &str, argument: Option<Argument>) -> Self {
        match argument {
            Some(argument) => self.with_argument(name, argument),
            None => self,
        }
    }

    pub(super) fn with_block(mut self, name: &str, body: Body) -> Self {
        self.0.push(Item::Block(name.to_owned(), body));
        self
    }

    pub(super) fn with_blocks(self, name: &str, bodies: impl IntoIterator<Item = Body>) -> Self {
        bodies.into_iter().fold(self, |body, inner| body.with_block(name, inner))
    }

    /// With resources that must be there before, where there are any.
    pub(super) fn after(self, addresses: Vec<String>) -> Self {
        if addresses.is_empty() {
            self
        } else {
            self.with_argument("depends_on", Argument::Addresses(addresses))
        }
    }

    pub(super) fn has_block(&self, name: &str) -> bool {
        self.0.iter().any(|item| matches!(item, Item::Block(known, _) if known == name))
    }

    /// Calls `see` with each value in it.
    pub(super) fn values(&self, see: &mut impl FnMut(&Value)) {
        for item in &self.0 {
            match item {
                Item::Argument(_, Argument::Value(value) | Argument::Document(value)) => see(value),
                Item::Argument(..) => {}
                Item::Block(_, body) => body.values(see),
            }
        }
    }
}

impl Labels {
    /// The expression that a reference is.
    pub(super) fn reference(&self, reference: Reference) -> String {
        match reference {
            Reference::LogGroupName if self.has_log_group => {
                format!("aws_cloudwatch_log_group.{}.name", self.log_group)
            }
            Reference::LogGroupName => format!("var.{}", self.log_group_name),
            Reference::LogGroupStreams => {
                format!("\"${{aws_cloudwatch_log_group.{}.arn}}:*\"", self.log_group)
            }
            Reference::RoleArn => format!("aws_iam_role.{}.arn", self.trail),
            Reference::RoleName => format!("aws_iam_role.{}.name", self.trail),
            Reference::BucketName => format!("aws_s3_bucket.{}.bucket", self.bucket),
            Reference::Topic(number) => {
                format!("aws_sns_topic.{}.arn", self.topics.get(number).map_or("", String::as_str))
            }
        }
    }

    /// The expression that a fact is.
    pub(super) fn fact(&self, fact: Fact) -> String {
        match fact {
            Fact::Partition => format!("data.aws_partition.{}.partition", self.data),
            Fact::Account => format!("data.aws_caller_identity.{}.account_id", self.data),
            Fact::Region => format!("data.aws_region.{}.region", self.data),
            Fact::Organization => format!("data.aws_organizations_organization.{}.id", self.data),
            Fact::LogGroupArn => format!("aws_cloudwatch_log_group.{}.arn", self.log_group),
            Fact::BucketArn => format!("aws_s3_bucket.{}.arn", self.bucket),
        }
    }
}
