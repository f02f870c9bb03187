//! The services that every run has, with tables of their own in ostler/abi.h.
use super::*;
use std::any::Any;
use std::panic::{resume_unwind, AssertUnwindSafe};
use std::time::{Duration, SystemTime};

/// Severities of log().
pub const DEBUG: i32 = 0;
pub const INFO: i32 = 1;
pub const WARNING: i32 = 2;
pub const ERROR: i32 = 3;

/// Styles of group().
pub const COLLAPSED: i32 = 0;
pub const EXPANDED: i32 = 1;
pub const MUTED: i32 = 2;

#[repr(C)]
struct Log {
    struct_size: u32,
    reserved: u32,
    write: unsafe extern "C" fn(*const Host, i32, Text),
    begin_group: unsafe extern "C" fn(*const Host, i32, Text),
}

#[repr(C)]
struct ProgressReport {
    struct_size: u32,
    done: i32,
    attempt: i32,
    reserved: i32,
    phase: Text,
    message: Text,
}

#[repr(C)]
struct Progress {
    struct_size: u32,
    reserved: u32,
    report: unsafe extern "C" fn(*const Host, *const ProgressReport),
}

#[repr(C)]
struct Cancel {
    struct_size: u32,
    reserved: u32,
    reason: unsafe extern "C" fn(*const Host) -> i32,
    descriptor: unsafe extern "C" fn(*const Host) -> i32,
    deadline_ns: unsafe extern "C" fn(*const Host) -> i64,
    begin_cleanup: unsafe extern "C" fn(*const Host),
}

#[repr(C)]
struct RetryPolicy {
    struct_size: u32,
    most_attempts: i32,
    first_delay_ns: i64,
    most_delay_ns: i64,
}

type Attempt = unsafe extern "C" fn(*mut c_void, i32) -> Status;

#[repr(C)]
struct Clock {
    struct_size: u32,
    reserved: u32,
    now_ns: unsafe extern "C" fn(*const Host) -> i64,
    ticks_ns: unsafe extern "C" fn(*const Host) -> i64,
    sleep: unsafe extern "C" fn(*const Host, i64) -> Status,
    retry: unsafe extern "C" fn(*const Host, *const RetryPolicy, Attempt, *mut c_void) -> Status,
}

type AskText = unsafe extern "C" fn(*const Host, Text, *const Sink, *const Sink) -> Status;
type Ask<T> = unsafe extern "C" fn(*const Host, Text, *mut T, *const Sink) -> Status;

#[repr(C)]
struct Config {
    struct_size: u32,
    reserved: u32,
    type_: Ask<i32>,
    boolean: Ask<i32>,
    integer: Ask<i64>,
    text: AskText,
    json: AskText,
    count: Ask<u64>,
    key: unsafe extern "C" fn(*const Host, Text, u64, *const Sink, *const Sink) -> Status,
}

/// Texts follow, as many as its size has room for: a host may be older than the last of them.
#[repr(C)]
struct JobFacts {
    struct_size: u32,
    attempt: i32,
    texts: [Text; 0],
}

#[repr(C)]
struct Job {
    struct_size: u32,
    reserved: u32,
    facts: unsafe extern "C" fn(*const Host) -> *const JobFacts,
    /// From here on only where struct_size says so.
    outcome: AskText,
}

#[repr(C)]
struct Environment {
    struct_size: u32,
    reserved: u32,
    get: AskText,
    set: unsafe extern "C" fn(*const Host, Text, Text, *const Sink) -> Status,
}

#[repr(C)]
struct Output {
    struct_size: u32,
    reserved: u32,
    set: unsafe extern "C" fn(*const Host, Text, Text, *const Sink) -> Status,
    /// From here on only where struct_size says so.
    get: unsafe extern "C" fn(*const Host, Text, Text, *const Sink, *const Sink) -> Status,
}

fn too_old(call: &str) -> Error {
    Error::new(UNAVAILABLE, &format!("this host is too old for {call}"))
}

