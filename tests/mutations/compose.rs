//! Patterns in the style of those that people publish for alarms on CloudTrail.

use trailql::schema::Schema;

use super::random::Random;

const SERVICES: &[&str] = &[
    "cloudtrail",
    "config",
    "dynamodb",
    "ec2",
    "eks",
    "guardduty",
    "iam",
    "kms",
    "organizations",
    "rds",
    "s3",
    "secretsmanager",
    "securityhub",
    "sns",
    "sqs",
    "lambda",
];

/// Changes to what auditors look after, as benchmarks list them.
const VERBS: &[&str] =
    &["Attach", "Authorize", "Create", "Delete", "Detach", "Disable", "Modify", "Put", "Stop", "Update"];

/// One pattern in the handwriting of one author.
pub fn pattern(schema: &Schema, random: &mut Random) -> String {
    let hand = Hand { quotes: random.below(3) > 0, blanks: random.is_so(), parentheses: random.below(4) > 0 };
    let body = match random.below(9) {
        0 => changes(schema, &hand, random),
        1 | 2 => changes_of_a_service(schema, &hand, random),
        3 => denied(&hand, random),
        4 => sign_in(&hand, random),
        5 => root(&hand, random),
        6 => writes(&hand, random),
        7 => role(schema, &hand, random),
        _ => request(&hand, random),
    };
    if hand.blanks { format!("{{ {body} }}") } else { format!("{{{body}}}") }
}

struct Hand {
    quotes: bool,
    blanks: bool,
    parentheses: bool,
}

impl Hand {
    fn is(&self, path: &str, operator: &str, value: &str) -> String {
        let quotes = self.quotes || !value.chars().all(|c| c.is_ascii_alphanumeric() || "._*-".contains(c));
        let value = if quotes { format!("\"{value}\"") } else { value.to_owned() };
        let blank = if self.blanks { " " } else { "" };
        self.clause(format!("$.{path}{blank}{operator}{blank}{value}"))
    }

    fn clause(&self, condition: String) -> String {
        if self.parentheses { format!("({condition})") } else { condition }
    }

    fn joined(&self, operator: &str, clauses: &[String]) -> String {
        let blank = if self.blanks || !self.parentheses { " " } else { "" };
        clauses.join(&format!("{blank}{operator}{blank}"))
    }

    fn any(&self, clauses: &[String]) -> String {
        let joined = self.joined("||", clauses);
        if clauses.len() > 1 { format!("({joined})") } else { joined }
    }
}

fn names(schema: &Schema, service: &str, random: &mut Random) -> Vec<String> {
    let source = schema.event_source(&format!("{service}.amazonaws.com")).unwrap();
    let is_change = |name: &String| VERBS.iter().any(|verb| name.starts_with(verb));
    let names: Vec<String> = source.event_names().filter(is_change).collect();
    let mut chosen: Vec<String> = Vec::new();
    for _ in 0..2 + random.below(5) {
        let name = random.of(&names);
        if !chosen.contains(name) {
            chosen.push(name.clone());
        }
    }
    chosen
}

fn events(hand: &Hand, names: &[String]) -> Vec<String> {
    names.iter().map(|name| hand.is("eventName", "=", name)).collect()
}

fn changes(schema: &Schema, hand: &Hand, random: &mut Random) -> String {
    let names = names(schema, random.word(SERVICES), random);
    hand.joined("||", &events(hand, &names))
}

fn changes_of_a_service(schema: &Schema, hand: &Hand, random: &mut Random) -> String {
    let service = random.word(SERVICES);
    let names = names(schema, service, random);
    let source = hand.is("eventSource", "=", &format!("{service}.amazonaws.com"));
    hand.joined("&&", &[source, hand.any(&events(hand, &names))])
}

