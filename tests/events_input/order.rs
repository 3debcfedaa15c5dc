//! Many threads, one order: byte ranges of a file join up, results come in the order of the units.

use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use trailql::events::{
    InputForm, Outlet, Problem, ReadOptions, Source, Summary, Totals, UnitReader, collect_sources,
    plan_units, run_ordered,
};

enum Item {
    Event { index: u64, line: Option<u64>, offset: u64, text: String },
    Done(Summary),
}

/// Index, line, offset and text of an event in its file.
type Found = (u64, Option<u64>, u64, String);

/// Every event, the totals and the problems, as read by so many threads.
fn read_all(sources: &[Source], options: &ReadOptions, threads: usize) -> (Vec<Found>, Totals, Vec<Problem>) {
    let units = plan_units(sources, options);
    let (mut totals, mut events, mut problems) = (Totals::new(), Vec::new(), Vec::new());
    let mut begun = None;
    let worker = || {
        let mut reader = UnitReader::new(options.clone());
        let units = &units;
        move |unit: usize, outlet: &Outlet<'_, Item>| {
            let summary = reader.read(&units[unit], &mut |batch| {
                batch.events().try_for_each(|event| {
                    let place = batch.place(&event);
                    outlet.send(Item::Event {
                        index: batch.first_index() + batch.index_of(&event) as u64,
                        line: place.line,
                        offset: place.offset,
                        text: event.raw().to_owned(),
                    })
                })
            });
            let _ = outlet.send(Item::Done(summary));
        }
    };
    let flow = run_ordered(units.len(), threads, worker, |unit, item| {
        if begun != Some(unit) {
            begun = Some(unit);
            totals.begin(&units[unit]);
        }
        match item {
            Item::Event { index, line, offset, text } => events.push((
                totals.events_before() + index,
                line.map(|line| totals.lines_before() + line),
                offset,
                text,
            )),
            Item::Done(summary) => problems.extend(totals.finish(summary)),
        }
        ControlFlow::<()>::Continue(())
    });
    assert!(flow.unwrap().is_continue());
    (events, totals, problems)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn ranges_of_a_file_join_up_to_the_whole(
        lines in prop::collection::vec(prop::sample::select(vec![
            "{\"n\":1}", "{\"n\":22}", "", "\r", "broken", "{\"k\":\"a line that is longer than one of the ranges is\"}", "{",
        ]), 1..60),
        ended in any::<bool>(),
        marked in any::<bool>(),
        range_bytes in 1_u64..80,
        form in prop::sample::select(vec![InputForm::Auto, InputForm::Ndjson, InputForm::Lines]),
    ) {
        let text = format!("{}{}{}", if marked { "\u{feff}" } else { "" }, lines.join("\n"), if ended { "\n" } else { "" });
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), &text).unwrap();
        let sources = [Source::File(file.path().to_owned())];
        let whole = ReadOptions { form, range_bytes: 1 << 30, ..ReadOptions::default() };
        let ranges = ReadOptions { form, range_bytes, ..ReadOptions::default() };
        let (events, totals, problems) = read_all(&sources, &whole, 1);
        let (joined, joined_totals, joined_problems) = read_all(&sources, &ranges, 3);
        prop_assert_eq!(&joined, &events);
        prop_assert_eq!(joined_problems, problems);
        let (one, many) = (totals.summary(), joined_totals.summary());
        prop_assert_eq!(one.more_problems, many.more_problems);
        prop_assert_eq!((one.files, one.events, one.lines, one.skipped), (many.files, many.events, many.lines, many.skipped));
        prop_assert_eq!((one.bytes, many.bytes), (text.len() as u64, text.len() as u64));
    }
}

#[test]
fn files_are_read_in_order_whatever_their_size() {
    let directory = tempfile::tempdir().unwrap();
    let mut expected = Vec::new();
    for file in 0..40 {
        let mut text = String::new();
        for n in 0..(file * 37) % 200 {
            let record = format!("{{\"file\":{file},\"n\":{n}}}");
            writeln!(text, "{record}").unwrap();
            expected.push((n as u64, record));
        }
        let name = format!("{file:02}.ndjson");
        let bytes = if file % 3 == 0 { crate::gzip(text.as_bytes()) } else { text.into_bytes() };
        std::fs::write(directory.path().join(name), bytes).unwrap();
    }
    let sources = collect_sources([directory.path()]).sources;
    for threads in [1, 2, 16] {
        let options = ReadOptions { range_bytes: 500, ..ReadOptions::default() };
        let (events, totals, problems) = read_all(&sources, &options, threads);
        let events: Vec<_> = events.into_iter().map(|(index, _, _, text)| (index, text)).collect();
        assert_eq!(events, expected, "{threads} threads");
        assert_eq!((totals.summary().files, problems.len()), (40, 0));
    }
}