/// What the step belongs to; texts are empty where there is no such thing.
#[derive(Clone, Debug)]
pub struct Facts {
    /// From 1.
    pub attempt: i32,
    pub job_id: String,
    pub build_id: String,
    pub build_number: String,
    pub organization: String,
    pub pipeline: String,
    pub step_key: String,
    pub step_label: String,
    pub branch: String,
    pub commit: String,
    pub host_name: String,
    pub agent_name: String,
    /// Directory of the checkout; empty when the plugin may not see it.
    pub workspace: String,
    /// A directory for this run alone, removed after it.
    pub scratch: String,
    /// Directory with the files of the plugin beside its library, to be read only; empty when it has
    /// none.
    pub resources: String,
    /// Stays on this host for later runs in the pipeline; empty unless the manifest asks for it.
    pub host_directory: String,
    /// Which of the step's parallel jobs this is, from "0"; empty when it has no such.
    pub parallel_job: String,
    /// How many they are.
    pub parallel_job_count: String,
}

/// How often retry() tries, and how long it waits: twice as long each time, up to `most_delay`.
pub struct Retries {
    pub most_attempts: i32,
    pub first_delay: Duration,
    pub most_delay: Duration,
}

fn nanoseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}

impl Services {
    pub fn log(&self, line: &str) {
        self.log_at(INFO, line);
    }
    pub fn log_at(&self, severity: i32, line: &str) {
        unsafe {
            if let Ok(log) = self.table::<Log>("ostler.log/1") {
                (log.write)(self.host, severity, Text::new(line));
            }
        }
    }
    /// Begins a group of lines, which lasts until the next.
    pub fn group(&self, style: i32, title: &str) {
        unsafe {
            if let Ok(log) = self.table::<Log>("ostler.log/1") {
                (log.begin_group)(self.host, style, Text::new(title));
            }
        }
    }
    /// How far the step is: `done` goes from 0 to 10000.
    pub fn progress(&self, done: i32, message: &str, phase: &str) {
        let report = ProgressReport {
            struct_size: std::mem::size_of::<ProgressReport>() as u32,
            done,
            attempt: 0,
            reserved: 0,
            phase: Text::new(phase),
            message: Text::new(message),
        };
        unsafe {
            if let Ok(progress) = self.table::<Progress>("ostler.progress/1") {
                (progress.report)(self.host, &report);
            }
        }
    }

    fn cancel(&self) -> Result<&Cancel, Error> {
        unsafe { self.table("ostler.cancel/1") }
    }
    /// Why the job was cancelled, a number of abi.h; 0 while it is not.
    pub fn cancel_reason(&self) -> i32 {
        self.cancel().map_or(0, |cancel| unsafe { (cancel.reason)(self.host) })
    }
    pub fn is_cancelled(&self) -> bool {
        self.cancel_reason() != 0
    }
    /// Readable from the cancel on, for poll(2); -1: there is none.
    pub fn cancel_descriptor(&self) -> i32 {
        self.cancel().map_or(-1, |cancel| unsafe { (cancel.descriptor)(self.host) })
    }
    /// When the process is killed, in ticks(); none while the job is not cancelled.
    pub fn deadline(&self) -> Option<Duration> {
        let ns = self.cancel().map_or(i64::MAX, |c| unsafe { (c.deadline_ns)(self.host) });
        if ns == i64::MAX { None } else { Some(Duration::from_nanos(ns.max(0) as u64)) }
    }
    /// The cancel was seen: calls that block work again, until the deadline.
    pub fn begin_cleanup(&self) {
        if let Ok(cancel) = self.cancel() {
            unsafe { (cancel.begin_cleanup)(self.host) }
        }
    }

