//! An account to be spoken to over HTTP: moto's server, before it a front that answers what moto does not know, and that fails on
//! demand as networks and services do.
//!
//! moto knows no anomaly detectors and no query definitions (`spec/provisioning.md` 4), and makes a second metric filter of a name
//! where the service replaces the first. Those requests go to the account in memory, which follows AWS's pages; that log groups
//! come and go is told to both.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test tells by failing, and each uses its own part of this"
)]

use std::io::BufReader;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use trailql::provision::{Call, Fault, Operation, Services};

use crate::account::Account;
use crate::moto::http::Message;
use crate::moto::model::Model;
use crate::moto::{Moto, cbor, environment};

/// What goes wrong with a request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Trouble {
    /// The service refuses: status, code, message.
    Refused(u16, &'static str, &'static str),
    /// The connection is cut before the service has seen the request.
    CutBefore,
    /// The connection is cut when the service has done its work.
    CutAfter,
    /// Nobody answers for so long.
    Silent(Duration),
}

/// Which requests it comes to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    /// The operation's name in the model.
    pub(crate) operation: &'static str,
    /// How many of them it comes to.
    pub(crate) times: usize,
    pub(crate) trouble: Trouble,
}

/// A running emulator.
pub(crate) struct Emulator {
    moto: Moto,
    state: Arc<State>,
    front: SocketAddr,
}

struct State {
    behind: SocketAddr,
    /// Behind a lock, for it is moved to the Region of each request.
    account: Mutex<Account>,
    cloudwatch: Model,
    plans: Mutex<Vec<Plan>>,
    seen: Mutex<Vec<String>>,
}

impl Emulator {
    /// On any free port.
    pub(crate) fn start() -> Self {
        Self::start_on(0)
    }

    /// On a port of 127.0.0.1.
    pub(crate) fn start_on(port: u16) -> Self {
        let moto = Moto::start();
        let behind = moto.url().trim_start_matches("http://").parse().unwrap();
        let account = Mutex::new(Account::new());
        let cloudwatch = Model::load(&environment(), "cloudwatch");
        let state =
            Arc::new(State { behind, account, cloudwatch, plans: Mutex::default(), seen: Mutex::default() });
        state.make_organization();
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        let front = listener.local_addr().unwrap();
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for line in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || shared.serve(line));
            }
        });
        Emulator { moto, state, front }
    }

    /// The endpoint for all services.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.front)
    }

    /// Trouble to come.
    pub(crate) fn plan(&self, plan: Plan) {
        self.state.plans.lock().unwrap().push(plan);
    }

    /// No more trouble.
    pub(crate) fn heal(&self) {
        self.state.plans.lock().unwrap().clear();
    }

    /// A call to CloudWatch Logs by another hand.
    pub(crate) fn logs(&self, operation: &str, input: Value) -> Value {
        self.state.ask("logs", "Logs_20140328", operation, input)
    }

    /// The operations that were called since the last time this was asked, in order; of S3 the method and the path.
    pub(crate) fn seen(&self) -> Vec<String> {
        std::mem::take(&mut *self.state.seen.lock().unwrap())
    }
}

impl State {
    fn serve(&self, mut line: TcpStream) -> Option<()> {
        let mut reader = BufReader::new(line.try_clone().ok()?);
        loop {
            let request = Message::read(&mut reader)?;
            let asked = Asked::of(&request);
            self.seen.lock().unwrap().push(asked.operation.clone());
            let answer = match self.trouble(&asked.operation) {
                None => self.answer(&asked, &request)?,
                Some(Trouble::Refused(status, code, message)) => {
                    asked.protocol.refusal(status, code, message)
                }
                Some(Trouble::CutBefore) => return None,
                Some(Trouble::CutAfter) => {
                    self.answer(&asked, &request)?;
                    return None;
                }
                Some(Trouble::Silent(time)) => {
                    thread::sleep(time);
                    return None;
                }
            };
            answer.write(&mut line, request.method() != "HEAD")?;
        }
    }

    fn trouble(&self, operation: &str) -> Option<Trouble> {
        let mut plans = self.plans.lock().unwrap();
        let plan = plans.iter_mut().find(|plan| plan.operation == operation && plan.times > 0)?;
        plan.times -= 1;
        Some(plan.trouble.clone())
    }

    fn answer(&self, asked: &Asked, request: &Message) -> Option<Message> {
        match asked.stand_in() {
            Some(operation) => Some(self.stand_in(operation, asked, request)),
            None => {
                let answer = self.behind(request)?;
                if answer.first.contains(" 200") {
                    self.follow(asked, request);
                }
                Some(answer)
            }
        }
    }

    /// Tells the account in memory of log groups, which metric filters belong to.
    fn follow(&self, asked: &Asked, request: &Message) {
        let groups = [Operation::CreateLogGroup, Operation::DeleteLogGroup];
        if let Some(operation) = groups.into_iter().find(|operation| operation.name() == asked.operation) {
            let input: Value = serde_json::from_slice(&request.body).unwrap();
            let call = Call::new(operation, json!({ "logGroupName": input["logGroupName"] }));
            self.account_of(request, &call).unwrap();
        }
    }

    /// What the account in memory says, in the Region that the request is signed for.
    fn account_of(&self, request: &Message, call: &Call) -> Result<Value, Fault> {
        let credential = request.header("authorization").unwrap_or_default();
        let account = self.account.lock().unwrap();
        account.move_to(credential.split('/').nth(2).unwrap_or("us-east-1"));
        account.call(call)
    }

