//! Units read by many threads, their results collected in order.

use std::collections::VecDeque;
use std::io;
use std::ops::ControlFlow;
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How many results of one unit wait to be collected before its worker is held up.
const WAITING_RESULTS: usize = 8;
/// How many units may be begun ahead of the one that is being collected, for each thread …
const UNITS_AHEAD: usize = 64;
/// … and how many results of all units may wait when one more is begun, for each thread.
const RESULTS_AHEAD: usize = 64;
/// How often the collector is woken at most while nobody waits for it. To wake it for each of many small files would
/// take longer than to read them.
const WAKE_EVERY: Duration = Duration::from_millis(2);

/// The number of cores that this process may use; 1 where that is not known.
pub fn default_threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Takes the results of one unit from its worker.
pub struct Outlet<'o, T> {
    queue: &'o Queue<T>,
    unit: usize,
}

impl<T> Outlet<'_, T> {
    /// Hands on a result, and waits while many of this unit are waiting to be collected. `Break` says that nobody wants
    /// more, so that the worker can leave off.
    pub fn send(&self, result: T) -> ControlFlow<()> {
        self.queue.push(self.unit, result)
    }

    /// Whether nobody wants more: to be asked now and then by a worker that has nothing to send for long.
    pub fn is_closed(&self) -> bool {
        self.queue.is_stopped()
    }
}

impl<T> Drop for Outlet<'_, T> {
    fn drop(&mut self) {
        self.queue.finish(self.unit);
    }
}

/// Works on the units `0..units` in `threads` threads and collects their results in order: all of unit 0, then all of
/// unit 1, and so on. Units are begun in that order too.
///
/// `worker` is called once a thread and gives what that thread calls for each unit, so that it can keep buffers.
/// `collect` runs on the calling thread; once it breaks, the workers are stopped, and its value is given back.
///
/// Memory is bounded: a worker waits while eight results of its unit wait to be collected, and begins no other unit
/// while 64 results, or 64 units, wait for each thread.
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
    let queue = Queue::new(units, threads);
    thread::scope(|scope| {
        // Dropped on every way out of this closure, before the workers are waited for.
        let _stop = StopOnDrop(&queue);
        let work = || {
            let _stop = StopOnPanic(&queue);
            let mut work = worker();
            while let Some(unit) = queue.take() {
                work(unit, &Outlet { queue: &queue, unit });
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
        let flow = queue.collect(&mut collect);
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
    units_ahead: usize,
    results_ahead: usize,
    state: Mutex<State<T>>,
    /// For the collector: there is something to collect.
    filled: Condvar,
    /// For the workers: there is room.
    emptied: Condvar,
    stopped: AtomicBool,
}

struct State<T> {
    /// The units begun and not collected, in order, the first being the unit `collected`.
    begun: VecDeque<Begun<T>>,
    collected: usize,
    waiting_results: usize,
    waiting_workers: usize,
    woken: Instant,
}

struct Begun<T> {
    results: Vec<T>,
    finished: bool,
}

impl<T> Queue<T> {
    fn new(units: usize, threads: usize) -> Self {
        Queue {
            units,
            units_ahead: threads * UNITS_AHEAD,
            results_ahead: threads * RESULTS_AHEAD,
            state: Mutex::new(State {
                begun: VecDeque::new(),
                collected: 0,
                waiting_results: 0,
                waiting_workers: 0,
                woken: Instant::now(),
            }),
            filled: Condvar::new(),
            emptied: Condvar::new(),
            stopped: AtomicBool::new(false),
        }
    }

    /// The next unit, once not too much is ahead of the collector.
    fn take(&self) -> Option<usize> {
        let mut state = self.lock();
        loop {
            let unit = state.collected + state.begun.len();
            if unit == self.units || self.is_stopped() {
                self.filled.notify_one();
                return None;
            }
            let ahead = state.begun.len();
            if ahead == 0 || (ahead < self.units_ahead && state.waiting_results < self.results_ahead) {
                state.begun.push_back(Begun { results: Vec::new(), finished: false });
                return Some(unit);
            }
            state = self.wait_for_room(state);
        }
    }

    fn push(&self, unit: usize, result: T) -> ControlFlow<()> {
        let mut state = self.lock();
        loop {
            if self.is_stopped() {
                return ControlFlow::Break(());
            }
            let index = unit - state.collected;
            let Some(begun) = state.begun.get_mut(index) else { return ControlFlow::Break(()) };
            if begun.results.len() < WAITING_RESULTS {
                begun.results.push(result);
                state.waiting_results += 1;
                if index == 0 {
                    self.wake_collector(&mut state);
                }
                return ControlFlow::Continue(());
            }
            state = self.wait_for_room(state);
        }
    }

    fn finish(&self, unit: usize) {
        let mut state = self.lock();
        let index = unit - state.collected;
        if let Some(begun) = state.begun.get_mut(index) {
            begun.finished = true;
        }
        if index == 0 {
            self.wake_collector(&mut state);
        }
    }

    fn wake_collector(&self, state: &mut State<T>) {
        if state.woken.elapsed() >= WAKE_EVERY {
            state.woken = Instant::now();
            self.filled.notify_one();
        }
    }

    fn wait_for_room<'q>(&self, mut state: MutexGuard<'q, State<T>>) -> MutexGuard<'q, State<T>> {
        self.filled.notify_one();
        state.waiting_workers += 1;
        state = self.emptied.wait(state).unwrap_or_else(PoisonError::into_inner);
        state.waiting_workers -= 1;
        state
    }

    /// Runs on the calling thread. The unit collected is always one whose worker is at work on it, and held up by nothing
    /// but this.
    fn collect<B>(&self, collect: &mut impl FnMut(usize, T) -> ControlFlow<B>) -> ControlFlow<B> {
        while let Some((unit, results)) = self.next_results() {
            for result in results {
                collect(unit, result)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Some results of the unit next in order, once there are any; `None` at the end, and once stopped.
    fn next_results(&self) -> Option<(usize, Vec<T>)> {
        let mut state = self.lock();
        loop {
            if state.collected == self.units || self.is_stopped() {
                return None;
            }
            let unit = state.collected;
            let (results, finished) = match state.begun.front_mut() {
                Some(begun) => (std::mem::take(&mut begun.results), begun.finished),
                None => (Vec::new(), false),
            };
            if finished {
                state.begun.pop_front();
                state.collected += 1;
            }
            state.waiting_results -= results.len();
            if state.waiting_workers > 0 && (finished || !results.is_empty()) {
                self.emptied.notify_all();
            }
            if !results.is_empty() {
                return Some((unit, results));
            }
            if !finished {
                // Whoever fills the queue may leave it to this clock.
                state = self.filled.wait_timeout(state, WAKE_EVERY).unwrap_or_else(PoisonError::into_inner).0;
            }
        }
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    fn stop(&self) {
        let _state = self.lock();
        self.stopped.store(true, Ordering::Relaxed);
        self.filled.notify_one();
        self.emptied.notify_all();
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