    fn clock(&self) -> Result<&Clock, Error> {
        unsafe { self.table("ostler.clock/1") }
    }
    pub fn now(&self) -> Result<SystemTime, Error> {
        let ns = unsafe { (self.clock()?.now_ns)(self.host) };
        Ok(SystemTime::UNIX_EPOCH + Duration::from_nanos(ns.max(0) as u64))
    }
    /// Time that only grows.
    pub fn ticks(&self) -> Result<Duration, Error> {
        let ns = unsafe { (self.clock()?.ticks_ns)(self.host) };
        Ok(Duration::from_nanos(ns.max(0) as u64))
    }
    /// An error of CANCELLED: the job was cancelled first.
    pub fn sleep(&self, duration: Duration) -> Result<(), Error> {
        match unsafe { (self.clock()?.sleep)(self.host, nanoseconds(duration)) } {
            OK => Ok(()),
            status => Err(Error::new(status, "the job was cancelled while the step slept")),
        }
    }
    /// Tries (with numbers from 1) until it is no error of UNAVAILABLE or TIMEOUT. Panics where
    /// `attempt` does, which ends the tries.
    pub fn retry<T>(
        &self,
        retries: &Retries,
        attempt: impl FnMut(i32) -> Result<T, Error>,
    ) -> Result<T, Error> {
        struct State<T, F> {
            attempt: F,
            answer: Option<Result<T, Error>>,
            panic: Option<Box<dyn Any + Send>>,
        }
        /// No panic may go through the host, which is C.
        unsafe extern "C" fn once<T, F: FnMut(i32) -> Result<T, Error>>(
            state: *mut c_void,
            number: i32,
        ) -> Status {
            let state = &mut *(state as *mut State<T, F>);
            let attempt = &mut state.attempt;
            match catch_unwind(AssertUnwindSafe(|| attempt(number))) {
                Ok(answer) => {
                    let status = answer.as_ref().err().map_or(OK, |error| error.status);
                    state.answer = Some(answer);
                    status
                }
                Err(panic) => {
                    state.panic = Some(panic);
                    FAILED
                }
            }
        }
        fn try_of<T, F: FnMut(i32) -> Result<T, Error>>(_: &State<T, F>) -> Attempt {
            once::<T, F>
        }
        let policy = RetryPolicy {
            struct_size: std::mem::size_of::<RetryPolicy>() as u32,
            most_attempts: retries.most_attempts,
            first_delay_ns: nanoseconds(retries.first_delay),
            most_delay_ns: nanoseconds(retries.most_delay),
        };
        let mut state = State { attempt, answer: None, panic: None };
        let call = try_of(&state);
        let clock = self.clock()?;
        let context = &mut state as *mut _ as *mut c_void;
        let status = unsafe { (clock.retry)(self.host, &policy, call, context) };
        if let Some(panic) = state.panic {
            resume_unwind(panic);
        }
        match state.answer {
            Some(Err(error)) if error.status == status => Err(error),
            Some(Ok(value)) if status == OK => Ok(value),
            _ if status == INVALID => Err(Error::new(status, "no such number of attempts, or delay")),
            _ => Err(Error::new(status, "the job was cancelled between two attempts")),
        }
    }

    fn config(&self) -> Result<&Config, Error> {
        unsafe { self.table("ostler.config/1") }
    }
    fn number<T: Default>(&self, ask: Ask<T>, pointer: &str) -> Result<T, Error> {
        let mut value = T::default();
        let to = &mut value;
        asked(|_, error| unsafe { ask(self.host, Text::new(pointer), to, error) })?;
        Ok(value)
    }
    fn words(&self, ask: AskText, pointer: &str) -> Result<String, Error> {
        let words = asked(|to, error| unsafe { ask(self.host, Text::new(pointer), to, error) })?;
        Ok(text_of(&words))
    }
    /// Whether something is at a JSON pointer of the configuration.
    pub fn has(&self, pointer: &str) -> bool {
        self.config().map_or(false, |config| self.number(config.type_, pointer).is_ok())
    }
    /// The text there.
    pub fn text(&self, pointer: &str) -> Result<String, Error> {
        self.words(self.config()?.text, pointer)
    }
    /// Whatever is there, as JSON.
    pub fn json(&self, pointer: &str) -> Result<String, Error> {
        self.words(self.config()?.json, pointer)
    }
    pub fn integer(&self, pointer: &str) -> Result<i64, Error> {
        self.number(self.config()?.integer, pointer)
    }
    pub fn boolean(&self, pointer: &str) -> Result<bool, Error> {
        Ok(self.number(self.config()?.boolean, pointer)? != 0)
    }
    /// How many an array or object has.
    pub fn count_at(&self, pointer: &str) -> Result<u64, Error> {
        self.number(self.config()?.count, pointer)
    }
    /// The name of an object's member; they are sorted.
    pub fn key(&self, pointer: &str, index: u64) -> Result<String, Error> {
        let key = self.config()?.key;
        let at = Text::new(pointer);
        asked(|to, error| unsafe { key(self.host, at, index, to, error) }).map(|it| text_of(&it))
    }