    /// The account manages an organization that trusts CloudTrail.
    fn make_organization(&self) {
        let organizations = "AWSOrganizationsV20161128";
        self.ask("organizations", organizations, "CreateOrganization", json!({ "FeatureSet": "ALL" }));
        let trusted = json!({ "ServicePrincipal": "cloudtrail.amazonaws.com" });
        self.ask("organizations", organizations, "EnableAWSServiceAccess", trusted);
    }

    /// A call by another hand, to a service that is spoken to in JSON.
    fn ask(&self, service: &str, target: &str, operation: &str, input: Value) -> Value {
        let target = format!("{target}.{operation}");
        let host = format!("{service}.us-east-1.amazonaws.com");
        let credential =
            format!("AWS4-HMAC-SHA256 Credential=hand/20261130/us-east-1/{service}/aws4_request");
        let headers = [
            ("host", host.as_str()),
            ("connection", "close"),
            ("content-type", "application/x-amz-json-1.1"),
            ("x-amz-target", target.as_str()),
            ("authorization", credential.as_str()),
        ];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let body = input.to_string().into_bytes();
        let request = Message { first: "POST / HTTP/1.1".to_owned(), headers, body };
        let answer = self.answer(&Asked::of(&request), &request).unwrap();
        let body = String::from_utf8_lossy(&answer.body);
        assert!(answer.first.contains(" 200"), "{operation}: {body}");
        serde_json::from_str(&body).unwrap_or_default()
    }

    /// One request to what stands behind, on a connection of its own.
    fn behind(&self, request: &Message) -> Option<Message> {
        let mut line = TcpStream::connect(self.behind).ok()?;
        request.write(&mut line, true)?;
        let mut reader = BufReader::new(line);
        match request.method() {
            "HEAD" => Message::read_head(&mut reader),
            _ => Message::read(&mut reader),
        }
    }

    fn stand_in(&self, operation: Operation, asked: &Asked, request: &Message) -> Message {
        let input = match asked.protocol {
            Protocol::Cbor => cbor::read(&request.body, iso),
            _ => serde_json::from_slice(&request.body).unwrap(),
        };
        match (self.account_of(request, &Call::new(operation, input)), asked.protocol) {
            (Ok(answer), Protocol::Cbor) => {
                let output = self.cloudwatch.operation(operation.name())["output"]["shape"].as_str();
                let body = output.map_or(vec![0xa0], |shape| cbor::write(&self.cloudwatch, shape, &answer));
                Message::answer(200, CBOR, body)
            }
            (Ok(answer), _) => Message::answer(200, JSON, answer.to_string()),
            (Err(Fault::Service { code, message, status }), protocol) => {
                protocol.refusal(status.unwrap_or(400), &code, &message)
            }
            (Err(other), _) => panic!("{operation}: {other}"),
        }
    }
}

fn iso(seconds: i64) -> Value {
    json!(jiff::Timestamp::from_second(seconds).unwrap().to_string())
}

const CBOR: &[(&str, &str)] = &[("content-type", "application/cbor"), ("smithy-protocol", "rpc-v2-cbor")];
const JSON: &[(&str, &str)] = &[("content-type", "application/x-amz-json-1.1")];
const XML: &[(&str, &str)] = &[("content-type", "text/xml")];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Protocol {
    Json,
    Cbor,
    Query,
    Rest,
}

impl Protocol {
    fn refusal(self, status: u16, code: &str, message: &str) -> Message {
        match self {
            Protocol::Json => {
                Message::answer(status, JSON, json!({ "__type": code, "message": message }).to_string())
            }
            Protocol::Cbor => Message::answer(status, CBOR, cbor::error(code, message)),
            Protocol::Query => Message::answer(
                status,
                XML,
                format!(
                    "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>1</RequestId></ErrorResponse>"
                ),
            ),
            Protocol::Rest => Message::answer(
                status,
                XML,
                format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>"),
            ),
        }
    }
}

/// What a request asks for.
struct Asked {
    protocol: Protocol,
    operation: String,
}

impl Asked {
    fn of(request: &Message) -> Self {
        if let Some(target) = request.header("x-amz-target") {
            let operation = target.rsplit('.').next().unwrap().to_owned();
            return Asked { protocol: Protocol::Json, operation };
        }
        if let Some((_, operation)) = request.target().split_once("/operation/") {
            return Asked { protocol: Protocol::Cbor, operation: operation.to_owned() };
        }
        let body = String::from_utf8_lossy(&request.body);
        if let Some(operation) = body.split('&').find_map(|part| part.strip_prefix("Action=")) {
            return Asked { protocol: Protocol::Query, operation: operation.to_owned() };
        }
        let operation = format!("{} {}", request.method(), request.target());
        Asked { protocol: Protocol::Rest, operation }
    }

    /// The operation, where the account in memory answers it.
    fn stand_in(&self) -> Option<Operation> {
        use Operation as Op;
        const ANSWERED: &[Operation] = &[
            Op::PutMetricFilter,
            Op::DescribeMetricFilters,
            Op::DeleteMetricFilter,
            Op::TestMetricFilter,
            Op::DescribeQueryDefinitions,
            Op::PutQueryDefinition,
            Op::DeleteQueryDefinition,
            Op::DescribeAnomalyDetectors,
            Op::PutAnomalyDetector,
            Op::DeleteAnomalyDetector,
        ];
        ANSWERED.iter().copied().find(|operation| operation.name() == self.operation)
    }
}