fn denied(hand: &Hand, random: &mut Random) -> String {
    let codes = hand.any(&[
        hand.is("errorCode", "=", "*UnauthorizedOperation"),
        hand.is("errorCode", "=", random.word(&["AccessDenied*", "AccessDenied", "*AccessDenied*"])),
    ]);
    let beside = match random.below(3) {
        0 => hand.is("sourceIPAddress", "!=", "delivery.logs.amazonaws.com"),
        1 => hand.is("userIdentity.userName", "=", random.word(&["deploy", "terraform", "ci-runner"])),
        _ => hand.is("userIdentity.type", "=", random.word(&["AssumedRole", "IAMUser"])),
    };
    hand.joined("&&", &[codes, beside])
}

fn sign_in(hand: &Hand, random: &mut Random) -> String {
    let login = hand.is("eventName", "=", "ConsoleLogin");
    let mut clauses = vec![login];
    match random.below(3) {
        0 => clauses.push(hand.is("additionalEventData.MFAUsed", "=", "No")),
        1 => {
            clauses.push(hand.is("responseElements.ConsoleLogin", "=", random.word(&["Success", "Failure"])))
        }
        _ => clauses.push(hand.is("errorMessage", "=", "Failed authentication")),
    }
    clauses.push(hand.is("userIdentity.type", "=", random.word(&["IAMUser", "Root"])));
    hand.joined("&&", &clauses)
}

fn root(hand: &Hand, random: &mut Random) -> String {
    let mut clauses = vec![
        hand.is("userIdentity.type", "=", "Root"),
        hand.clause("$.userIdentity.invokedBy NOT EXISTS".to_owned()),
        hand.is("eventType", "!=", "AwsServiceEvent"),
    ];
    if random.is_so() {
        clauses.push(hand.is(
            "awsRegion",
            "=",
            random.word(&["us-east-1", "eu-central-1", "ap-southeast-2"]),
        ));
    }
    hand.joined("&&", &clauses)
}

fn writes(hand: &Hand, random: &mut Random) -> String {
    let mut clauses =
        vec![hand.clause(format!("$.{} IS FALSE", random.word(&["readOnly", "managementEvent"])))];
    clauses.push(hand.is("userIdentity.sessionContext.sessionIssuer.userName", "=", "AWSReservedSSO_*"));
    clauses.push(hand.is("eventName", "!=", random.word(&["ConsoleLogin", "AssumeRole", "SendCommand"])));
    if random.is_so() {
        clauses.push(hand.is("recipientAccountId", "=", random.word(&["111122223333", "444455556666"])));
    }
    hand.joined("&&", &clauses)
}

fn role(schema: &Schema, hand: &Hand, random: &mut Random) -> String {
    let service = random.word(SERVICES);
    let names = names(schema, service, random);
    let clauses = [
        hand.is("eventSource", "=", &format!("{service}.amazonaws.com")),
        hand.is(
            "userIdentity.arn",
            "=",
            random.word(&["*:assumed-role/Admin/*", "arn:aws:iam::111122223333:user/*"]),
        ),
        hand.any(&events(hand, &names)),
    ];
    hand.joined("&&", &clauses)
}

/// A call and a member of its request.
const REQUESTS: &[(&str, &str, &str, &str)] = &[
    ("ec2", "RunInstances", "instanceType", "*.16xlarge"),
    ("ec2", "ModifyInstanceAttribute", "instanceId", "i-*"),
    ("iam", "AttachUserPolicy", "policyArn", "*:policy/AdministratorAccess"),
    ("iam", "CreateAccessKey", "userName", "root*"),
    ("kms", "ScheduleKeyDeletion", "keyId", "*"),
    ("s3", "GetObject", "key", "secrets/*"),
    ("s3", "PutBucketPolicy", "bucketName", "prod-*"),
    ("secretsmanager", "GetSecretValue", "secretId", "prod/*"),
    ("sts", "AssumeRole", "roleArn", "*:role/Admin"),
];

fn request(hand: &Hand, random: &mut Random) -> String {
    let (service, event, member, value) = *random.of(REQUESTS);
    let clauses = [
        hand.is("eventSource", "=", &format!("{service}.amazonaws.com")),
        hand.is("eventName", "=", event),
        hand.is(&format!("requestParameters.{member}"), "=", value),
    ];
    hand.joined("&&", &clauses)
}
