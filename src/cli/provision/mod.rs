//! What `plan`, `apply`, `destroy` and `drift` share: the stack, the account, the manifest, and how failures are told.

mod apply;
mod client;
mod destroy;
mod drift;
mod import;
mod plan;
mod verify;

pub(super) use apply::Apply;
pub(super) use destroy::Destroy;
pub(super) use drift::Drift;
pub(super) use plan::Show;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use serde_json::json;

use crate::provision::{self, Action, Event, Manifest, Outcome, Place, Plan, PlanOptions, Services};
use crate::report::plan::{PlanText, outcome, outcome_json, plan, plan_json};
use crate::stack::is_region;

use super::stack::{Loaded, Shown, load};
use super::terminal::{BAD, FAINT, GOOD, Terminal};
use super::whole_file::write_whole;
use super::{Failure, Status};

/// A stack, and where it goes.
#[derive(Debug, clap::Args)]
pub(super) struct Target {
    /// The stack file.
    #[arg(value_name = "STACK")]
    stack: PathBuf,

    /// The Region; by default the stack's, then what the environment and the profile say.
    #[arg(long, value_name = "REGION", value_parser = region)]
    region: Option<String>,

    /// The profile of the AWS configuration; by default `AWS_PROFILE`.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// The file that tells what the stack made; by default the stack's name with `.manifest.json`.
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,

    /// How the result is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What a person allows a plan to do.
#[derive(Debug, clap::Args)]
pub(super) struct Allowed {
    /// Take over what is there already under the stack's names: it is changed to what the stack wants, and stays when the stack is
    /// destroyed.
    #[arg(long)]
    adopt: bool,

    /// Make the trail's bucket where it is missing.
    #[arg(long)]
    create_bucket: bool,

    /// Add the statements to the bucket's policy that it lacks.
    #[arg(long)]
    bucket_policy: bool,
}

/// Whether a plan is carried out.
#[derive(Debug, clap::Args)]
pub(super) struct Consent {
    /// Go on without asking.
    #[arg(short, long)]
    yes: bool,

    /// Print the plan and do nothing.
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
}

/// How a plan is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For a person.
    Text,
    /// One JSON document, for a program.
    Json,
}

/// A stack, checked, and the account that it goes to.
struct Session {
    loaded: Loaded,
    services: Box<dyn Services>,
    place: Place,
    manifest: Manifest,
    manifest_path: PathBuf,
    format: Format,
}

impl Target {
    /// Reads and checks the stack, and finds the account. `None` where the stack is refused; its findings are printed then.
    fn open(&self, terminal: &Terminal) -> Result<Option<Session>, Failure> {
        let Some(loaded) = self.load(terminal)? else { return Ok(None) };
        let region = self.region(&loaded);
        let (services, region) = client::connect(region.as_deref(), self.profile.as_deref())?;
        let place = find(services.as_ref(), &region, is_organization_trail(&loaded))?;
        let manifest_path = self.manifest_path();
        let manifest =
            read_manifest(&manifest_path, loaded.stack.name().unwrap_or(&name_of(&self.stack)), &place)?;
        Ok(Some(Session { loaded, services, place, manifest, manifest_path, format: self.format }))
    }

    /// Reads and checks the stack; all findings are printed.
    fn load(&self, terminal: &Terminal) -> Result<Option<Loaded>, Failure> {
        load(&self.stack, Shown::All, terminal)
    }

    /// The Region that is asked for or written in the stack.
    fn region(&self, loaded: &Loaded) -> Option<String> {
        let written = loaded.stack.definition().region.as_ref().map(|region| region.value.clone());
        self.region.clone().or(written)
    }

    fn manifest_path(&self) -> PathBuf {
        self.manifest.clone().unwrap_or_else(|| self.stack.with_extension("manifest.json"))
    }

    fn options(&self, allowed: &Allowed) -> PlanOptions {
        PlanOptions {
            name: name_of(&self.stack),
            adopt: allowed.adopt,
            create_bucket: allowed.create_bucket,
            bucket_policy: allowed.bucket_policy,
            delete_data: false,
        }
    }
}

fn is_organization_trail(loaded: &Loaded) -> bool {
    let trail = loaded.stack.definition().trail.as_ref();
    trail.and_then(|trail| trail.is_organization_trail.as_ref()).is_some_and(|is_one| is_one.value)
}

