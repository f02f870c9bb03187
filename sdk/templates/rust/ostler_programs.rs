//! Programs outside the box: those of the step, and those that go on after the job. plugin.json
//! must ask for them; ostler/command.h and ostler/service.h have the contracts.
use super::*;
use std::time::Duration;

/// A program outside the box.
#[derive(Default)]
pub struct Command<'a> {
    /// The program first.
    pub arguments: &'a [&'a str],
    pub input: &'a [u8],
    /// The plugin gets its output; otherwise it goes to the log. So with `read_errors`, of
    /// start_command() alone.
    pub read_output: bool,
    pub read_errors: bool,
    /// RunningCommand::write() gives what it reads; of start_command() alone.
    pub open_input: bool,
    /// Zero: none.
    pub time_limit: Duration,
    /// Under the profile workspace, whatever is permitted.
    pub confined: bool,
}

/// How it ended.
#[derive(Debug)]
pub struct CommandEnd {
    /// -1 when a signal ended it
    pub exit_status: i32,
    /// 0: none
    pub signal: i32,
    pub is_truncated: bool,
    pub is_late: bool,
    pub output: Vec<u8>,
}

impl CommandEnd {
    fn of(answer: &[u8]) -> CommandEnd {
        let end = answer.iter().position(|&byte| byte == b'\n');
        let (first, output) = answer.split_at(end.map_or(answer.len(), |at| at + 1));
        let line = text_of(first);
        let mut numbers = line.split_whitespace().map(|word| word.parse().unwrap_or(0));
        let mut next = || numbers.next().unwrap_or(0);
        CommandEnd {
            exit_status: next(),
            signal: next(),
            is_truncated: next() != 0,
            is_late: next() != 0,
            output: output.to_vec(),
        }
    }
}

/// A program that was started; one that still runs when this goes is killed.
pub struct RunningCommand<'a> {
    services: &'a Services,
    name: String,
}

impl RunningCommand<'_> {
    pub fn write(&self, bytes: &[u8]) -> Result<(), Error> {
        for piece in bytes.chunks(128 << 10) {
            let arguments = [self.name.as_bytes(), piece];
            self.services.call_with_bytes("ostler.command/1/write", &arguments)?;
        }
        Ok(())
    }
    /// No more comes.
    pub fn close_input(&self) -> Result<(), Error> {
        self.services.call("ostler.command/1/close-input", &[&self.name]).map(drop)
    }
    /// The next bytes, as soon as some are there; none at the end.
    pub fn read_output(&self) -> Result<Vec<u8>, Error> {
        self.read("output")
    }
    pub fn read_errors(&self) -> Result<Vec<u8>, Error> {
        self.read("errors")
    }
    fn read(&self, stream: &str) -> Result<Vec<u8>, Error> {
        let arguments = [self.name.as_bytes(), stream.as_bytes()];
        self.services.call_with_bytes("ostler.command/1/read", &arguments)
    }
    /// To its process group.
    pub fn signal(&self, number: i32) -> Result<(), Error> {
        let number = number.to_string();
        self.services.call("ostler.command/1/signal", &[&self.name, &number]).map(drop)
    }
    /// Until it has ended, so long at most (zero: any time); an error of TIMEOUT: it runs longer.
    pub fn wait(&self, limit: Duration) -> Result<CommandEnd, Error> {
        let arguments = [&*self.name, &milliseconds(limit)];
        self.services
            .call("ostler.command/1/wait", &arguments)
            .map(|answer| CommandEnd::of(answer.as_bytes()))
    }
}

impl Drop for RunningCommand<'_> {
    fn drop(&mut self) {
        // A call of this name always works.
        let _ = self.services.call("ostler.command/1/close", &[&self.name]);
    }
}

