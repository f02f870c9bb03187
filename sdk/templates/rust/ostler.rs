//! ostler/abi.h 0.2, as far as this plugin needs it, and a safe side of it. Services that are not
//! here are tables of functions in that file; add them in the same way.
#![allow(dead_code)]
use std::ffi::c_void;
use std::panic::catch_unwind;
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicPtr, Ordering};

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
pub const LOG_INFO: i32 = 1;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Text {
    data: *const u8,
    size: u64,
}

impl Text {
    pub const fn new(text: &str) -> Text {
        Text { data: text.as_ptr(), size: text.len() as u64 }
    }
    unsafe fn copy(&self) -> String {
        if self.size == 0 {
            return String::new();
        }
        let bytes = std::slice::from_raw_parts(self.data, self.size as usize);
        String::from_utf8_lossy(bytes).into_owned()
    }
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

#[repr(C)]
struct Log {
    struct_size: u32,
    reserved: u32,
    write: unsafe extern "C" fn(*const Host, i32, Text),
    begin_group: unsafe extern "C" fn(*const Host, i32, Text),
}

type AskText = unsafe extern "C" fn(*const Host, Text, *const Sink, *const Sink) -> Status;

#[repr(C)]
struct Config {
    struct_size: u32,
    reserved: u32,
    kind: *const c_void,
    boolean: *const c_void,
    integer: unsafe extern "C" fn(*const Host, Text, *mut i64, *const Sink) -> Status,
    text: AskText,
    json: AskText,
    count: *const c_void,
    key: *const c_void,
}

unsafe extern "C" fn keep(sink: *const Sink, value: Text) {
    *((*sink).context as *mut String) = value.copy();
}

fn sink_into(kept: &mut String) -> Sink {
    let context = kept as *mut String as *mut c_void;
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
pub struct End {
    outcome: i32,
    reason: String,
    message: String,
}

impl End {
    pub fn passed(message: &str) -> End {
        End { outcome: 0, reason: String::new(), message: message.into() }
    }
    /// The step did its work, and the answer is no. `reason` is for programs: [a-z0-9_]*.
    pub fn failed(reason: &str, message: &str) -> End {
        End { outcome: 1, reason: reason.into(), message: message.into() }
    }
}

const NO_CONFIGURATION: &str = "this host gives no configuration";

/// What the host gives.
pub struct Services {
    host: *const Host,
}

impl Services {
    unsafe fn table<T>(&self, id: &str) -> Option<&T> {
        (((*self.host).get_extension)(self.host, Text::new(id)) as *const T).as_ref()
    }

    pub fn log(&self, line: &str) {
        unsafe {
            if let Some(log) = self.table::<Log>("ostler.log/1") {
                (log.write)(self.host, LOG_INFO, Text::new(line));
            }
        }
    }

    fn ask(&self, call: impl Fn(&Config) -> AskText, pointer: &str) -> Result<String, Error> {
        let (mut value, mut why) = (String::new(), String::new());
        unsafe {
            let config = self.table::<Config>("ostler.config/1").ok_or(NO_CONFIGURATION)?;
            let (to, error) = (sink_into(&mut value), sink_into(&mut why));
            let status = call(config)(self.host, Text::new(pointer), &to, &error);
            if status == OK { Ok(value) } else { Err(Error { status, message: why }) }
        }
    }
    /// The text at a JSON pointer of the configuration.
    pub fn text(&self, pointer: &str) -> Result<String, Error> {
        self.ask(|config| config.text, pointer)
    }
    /// Whatever is there, as JSON.
    pub fn json(&self, pointer: &str) -> Result<String, Error> {
        self.ask(|config| config.json, pointer)
    }
    pub fn integer(&self, pointer: &str) -> Result<i64, Error> {
        let (mut value, mut why) = (0, String::new());
        unsafe {
            let config = self.table::<Config>("ostler.config/1").ok_or(NO_CONFIGURATION)?;
            let error = sink_into(&mut why);
            let status = (config.integer)(self.host, Text::new(pointer), &mut value, &error);
            if status == OK { Ok(value) } else { Err(Error { status, message: why }) }
        }
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
    let ended = catch_unwind(|| run(&Services { host: services.host }));
    match ended {
        Ok(Ok(end)) => {
            let told = StepResult {
                struct_size: std::mem::size_of::<StepResult>() as u32,
                outcome: end.outcome,
                exit_status: 0,
                retryable: 0,
                reason: Text::new(&end.reason),
                message: Text::new(&end.message),
                hint: Text { data: null(), size: 0 },
                detail: Text { data: null(), size: 0 },
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