/// What a stack is called that does not say so itself: its file, in letters that a tag takes.
fn name_of(path: &Path) -> String {
    let of_a_tag = |letter: char| letter.is_alphanumeric() || "_.-=+@".contains(letter);
    let stem = path.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    let name: String =
        stem.chars().map(|letter| if of_a_tag(letter) { letter } else { '-' }).take(256).collect();
    if name.is_empty() { "stack".to_owned() } else { name }
}

fn read_manifest(path: &Path, stack: &str, place: &Place) -> Result<Manifest, Failure> {
    let failed = |reason: String| Failure::Input { name: path.display().to_string(), reason };
    match std::fs::read_to_string(path) {
        Ok(text) => Manifest::parse(&text).map_err(|error| failed(error.to_string())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Manifest::new(stack, place)),
        Err(error) => Err(failed(error.to_string())),
    }
}

/// The account that the credentials lead to.
fn find(services: &dyn Services, region: &str, with_organization: bool) -> Result<Place, Failure> {
    Place::find(services, region, with_organization, &thread::sleep)
        .map_err(|failure| told(&failure, &nowhere(region)))
}

/// A Region by its name; a host of another name would only be looked for in vain.
fn region(text: &str) -> Result<String, String> {
    let found = is_region(text).then(|| text.to_owned());
    found.ok_or_else(|| format!("`{text}` is no Region; write it as `us-east-1`"))
}

/// A Region of an account that is not known yet.
fn nowhere(region: &str) -> Place {
    Place { account: String::new(), partition: "aws".into(), region: region.to_owned(), organization: None }
}

/// A failed call, as the last word of a command.
fn told(failure: &provision::Failure, place: &Place) -> Failure {
    let advice = failure.advice(place);
    Failure::Usage(format!("{}\n  help: {}", advice.message, advice.help))
}

impl Session {
    /// What is to be done so that the account has what the stack wants.
    fn plan(&self, options: &PlanOptions) -> Result<Plan, Failure> {
        let services = self.services.as_ref();
        Plan::apply(&self.loaded.stack, &self.place, &self.manifest, services, &thread::sleep, options)
            .map_err(|failure| told(&failure, &self.place))
    }

    /// What is to be done so that nothing is left of it.
    fn plan_destruction(&self, options: &PlanOptions) -> Result<Plan, Failure> {
        let services = self.services.as_ref();
        Plan::destroy(&self.loaded.stack, &self.place, &self.manifest, services, &thread::sleep, options)
            .map_err(|failure| told(&failure, &self.place))
    }

    /// Prints a plan and, where nothing stands in its way and a person agrees, carries it out. `samples` are events that the service
    /// tries the patterns on before.
    fn settle(
        &mut self,
        the_plan: &Plan,
        question: &str,
        consent: &Consent,
        samples: &[PathBuf],
        terminal: &Terminal,
    ) -> Result<Status, Failure> {
        let goes_on = the_plan.problems.is_empty() && !the_plan.is_empty() && !consent.dry_run;
        // As JSON the plan comes with what became of it, in one document; who is asked sees it before.
        match self.format {
            Format::Text => self.print(the_plan, terminal)?,
            Format::Json if goes_on && !consent.yes => terminal.note(&plan(the_plan, text_options(terminal))),
            Format::Json => tell_problems(the_plan, terminal),
        }
        let nothing_done =
            |session: &Self, status| session.print_outcome(the_plan, None, terminal).map(|()| status);
        if !the_plan.problems.is_empty() {
            return nothing_done(self, Status::Failure);
        }
        if consent.dry_run {
            return nothing_done(self, Status::Success);
        }
        if goes_on {
            if !samples.is_empty() && !self.verify(samples, terminal)? {
                return nothing_done(self, Status::Failure);
            }
            if !ask(question, consent.yes, terminal)? {
                terminal.note("nothing was done\n");
                return nothing_done(self, Status::Findings);
            }
        }
        self.note(|manifest| manifest.remember(the_plan))?;
        if !goes_on {
            self.note(|manifest| manifest.conclude(the_plan))?;
            return nothing_done(self, Status::Success);
        }
        self.carry_out(the_plan, terminal)
    }

    /// Prints a plan, and what stands in its way.
    fn print(&self, the_plan: &Plan, terminal: &Terminal) -> Result<(), Failure> {
        let text = match self.format {
            Format::Text => plan(the_plan, text_options(terminal)),
            Format::Json => format!("{:#}\n", plan_json(the_plan)),
        };
        terminal.stdout().write_all(text.as_bytes())?;
        tell_problems(the_plan, terminal);
        Ok(())
    }