/// command
impl Services {
    /// Runs it to its end.
    pub fn run_command(&self, command: &Command) -> Result<CommandEnd, Error> {
        self.begin_command("ostler.command/1/run", command).map(|answer| CommandEnd::of(&answer))
    }
    pub fn start_command(&self, command: &Command) -> Result<RunningCommand<'_>, Error> {
        let name = self.begin_command("ostler.command/1/start", command)?;
        Ok(RunningCommand { services: self, name: text_of(&name) })
    }
    fn begin_command(&self, method: &str, command: &Command) -> Result<Vec<u8>, Error> {
        let words = [
            (command.read_output, "o"),
            (command.read_errors, "e"),
            (command.open_input, "i"),
            (command.confined, "w"),
        ];
        let how: String = words.iter().filter(|(is_set, _)| *is_set).map(|(_, w)| *w).collect();
        let limit = milliseconds(command.time_limit);
        let mut arguments: Vec<&[u8]> = vec![how.as_bytes(), limit.as_bytes(), command.input];
        arguments.extend(command.arguments.iter().map(|argument| argument.as_bytes()));
        self.call_with_bytes(method, &arguments)
    }
}

/// A program that goes on after the job; see ostler/service.h.
pub struct ServiceRequest<'a> {
    pub name: &'a str,
    /// The program first.
    pub arguments: &'a [&'a str],
    /// "NAME=value"
    pub environment: &'a [&'a str],
    pub listener: &'a str,
    pub address: &'a str,
    /// "tcp", where there is no listener, or "/path"
    pub probe: &'a str,
    pub interval: Duration,
    pub threshold: u32,
    /// "never", "on-failure" or "always"
    pub restart: &'a str,
}

impl Default for ServiceRequest<'_> {
    fn default() -> Self {
        ServiceRequest {
            name: "",
            arguments: &[],
            environment: &[],
            listener: "",
            address: "",
            probe: "",
            interval: Duration::from_secs(1),
            threshold: 3,
            restart: "on-failure",
        }
    }
}

#[derive(Debug)]
pub struct StartedService {
    pub id: String,
    pub address: String,
    pub directory: String,
}

/// listener, service
impl Services {
    /// The address of a socket that listens on this machine, for commands and services; of `port`,
    /// or with 0 any that is free.
    pub fn listen(&self, name: &str, port: u16) -> Result<String, Error> {
        self.call("ostler.listener/1/open", &[name, &port.to_string()])
    }
    pub fn close_listener(&self, name: &str) -> Result<(), Error> {
        self.call("ostler.listener/1/close", &[name]).map(drop)
    }
    /// Beside the one of that name which runs.
    pub fn start_service(&self, request: &ServiceRequest) -> Result<StartedService, Error> {
        let (interval, threshold) = (milliseconds(request.interval), request.threshold.to_string());
        let count = request.environment.len().to_string();
        let place = [request.name, request.listener, request.address, request.probe];
        let care = [&*interval, &threshold, request.restart, &count];
        let arguments = [&place[..], &care[..], request.environment, request.arguments].concat();
        let answer = self.call("ostler.service/1/start", &arguments)?;
        let mut lines = answer.lines().map(String::from);
        let mut next = || lines.next().unwrap_or_default();
        Ok(StartedService { id: next(), address: next(), directory: next() })
    }
    /// An id or a name: it is the one of its name, the one before is stopped.
    pub fn promote_service(&self, target: &str) -> Result<(), Error> {
        self.call("ostler.service/1/promote", &[target]).map(drop)
    }
    pub fn stop_service(&self, target: &str) -> Result<(), Error> {
        self.call("ostler.service/1/stop", &[target]).map(drop)
    }
    /// A JSON array of those of an id, a name, or with an empty text the pipeline.
    pub fn services(&self, target: &str) -> Result<String, Error> {
        self.call("ostler.service/1/status", &[target])
    }
    pub fn service_log(&self, target: &str, bytes: u32) -> Result<String, Error> {
        self.call("ostler.service/1/log", &[target, &bytes.to_string()])
    }
    /// Where services of the name run; for commands to put files into, which stay.
    pub fn service_directory(&self, name: &str) -> Result<String, Error> {
        self.call("ostler.service/1/place", &[name])
    }
}