#[test]
fn progress_counts_the_bytes_as_they_are_stored() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let packed = crate::gzip(&b"{\"n\":1}\n".repeat(10_000));
    std::fs::write(file.path(), &packed).unwrap();
    let progress = AtomicU64::new(0);
    let units = plan_units(&[Source::File(file.path().to_owned())], &ReadOptions::default());
    let mut reader = UnitReader::new(ReadOptions::default()).with_progress(&progress);
    let summary = reader.read(&units[0], &mut |_| ControlFlow::Continue(()));
    assert_eq!((summary.events, summary.bytes), (10_000, 80_000));
    assert_eq!(progress.load(Ordering::Relaxed), packed.len() as u64);
}

#[test]
fn later_units_wait_while_an_earlier_one_goes_on() {
    // Unit 0 sends more than any queue holds, and slowly; the others are full long before.
    let ahead = AtomicUsize::new(0);
    let collected = AtomicUsize::new(0);
    let mut seen = Vec::new();
    let flow = run_ordered(
        400,
        4,
        || {
            |unit: usize, outlet: &Outlet<'_, usize>| {
                for n in 0..50 {
                    if unit == 0 {
                        std::thread::sleep(Duration::from_millis(1));
                    }
                    let now = ahead.fetch_add(1, Ordering::SeqCst) + 1;
                    assert!(now - collected.load(Ordering::SeqCst) < 4 * 16 * 10, "results pile up");
                    if outlet.send(n).is_break() {
                        return;
                    }
                }
            }
        },
        |unit, n| {
            collected.fetch_add(1, Ordering::SeqCst);
            seen.push((unit, n));
            ControlFlow::<()>::Continue(())
        },
    );
    assert!(flow.unwrap().is_continue());
    let expected: Vec<_> = (0..400).flat_map(|unit| (0..50).map(move |n| (unit, n))).collect();
    assert_eq!(seen, expected);
}

#[test]
fn breaking_off_stops_the_workers() {
    let started = Instant::now();
    let flow = run_ordered(
        1_000,
        4,
        || {
            |_: usize, outlet: &Outlet<'_, ()>| {
                // Endless, but for the answer.
                while outlet.send(()).is_continue() && !outlet.is_closed() {}
            }
        },
        |unit, ()| ControlFlow::Break(unit),
    );
    assert_eq!(flow.unwrap(), ControlFlow::Break(0));
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_panic_in_a_worker_comes_through_and_nothing_hangs() {
    for bad in [0, 7, 99] {
        let result = std::panic::catch_unwind(|| {
            run_ordered(
                100,
                3,
                || {
                    move |unit: usize, outlet: &Outlet<'_, usize>| {
                        assert!(unit != bad, "unit {bad} is bad");
                        for n in 0..20 {
                            if outlet.send(n).is_break() {
                                return;
                            }
                        }
                    }
                },
                |_, _| ControlFlow::<()>::Continue(()),
            )
        });
        let payload = result.unwrap_err();
        assert_eq!(payload.downcast_ref::<String>().unwrap(), &format!("unit {bad} is bad"));
    }
}

#[test]
fn a_panic_in_the_collector_comes_through_and_nothing_hangs() {
    let result = std::panic::catch_unwind(|| {
        run_ordered(
            100,
            3,
            || |_: usize, outlet: &Outlet<'_, ()>| while outlet.send(()).is_continue() {},
            |_, ()| -> ControlFlow<()> { panic!("collector") },
        )
    });
    assert_eq!(*result.unwrap_err().downcast_ref::<&str>().unwrap(), "collector");
}

#[test]
fn no_units_are_no_work() {
    let flow =
        run_ordered(0, 8, || |_: usize, _: &Outlet<'_, ()>| {}, |_, ()| ControlFlow::<()>::Continue(()));
    assert!(flow.unwrap().is_continue());
}
