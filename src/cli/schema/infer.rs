//! Reads log events and prints what the schema lacks of them.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::events::{
    InputForm, Outlet, Problem, ReadOptions, Summary, Totals, UnitReader, collect_sources, default_threads,
    plan_units, run_ordered,
};
use crate::json::Slots;
use crate::report::counted;
use crate::schema::{Inference, Schema};

use super::super::progress::Progress;
use super::super::terminal::Terminal;
use super::super::{Failure, Status};

pub(super) fn infer(
    schema: Schema,
    files: &[PathBuf],
    form: InputForm,
    lenient: bool,
    terminal: &Terminal,
) -> Result<Status, Failure> {
    let options = ReadOptions { form, ..ReadOptions::default() };
    let collected = collect_sources(files);
    let units = plan_units(&collected.sources, &options);
    let warn = |problem: &Problem| terminal.warn(problem.kind.code(), &problem.to_string());
    collected.problems.iter().for_each(warn);

    let read = Arc::new(AtomicU64::new(0));
    let progress = Progress::start(terminal, &units, &read);
    let worker = || {
        let mut reader = UnitReader::new(options.clone()).with_progress(&read);
        let mut slots = Slots::new();
        let schema = &schema;
        let units = &units;
        move |index: usize, outlet: &Outlet<'_, (Inference, Summary)>| {
            let Some(unit) = units.get(index) else { return };
            let mut learned = Inference::new(schema.clone());
            let mut unopened = Summary::default();
            let mut summary = reader.read(unit, &mut |batch| {
                for event in batch.events() {
                    match event.open(&mut slots) {
                        Ok(opened) => learned.observe(&opened.message),
                        Err(kind) => {
                            let (source, place) = (unit.source().clone(), Some(batch.place(&event)));
                            unopened.skip_event(Problem { source, place, kind });
                        }
                    }
                }
                if outlet.is_closed() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            summary.events -= unopened.skipped;
            summary.merge(unopened);
            let _ = outlet.send((learned, summary));
        }
    };
    let mut learned = Inference::new(schema.clone());
    let mut totals = Totals::new();
    let flow = run_ordered(units.len(), default_threads(), worker, |index, (part, summary)| {
        if let Some(unit) = units.get(index) {
            totals.begin(unit);
        }
        learned.merge(part);
        totals.finish(summary).iter().for_each(warn);
        ControlFlow::<std::convert::Infallible>::Continue(())
    });
    progress.finish();
    let ControlFlow::Continue(()) = flow.map_err(Failure::Threads)?;

    terminal.stdout().write_all(learned.to_toml().as_bytes())?;
    let lacking = if learned.is_empty() { "; the schema lacks nothing" } else { "" };
    let others = match learned.others() {
        0 => String::new(),
        others => format!(", {} of another kind", counted(others, "event")),
    };
    let records = counted(learned.records(), "record");
    terminal.note(&format!("{records} in {}{others}{lacking}\n", counted(totals.summary().files, "file")));
    let is_clean = totals.summary().is_clean() && collected.problems.is_empty();
    Ok(if is_clean || lenient { Status::Success } else { Status::Failure })
}
