//! Units read by many threads, their results collected in order.

use std::collections::VecDeque;
use std::io;
use std::ops::ControlFlow;
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// How many results of one unit wait to be collected before its worker is held up.
const WAITING_RESULTS: usize = 8;
/// How many units a worker may be ahead of the one that is being collected, for each thread.
const UNITS_AHEAD: usize = 16;

/// The number of cores that this process may use; 1 where that is not known.
pub fn default_threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Takes the results of one unit from its worker.
pub struct Outlet<'o, T> {
    results: SyncSender<T>,
    queue: &'o Queue<T>,
}

impl<T> Outlet<'_, T> {
    /// Hands on a result, and waits while many of this unit are waiting to be collected. `Break` says that nobody wants
    /// more, so that the worker can leave off.
    pub fn send(&self, result: T) -> ControlFlow<()> {
        match self.results.send(result) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }

    /// Whether nobody wants more: to be asked now and then by a worker that has nothing to send for long.
    pub fn is_closed(&self) -> bool {
        self.queue.stopped.load(Ordering::Relaxed)
    }
}

/// Works on the units `0..units` in `threads` threads and collects their results in order: all of unit 0, then all of
/// unit 1, and so on. Units are begun in that order too.
///
/// `worker` is called once a thread and gives what that thread calls for each unit, so that it can keep buffers.
/// `collect` runs on the calling thread; once it breaks, the workers are stopped, and its value is given back.
///
/// Memory is bounded: a worker waits when eight results of its unit wait, or when it is sixteen units a thread ahead.
///
/// # Errors
///
/// The operating system's, when not even one thread could be started.
///
/// # Panics
///
/// With what a worker panics with, after all others have stopped.
///
/// ```
/// use std::ops::ControlFlow;
/// use trailql::events::run_ordered;
///
/// let mut collected = Vec::new();
/// let flow = run_ordered(
///     5,
///     3,
///     || |unit: usize, outlet: &trailql::events::Outlet<'_, usize>| {
///         let _ = outlet.send(unit * 10);
///     },
///     |unit, result| {
///         collected.push((unit, result));
///         if unit == 3 { ControlFlow::Break("enough") } else { ControlFlow::Continue(()) }
///     },
/// );
/// assert_eq!(flow.unwrap(), ControlFlow::Break("enough"));
/// assert_eq!(collected, [(0, 0), (1, 10), (2, 20), (3, 30)]);
/// ```
pub fn run_ordered<T: Send, B, W>(
    units: usize,
    threads: usize,
    worker: impl Fn() -> W + Sync,
    mut collect: impl FnMut(usize, T) -> ControlFlow<B>,
) -> io::Result<ControlFlow<B>>
where
    W: FnMut(usize, &Outlet<'_, T>),
{
    let threads = threads.clamp(1, units.max(1));
    let queue = Queue::new(units, threads * UNITS_AHEAD);
    thread::scope(|scope| {
        // Dropped on every way out of this closure, before the workers are waited for.
        let _stop = StopOnDrop(&queue);
        let work = || {
            let _stop = StopOnPanic(&queue);
            let mut work = worker();
            while let Some((unit, results)) = queue.take() {
                work(unit, &Outlet { results, queue: &queue });
            }
        };
        let mut handles = Vec::new();
        for _ in 0..threads {
            match thread::Builder::new().spawn_scoped(scope, work) {
                Ok(handle) => handles.push(handle),
                Err(error) if handles.is_empty() => return Err(error),
                // With fewer threads it only takes longer.
                Err(_) => break,
            }
        }
        let flow = queue.collect(units, &mut collect);
        queue.stop();
        for handle in handles {
            if let Err(payload) = handle.join() {
                panic::resume_unwind(payload);
            }
        }
        Ok(flow)
    })
}

/// Which unit comes next, and the results of those that were begun.
struct Queue<T> {
    units: usize,
    ahead: usize,
    state: Mutex<State<T>>,
    changed: Condvar,
    stopped: AtomicBool,
}

struct State<T> {
    begun: usize,
    collected: usize,
    /// Of the units begun and not collected, in order.
    results: VecDeque<Receiver<T>>,
}

impl<T> Queue<T> {
    fn new(units: usize, ahead: usize) -> Self {
        let state = State { begun: 0, collected: 0, results: VecDeque::new() };
        Queue {
            units,
            ahead,
            state: Mutex::new(state),
            changed: Condvar::new(),
            stopped: AtomicBool::new(false),
        }
    }

    /// The next unit, once it is not too far ahead, and where its results go.
    fn take(&self) -> Option<(usize, SyncSender<T>)> {
        let mut state = self.lock();
        loop {
            let unit = state.begun;
            if unit == self.units || self.stopped.load(Ordering::Relaxed) {
                return None;
            }
            if unit < state.collected + self.ahead {
                let (sender, receiver) = sync_channel(WAITING_RESULTS);
                state.begun += 1;
                state.results.push_back(receiver);
                self.changed.notify_all();
                return Some((unit, sender));
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Runs on the calling thread. The unit collected is always one whose worker is at work on it, so that worker can
    /// only wait for this.
    fn collect<B>(
        &self,
        units: usize,
        collect: &mut impl FnMut(usize, T) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        for unit in 0..units {
            let Some(results) = self.next_results() else { break };
            for result in results {
                collect(unit, result)?;
            }
            self.lock().collected += 1;
            self.changed.notify_all();
        }
        ControlFlow::Continue(())
    }

    /// The results of the next unit in order, once it is begun; `None` once stopped.
    fn next_results(&self) -> Option<Receiver<T>> {
        let mut state = self.lock();
        loop {
            if let Some(results) = state.results.pop_front() {
                return Some(results);
            }
            if self.stopped.load(Ordering::Relaxed) {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn stop(&self) {
        let mut state = self.lock();
        self.stopped.store(true, Ordering::Relaxed);
        // Workers that wait for room are told so that nobody will make any.
        state.results.clear();
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct StopOnDrop<'q, T>(&'q Queue<T>);

impl<T> Drop for StopOnDrop<'_, T> {
    fn drop(&mut self) {
        self.0.stop();
    }
}

struct StopOnPanic<'q, T>(&'q Queue<T>);

impl<T> Drop for StopOnPanic<'_, T> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.stop();
        }
    }
}