    /// Changes the manifest, and writes it where something changed.
    fn note(&mut self, change: impl FnOnce(&mut Manifest)) -> Result<(), Failure> {
        let before = self.manifest.clone();
        change(&mut self.manifest);
        if self.manifest == before { Ok(()) } else { write_manifest(&self.manifest_path, &self.manifest) }
    }

    /// Carries a plan out, writes down what is made before it is, and prints what became of it.
    fn carry_out(&mut self, the_plan: &Plan, terminal: &Terminal) -> Result<Status, Failure> {
        // Where nothing can be written down nothing is made.
        write_whole(&self.manifest_path, &self.manifest.print())?;
        let manifest = Mutex::new((self.manifest.clone(), None));
        let paint = terminal.err;
        let show = self.format == Format::Text;
        let tell = |event: Event<'_>| {
            if let Ok(mut known) = manifest.lock() {
                let (known, failed) = &mut *known;
                known.follow(&event);
                // What cannot be written down is said at the end; what is done is done.
                if let Err(failure) = write_manifest(&self.manifest_path, known) {
                    *failed = Some(failure);
                }
            }
            let line = match event {
                Event::Started(_) => return,
                Event::Done(change) => {
                    let word = match change.action {
                        Action::Create | Action::Replace { .. } => "made",
                        Action::Delete => "deleted",
                        Action::Adopt => "adopted",
                        Action::Keep(_) => "retagged",
                        _ => "changed",
                    };
                    format!("{} {}\n", paint.paint(GOOD, format_args!("{word:>8}")), change.resource.id)
                }
                Event::Failed(change, _) => {
                    format!("{} {}\n", paint.paint(BAD, format_args!("{:>8}", "failed")), change.resource.id)
                }
            };
            if show {
                terminal.note(&line);
            }
        };
        let done = the_plan.run(self.services.as_ref(), &thread::sleep, &tell);
        let (known, failed) = manifest.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        self.manifest = known;
        self.print_outcome(the_plan, Some(&done), terminal)?;
        if let Some(failure) = failed {
            return Err(failure);
        }
        if !done.is_complete() {
            return Ok(Status::Failure);
        }
        self.note(|manifest| manifest.conclude(the_plan))?;
        Ok(Status::Success)
    }

    /// Prints what became of a plan; of one that was not carried out, as JSON that nothing did.
    fn print_outcome(
        &self,
        the_plan: &Plan,
        done: Option<&Outcome>,
        terminal: &Terminal,
    ) -> Result<(), Failure> {
        let text = match (self.format, done) {
            (Format::Text, None) => return Ok(()),
            (Format::Text, Some(done)) => outcome(the_plan, done, text_options(terminal)),
            (Format::Json, done) => {
                let done = done.map(|done| outcome_json(the_plan, done));
                format!("{:#}\n", json!({ "plan": plan_json(the_plan), "outcome": done }))
            }
        };
        terminal.stdout().write_all(text.as_bytes())?;
        Ok(())
    }
}

fn text_options(terminal: &Terminal) -> PlanText {
    const WITHOUT_TERMINAL: usize = 120;
    PlanText {
        colour: terminal.out.is_coloured(),
        width: terminal.stdout_width().unwrap_or(WITHOUT_TERMINAL),
    }
}

fn tell_problems(the_plan: &Plan, terminal: &Terminal) {
    for problem in &the_plan.problems {
        terminal.complain(&problem.to_string());
        terminal.note(&format!("  {} {}\n", terminal.err.paint(FAINT, "help:"), problem.help()));
    }
}

/// Writes the manifest; one without resources is taken away.
fn write_manifest(path: &Path, manifest: &Manifest) -> Result<(), Failure> {
    if !manifest.entries.is_empty() {
        return write_whole(path, &manifest.print());
    }
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::Usage(format!("cannot take away `{}`: {error}", path.display())))
        }
        _ => Ok(()),
    }
}

/// Asks a person; `--yes` answers before. Without a terminal there is nobody to ask.
fn ask(question: &str, yes: bool, terminal: &Terminal) -> Result<bool, Failure> {
    if yes {
        return Ok(true);
    }
    if !(std::io::IsTerminal::is_terminal(&std::io::stdin()) && terminal.stderr_is_terminal()) {
        return Err(Failure::Usage(
            "there is no terminal to ask at; `--yes` goes on without asking".to_owned(),
        ));
    }
    terminal.note(&format!("{question} [y/N] "));
    let mut answer = String::new();
    std::io::stdin()
        .read_line(&mut answer)
        .map_err(|error| Failure::Input { name: "<stdin>".to_owned(), reason: error.to_string() })?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
