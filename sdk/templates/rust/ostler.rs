//! ostler/abi.h 0.2, and a safe side of it: what a plugin is made of, and how a call is made. The
//! services themselves are functions of Services: ostler_host.rs has those of every run,
//! ostler_calls.rs and ostler_programs.rs those that plugin.json must ask for.
#![allow(dead_code)]
use std::ffi::c_void;
use std::panic::catch_unwind;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, Ordering};

#[path = "ostler_calls.rs"]
mod calls;
#[path = "ostler_host.rs"]
mod host;
#[path = "ostler_programs.rs"]
mod programs;
#[allow(unused_imports)]
pub use {calls::*, host::*, programs::*};

/// How a call went; these are all of abi.h.
pub type Status = i32;
pub const OK: Status = 0;
pub const CANCELLED: Status = 1;
pub const TIMEOUT: Status = 2;
pub const NOT_FOUND: Status = 3;
pub const DENIED: Status = 4;
pub const CONFLICT: Status = 5;
pub const UNAVAILABLE: Status = 6;
pub const INVALID: Status = 7;
pub const FAILED: Status = 8;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Text {
    data: *const u8,
    size: u64,
}

impl Text {
    pub const fn new(text: &str) -> Text {
        Text::of(text.as_bytes())
    }
    pub const fn of(bytes: &[u8]) -> Text {
        Text { data: bytes.as_ptr(), size: bytes.len() as u64 }
    }
    unsafe fn bytes(&self) -> &[u8] {
        match self.size {
            0 => &[],
            size => std::slice::from_raw_parts(self.data, size as usize),
        }
    }
    unsafe fn copy(&self) -> String {
        text_of(self.bytes())
    }
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[repr(C)]
pub struct Sink {
    struct_size: u32,
    reserved: u32,
    context: *mut c_void,
    take: Option<unsafe extern "C" fn(*const Sink, Text)>,
}

#[repr(C)]
pub struct Host {
    struct_size: u32,
    abi_major: u16,
    abi_minor: u16,
    host_data: *mut c_void,
    get_extension: unsafe extern "C" fn(*const Host, Text) -> *const c_void,
}

#[repr(C)]
struct StepResult {
    struct_size: u32,
    outcome: i32,
    exit_status: i32,
    retryable: i32,
    reason: Text,
    message: Text,
    hint: Text,
    detail: Text,
}

#[repr(C)]
pub struct ResultSink {
    struct_size: u32,
    reserved: u32,
    host_data: *mut c_void,
    set: unsafe extern "C" fn(*const ResultSink, *const StepResult, *const Sink) -> Status,
}

#[repr(C)]
pub struct Step {
    pub struct_size: u32,
    pub reserved: u32,
    pub plugin_data: *mut c_void,
    pub init: unsafe extern "C" fn(*const Step, *const Host, *const Sink) -> Status,
    pub run: unsafe extern "C" fn(*const Step, *const ResultSink, *const Sink) -> Status,
    pub cancel: Option<unsafe extern "C" fn(*const Step, i32)>,
    pub destroy: unsafe extern "C" fn(*const Step),
}

#[repr(C)]
pub struct Factory {
    pub struct_size: u32,
    pub reserved: u32,
    pub create: unsafe extern "C" fn(*const Factory) -> *const Step,
}

#[repr(C)]
pub struct Descriptor {
    pub struct_size: u32,
    pub reserved: u32,
    pub id: Text,
    pub version: Text,
}

#[repr(C)]
pub struct Entry {
    pub struct_size: u32,
    pub abi_major: u16,
    pub abi_minor: u16,
    pub get_descriptor: unsafe extern "C" fn() -> *const Descriptor,
    pub get_factory: unsafe extern "C" fn(Text) -> *const c_void,
}

// Tables are never written to.
unsafe impl Sync for Step {}
unsafe impl Sync for Factory {}
unsafe impl Sync for Descriptor {}
unsafe impl Sync for Entry {}

unsafe extern "C" fn keep(sink: *const Sink, value: Text) {
    *((*sink).context as *mut Vec<u8>) = value.bytes().to_vec();
}

fn sink_into(kept: &mut Vec<u8>) -> Sink {
    let context = kept as *mut Vec<u8> as *mut c_void;
    Sink { struct_size: std::mem::size_of::<Sink>() as u32, reserved: 0, context, take: Some(keep) }
}

/// Why a call did not work, or the step could not do its work: one of the statuses above, and a line
/// for people. A text alone is FAILED.
#[derive(Clone, Debug)]
pub struct Error {
    pub status: Status,
    pub message: String,
}

impl Error {
    pub fn new(status: Status, message: &str) -> Error {
        Error { status, message: message.into() }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<&str> for Error {
    fn from(message: &str) -> Error {
        Error::new(FAILED, message)
    }
}

impl From<String> for Error {
    fn from(message: String) -> Error {
        Error { status: FAILED, message }
    }
}

/// How the step ended: of the outcomes in abi.h.
#[derive(Default)]
pub struct End {
    pub outcome: i32,
    /// For programs: [a-z0-9_]*.
    pub reason: String,
    pub message: String,
    /// What a person can do about it, one line.
    pub hint: String,
    /// JSON, at most 64 KiB.
    pub detail: String,
    /// 0 to 255; what the job's command ends with.
    pub exit_status: i32,
    /// The same run may succeed later.
    pub retryable: bool,
}

impl End {
    pub fn passed(message: &str) -> End {
        End { message: message.into(), ..End::default() }
    }
    /// The step did its work, and the answer is no.
    pub fn failed(reason: &str, message: &str) -> End {
        End { outcome: 1, reason: reason.into(), message: message.into(), ..End::default() }
    }
    /// The step could not do its work.
    pub fn error(reason: &str, message: &str) -> End {
        End { outcome: 3, reason: reason.into(), message: message.into(), ..End::default() }
    }
    /// There was nothing to do.
    pub fn skipped(message: &str) -> End {
        End { outcome: 2, message: message.into(), ..End::default() }
    }
}

/// The line of plugin.json that asks for the service `id`.
fn permission_line(id: &str) -> String {
    let name = id.strip_prefix("ostler.").unwrap_or(id).split('/').next().unwrap_or(id);
    match name {
        "command" => r#""permissions": {"commands": "workspace"}, or "host""#.into(),
        "secret" => r#""permissions": {"secrets": ["NAME"]}"#.into(),
        "http" => r#""permissions": {"http": ["HOST"]}"#.into(),
        _ => format!(r#""permissions": {{"services": ["{name}"]}}"#),
    }
}

/// Makes a call that gives a value.
fn asked(call: impl FnOnce(*const Sink, *const Sink) -> Status) -> Result<Vec<u8>, Error> {
    let (mut value, mut why) = (Vec::new(), Vec::new());
    let status = {
        let (to, error) = (sink_into(&mut value), sink_into(&mut why));
        call(&to, &error)
    };
    if status == OK { Ok(value) } else { Err(Error { status, message: text_of(&why) }) }
}

/// The table of every service that has none of its own.
#[repr(C)]
struct Service {
    struct_size: u32,
    reserved: u32,
    call: unsafe extern "C" fn(
        *const Host,
        Text,
        *const Text,
        u64,
        *const Sink,
        *const Sink,
    ) -> Status,
}

/// What the host gives; any thread may call it.
pub struct Services {
    host: *const Host,
}

unsafe impl Sync for Services {}

impl Services {
    /// A table, which an older host may have shorter than T.
    unsafe fn raw<T>(&self, id: &str) -> Result<*const T, Error> {
        let table = ((*self.host).get_extension)(self.host, Text::new(id)) as *const T;
        if !table.is_null() {
            return Ok(table);
        }
        let line = permission_line(id);
        let why = format!("this run has no service {id}; ask for it in plugin.json: {line}");
        Err(Error { status: UNAVAILABLE, message: why })
    }
    unsafe fn table<T>(&self, id: &str) -> Result<&T, Error> {
        self.raw(id).map(|table| &*table)
    }

    /// Any method of a service that has no table of its own: "ostler.meta-data/1/get".
    pub fn call_with_bytes(&self, method: &str, arguments: &[&[u8]]) -> Result<Vec<u8>, Error> {
        let id = method.rsplit_once('/').map_or(method, |(id, _)| id);
        let texts: Vec<Text> = arguments.iter().map(|argument| Text::of(argument)).collect();
        unsafe {
            let call = self.table::<Service>(id)?.call;
            let (name, count) = (Text::new(method), texts.len() as u64);
            asked(|value, error| call(self.host, name, texts.as_ptr(), count, value, error))
        }
    }
    /// The same with text alone.
    pub fn call(&self, method: &str, arguments: &[&str]) -> Result<String, Error> {
        let bytes: Vec<&[u8]> = arguments.iter().map(|argument| argument.as_bytes()).collect();
        self.call_with_bytes(method, &bytes).map(|value| text_of(&value))
    }
}

static HOST: AtomicPtr<Host> = AtomicPtr::new(null_mut());

pub unsafe extern "C" fn init(_: *const Step, host: *const Host, _: *const Sink) -> Status {
    HOST.store(host as *mut Host, Ordering::Release);
    OK
}

pub unsafe extern "C" fn destroy(_: *const Step) {}

unsafe fn tell(error: *const Sink, why: &str) {
    if let Some(sink) = error.as_ref() {
        if let Some(take) = sink.take {
            take(sink, Text::new(why));
        }
    }
}

/// Runs the step; a panic ends it as an error.
pub unsafe fn run_step(
    run: fn(&Services) -> Result<End, Error>,
    result: *const ResultSink,
    error: *const Sink,
) -> Status {
    let services = Services { host: HOST.load(Ordering::Acquire) };
    let ended = catch_unwind(|| run(&services));
    match ended {
        Ok(Ok(end)) => {
            let told = StepResult {
                struct_size: std::mem::size_of::<StepResult>() as u32,
                outcome: end.outcome,
                exit_status: end.exit_status,
                retryable: end.retryable as i32,
                reason: Text::new(&end.reason),
                message: Text::new(&end.message),
                hint: Text::new(&end.hint),
                detail: Text::new(&end.detail),
            };
            ((*result).set)(result, &told, error)
        }
        Ok(Err(why)) => {
            tell(error, &why.message);
            // A step that did not work has not worked.
            if why.status == OK { FAILED } else { why.status }
        }
        Err(_) => {
            tell(error, "the plugin panicked");
            FAILED
        }
    }
}

pub unsafe fn is_step_factory(id: Text) -> bool {
    id.copy() == "ostler.step/1"
}

/// Makes the one symbol of the plugin, and the tables behind it.
#[macro_export]
macro_rules! step_plugin {
    ($id:expr, $version:expr, $run:expr) => {
        use std::ffi::c_void;

        unsafe extern "C" fn run_step(
            _: *const ostler::Step,
            result: *const ostler::ResultSink,
            error: *const ostler::Sink,
        ) -> ostler::Status {
            ostler::run_step($run, result, error)
        }
        static STEP: ostler::Step = ostler::Step {
            struct_size: std::mem::size_of::<ostler::Step>() as u32,
            reserved: 0,
            plugin_data: std::ptr::null_mut(),
            init: ostler::init,
            run: run_step,
            cancel: None,
            destroy: ostler::destroy,
        };
        unsafe extern "C" fn create(_: *const ostler::Factory) -> *const ostler::Step {
            &STEP
        }
        static FACTORY: ostler::Factory = ostler::Factory {
            struct_size: std::mem::size_of::<ostler::Factory>() as u32,
            reserved: 0,
            create,
        };
        static DESCRIPTOR: ostler::Descriptor = ostler::Descriptor {
            struct_size: std::mem::size_of::<ostler::Descriptor>() as u32,
            reserved: 0,
            id: ostler::Text::new($id),
            version: ostler::Text::new($version),
        };
        unsafe extern "C" fn get_descriptor() -> *const ostler::Descriptor {
            &DESCRIPTOR
        }
        unsafe extern "C" fn get_factory(id: ostler::Text) -> *const c_void {
            if !ostler::is_step_factory(id) {
                return std::ptr::null();
            }
            &FACTORY as *const ostler::Factory as *const c_void
        }
        #[no_mangle]
        #[allow(non_upper_case_globals)]
        pub static ostler_plugin_entry: ostler::Entry = ostler::Entry {
            struct_size: std::mem::size_of::<ostler::Entry>() as u32,
            abi_major: 0,
            abi_minor: 2,
            get_descriptor,
            get_factory,
        };
    };
}
