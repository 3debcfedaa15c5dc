//! The reviewed sources of the event table, read and joined.

use std::collections::{BTreeMap, BTreeSet};

/// An event name of one source.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Event {
    /// Members of `requestParameters`; `None` where no model tells.
    pub(crate) request: Option<BTreeSet<String>>,
    /// Members of `responseElements`.
    pub(crate) response: Option<BTreeSet<String>>,
    pub(crate) kind: EventKind,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum EventKind {
    #[default]
    AwsApiCall,
    AwsServiceEvent,
    AwsConsoleAction,
    AwsConsoleSignIn,
    /// Logged with a date: not under this name, but under that one.
    Suffixed(String),
    LoggedAs(String),
    IamAction(String),
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Source {
    pub(crate) events: BTreeMap<String, Event>,
    /// What any operation may have besides its own members.
    pub(crate) common_request: BTreeSet<String>,
    pub(crate) common_response: BTreeSet<String>,
    /// No model lists its event names.
    pub(crate) open: bool,
}

/// Event sources by their full names.
#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) sources: BTreeMap<String, Source>,
}

impl Model {
    pub(crate) fn read(events: &str, overrides: &str) -> Model {
        let mut model = Model::default();
        let by_service = services(events);
        for (sources, operations) in by_service.values() {
            for source in sources {
                model.source(source).take(operations);
            }
        }
        for (number, line) in overrides.lines().enumerate() {
            if !line.starts_with('#') {
                let row: Vec<&str> = line.split('\t').collect();
                let [kind, source, name, value, note] = row[..] else { panic!("row {}: {line}", number + 1) };
                assert!(!note.is_empty(), "row {} has no provenance", number + 1);
                model.apply(kind, source, name, value, &by_service);
            }
        }
        model
    }

    fn source(&mut self, name: &str) -> &mut Source {
        self.sources.entry(format!("{name}.amazonaws.com").to_lowercase()).or_default()
    }

    fn apply(&mut self, kind: &str, source: &str, name: &str, value: &str, services: &Services) {
        let words = || value.split(' ').map(str::to_owned);
        match kind {
            "source" if value == "-" => self.source(source).open = true,
            "source" => {
                let (_, operations) = &services[value];
                self.source(source).take(operations);
            }
            "event" | "op" => {
                let kind = match value {
                    "AwsApiCall" => EventKind::AwsApiCall,
                    "AwsServiceEvent" => EventKind::AwsServiceEvent,
                    "AwsConsoleAction" => EventKind::AwsConsoleAction,
                    "AwsConsoleSignIn" => EventKind::AwsConsoleSignIn,
                    _ => panic!("eventType {value}"),
                };
                let event = self.source(source).events.entry(name.to_owned()).or_default();
                *event = Event { kind, ..event.clone() };
            }
            "alias" => {
                let source = self.source(source);
                let like = source.events[value].clone();
                let event = source.events.entry(name.to_owned()).or_default();
                event.add(&like);
            }
            "suffixed" => {
                let source = self.source(source);
                let bare = source.events.get_mut(value).unwrap();
                let logged = bare.clone();
                bare.kind = EventKind::Suffixed(name.to_owned());
                source.events.insert(name.to_owned(), logged);
            }
            "logged-as" | "iam-action" => {
                let source = self.source(source);
                assert!(source.events.contains_key(value), "{value}");
                let kind = match kind {
                    "logged-as" => EventKind::LoggedAs(value.to_owned()),
                    _ => EventKind::IamAction(value.to_owned()),
                };
                source.events.insert(name.to_owned(), Event { kind, ..Event::default() });
            }
            "reqkey" | "respkey" => {
                let is_request = kind == "reqkey";
                let full = format!("{source}.amazonaws.com");
                let sources = self.sources.iter_mut().filter(|(one, _)| match source.strip_suffix('*') {
                    Some(start) => one.starts_with(start),
                    None => **one == full,
                });
                for (_, one) in sources {
                    one.add_keys(name, &words().collect(), is_request);
                }
            }
            _ => panic!("kind {kind}"),
        }
    }
}

impl Source {
    fn take(&mut self, operations: &BTreeMap<String, Event>) {
        for (name, event) in operations {
            self.events.entry(name.clone()).or_default().add(event);
        }
    }

    fn add_keys(&mut self, name: &str, keys: &BTreeSet<String>, is_request: bool) {
        if name != "*" {
            let event = self.events.get_mut(name).unwrap_or_else(|| panic!("no event {name}"));
            event.side(is_request).extend(keys.iter().cloned());
            return;
        }
        for key in keys {
            match key.strip_prefix("<Operation>") {
                Some(end) => {
                    for (name, event) in &mut self.events {
                        event.side(is_request).insert(format!("{name}{end}"));
                    }
                }
                None if is_request => {
                    self.common_request.insert(key.clone());
                }
                None => {
                    self.common_response.insert(key.clone());
                }
            }
        }
    }
}

impl Event {
    fn add(&mut self, other: &Event) {
        for (mine, theirs) in [(&mut self.request, &other.request), (&mut self.response, &other.response)] {
            if let Some(theirs) = theirs {
                mine.get_or_insert_default().extend(theirs.iter().cloned());
            }
        }
    }

    fn side(&mut self, is_request: bool) -> &mut BTreeSet<String> {
        let side = if is_request { &mut self.request } else { &mut self.response };
        side.get_or_insert_default()
    }
}

/// By service: its sources and operations.
type Services = BTreeMap<String, (Vec<String>, BTreeMap<String, Event>)>;

fn services(text: &str) -> Services {
    let mut services = Services::new();
    let mut current = String::new();
    for line in text.lines() {
        if let Some(head) = line.strip_prefix('@') {
            let words: Vec<&str> = head.split(' ').collect();
            let [service, _protocol, sources] = words[..] else { panic!("{line}") };
            current = service.to_owned();
            services
                .insert(current.clone(), (sources.split(',').map(str::to_owned).collect(), BTreeMap::new()));
        } else {
            let parts: Vec<&str> = line.split('|').collect();
            let [name, request, response] = parts[..] else { panic!("{line}") };
            let event = Event {
                request: Some(members(request)),
                response: Some(members(response)),
                ..Event::default()
            };
            services.get_mut(&current).unwrap().1.insert(name.to_owned(), event);
        }
    }
    services
}

fn members(list: &str) -> BTreeSet<String> {
    list.split(',').filter(|one| !one.is_empty()).map(str::to_owned).collect()
}