    pub fn facts(&self) -> Result<Facts, Error> {
        unsafe {
            let facts = ((*self.raw::<Job>("ostler.job/1")?).facts)(self.host);
            let (size, head) = ((*facts).struct_size as usize, std::mem::size_of::<JobFacts>());
            let count = size.saturating_sub(head) / std::mem::size_of::<Text>();
            let first = std::ptr::addr_of!((*facts).texts) as *const Text;
            let mut texts = (0..count).map(|at| (*first.add(at)).copy());
            let mut next = || texts.next().unwrap_or_default();
            // In the order of the table.
            Ok(Facts {
                attempt: (*facts).attempt,
                job_id: next(),
                build_id: next(),
                build_number: next(),
                organization: next(),
                pipeline: next(),
                step_key: next(),
                step_label: next(),
                branch: next(),
                commit: next(),
                host_name: next(),
                agent_name: next(),
                workspace: next(),
                scratch: next(),
                resources: next(),
                host_directory: next(),
                parallel_job: next(),
                parallel_job_count: next(),
            })
        }
    }
    /// What has become of another step of the build, by its key or id: "passed", "soft_failed",
    /// "hard_failed" or "errored", else its state, such as "running".
    pub fn outcome(&self, step: &str) -> Result<String, Error> {
        let job = unsafe { self.raw::<Job>("ostler.job/1")? };
        if unsafe { (*job).struct_size as usize } < std::mem::size_of::<Job>() {
            return Err(too_old("ostler.job/1/outcome"));
        }
        self.words(unsafe { (*job).outcome }, step)
    }
    /// Path of a file that the plugin has beside its library, to be read only.
    pub fn resource(&self, name: &str) -> Result<String, Error> {
        match self.facts()?.resources {
            none if none.is_empty() => {
                Err(Error::new(NOT_FOUND, &format!("there is no resource {name}")))
            }
            directory => Ok(format!("{directory}/{name}")),
        }
    }

    /// A directory that stays on this host for later runs of the plugin in this pipeline. The
    /// manifest asks for it: "permissions": {"host_directory": "write"}.
    pub fn host_directory(&self) -> Result<String, Error> {
        match self.facts()?.host_directory {
            none if none.is_empty() => {
                let why = "nothing of this run stays on the host; ask for it in plugin.json: \
                           \"permissions\": {\"host_directory\": \"write\"}";
                Err(Error::new(DENIED, why))
            }
            directory => Ok(directory),
        }
    }

    /// Of the job's environment; None: it is not set.
    pub fn variable(&self, name: &str) -> Result<Option<String>, Error> {
        let get = unsafe { self.table::<Environment>("ostler.environment/1")?.get };
        found(self.words(get, name))
    }
    /// For what follows in the job.
    pub fn set_variable(&self, name: &str, value: &str) -> Result<(), Error> {
        let set = unsafe { self.table::<Environment>("ostler.environment/1")?.set };
        let (name, value) = (Text::new(name), Text::new(value));
        asked(|_, error| unsafe { set(self.host, name, value, error) }).map(drop)
    }
    /// Leaves a value for others, as JSON.
    pub fn output(&self, name: &str, json: &str) -> Result<(), Error> {
        let set = unsafe { (*self.raw::<Output>("ostler.output/1")?).set };
        let (name, json) = (Text::new(name), Text::new(json));
        asked(|_, error| unsafe { set(self.host, name, json, error) }).map(drop)
    }
    /// JSON that a step of the build has left, by its key; "result" is how its plugin ended. None:
    /// it has not, or is not over.
    pub fn output_of(&self, step: &str, name: &str) -> Result<Option<String>, Error> {
        let output = unsafe { self.raw::<Output>("ostler.output/1")? };
        if unsafe { (*output).struct_size as usize } < std::mem::size_of::<Output>() {
            return Err(too_old("ostler.output/1/get"));
        }
        let get = unsafe { (*output).get };
        let (step, name) = (Text::new(step), Text::new(name));
        let json = asked(|to, error| unsafe { get(self.host, step, name, to, error) });
        found(json.map(|json| text_of(&json)))
    }
}
