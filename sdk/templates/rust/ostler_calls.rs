//! The services that plugin.json must ask for; the headers of their names have their contracts.
use super::*;
use std::time::Duration;

fn flag(is_set: bool) -> &'static str {
    if is_set { "1" } else { "0" }
}

/// Rounded up.
pub(super) fn milliseconds(duration: Duration) -> String {
    ((duration.as_nanos() + 999_999) / 1_000_000).to_string()
}

/// None for what is not there.
pub(super) fn found<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.status == NOT_FOUND => Ok(None),
        Err(error) => Err(error),
    }
}

/// meta-data
impl Services {
    /// Of the build.
    pub fn meta_data(&self, key: &str) -> Result<Option<String>, Error> {
        found(self.call("ostler.meta-data/1/get", &[key]))
    }
    pub fn set_meta_data(&self, key: &str, value: &str) -> Result<(), Error> {
        self.call("ostler.meta-data/1/set", &[key, value]).map(drop)
    }
    pub fn has_meta_data(&self, key: &str) -> Result<bool, Error> {
        self.call("ostler.meta-data/1/exists", &[key]).map(|answer| answer == "1")
    }
    /// A JSON array.
    pub fn meta_data_keys(&self) -> Result<String, Error> {
        self.call("ostler.meta-data/1/keys", &[])
    }
}

/// Markdown beside the build, or the job: one text for each context.
pub struct Annotation<'a> {
    pub context: &'a str,
    pub body: &'a str,
    /// "success", "info", "warning" or "error"
    pub style: &'a str,
    /// 1, shown last, to 10, shown first
    pub priority: i32,
    pub append: bool,
    pub of_job: bool,
}

impl Default for Annotation<'_> {
    fn default() -> Self {
        let (append, of_job) = (false, false);
        Annotation { context: "", body: "", style: "info", priority: 3, append, of_job }
    }
}

fn scope_of(of_job: bool) -> &'static str {
    if of_job { "job" } else { "build" }
}

/// annotation, pipeline
impl Services {
    pub fn annotate(&self, note: &Annotation) -> Result<(), Error> {
        let priority = note.priority.to_string();
        let (scope, append) = (scope_of(note.of_job), flag(note.append));
        let arguments = [note.context, note.style, scope, &priority, append, note.body];
        self.call("ostler.annotation/1/put", &arguments).map(drop)
    }
    pub fn remove_annotation(&self, context: &str, of_job: bool) -> Result<(), Error> {
        self.call("ostler.annotation/1/remove", &[context, scope_of(of_job)]).map(drop)
    }
    /// YAML or JSON, behind this step.
    pub fn upload_steps(&self, steps: &str, replace: bool) -> Result<(), Error> {
        self.call("ostler.pipeline/1/upload", &[steps, flag(replace)]).map(drop)
    }
}

/// Which artifacts are meant; empty: all steps, this build.
#[derive(Default)]
pub struct ArtifactQuery<'a> {
    pub glob: &'a str,
    pub step: &'a str,
    pub build: &'a str,
    pub with_retried: bool,
}

/// artifact, cache
impl Services {
    /// A file of the workspace or the scratch directory; `media_type` may be empty.
    pub fn upload_artifact(&self, path: &str, name: &str, media_type: &str) -> Result<(), Error> {
        self.call("ostler.artifact/1/upload", &[path, name, media_type]).map(drop)
    }
    /// A JSON array.
    pub fn find_artifacts(&self, query: &ArtifactQuery) -> Result<String, Error> {
        let arguments = [query.glob, query.step, query.build, flag(query.with_retried)];
        self.call("ostler.artifact/1/search", &arguments)
    }
    /// Into a directory that is there; how many came.
    pub fn download_artifacts(&self, query: &ArtifactQuery, to: &str) -> Result<u64, Error> {
        let arguments = [query.glob, to, query.step, query.build, flag(query.with_retried)];
        let count = self.call("ostler.artifact/1/download", &arguments)?;
        Ok(count.parse().unwrap_or(0))
    }
    /// Files of the workspace that an earlier job has saved; JSON. `common`: so many parts of the
    /// key must another entry have to stand in; 0: none may.
    pub fn restore_cache(&self, key: &[&str], common: u32, paths: &[&str]) -> Result<String, Error> {
        let arguments = [&*key.join("\n"), &common.to_string(), &paths.join("\n")];
        self.call("ostler.cache/1/restore", &arguments)
    }
    pub fn save_cache(&self, key: &[&str], paths: &[&str]) -> Result<String, Error> {
        self.call("ostler.cache/1/save", &[&key.join("\n"), &paths.join("\n")])
    }
}

/// Whose runs see a value: "pipeline", "host" or "everywhere".
pub const PIPELINE: &str = "pipeline";
pub const HOST_SCOPE: &str = "host";
pub const EVERYWHERE: &str = "everywhere";

fn expected_text(expected: Option<i64>) -> String {
    expected.map_or("any".into(), |revision| revision.to_string())
}

/// state. `expected`: the revision that is to be there (0: no such key); None: whatever is there.
/// An error of CONFLICT: it is another one.
impl Services {
    /// The value and its revision.
    pub fn state(&self, scope: &str, key: &str) -> Result<Option<(String, i64)>, Error> {
        let answer = found(self.call("ostler.state/1/get", &[scope, key]))?;
        Ok(answer.map(|answer| {
            let (revision, value) = answer.split_once('\n').unwrap_or((&answer, ""));
            (value.into(), revision.parse().unwrap_or(0))
        }))
    }
    /// The new revision.
    pub fn set_state(
        &self,
        scope: &str,
        key: &str,
        value: &str,
        expected: Option<i64>,
    ) -> Result<i64, Error> {
        let arguments = [scope, key, value, &expected_text(expected)];
        let answer = self.call("ostler.state/1/set", &arguments)?;
        Ok(answer.trim().parse().unwrap_or(0))
    }
    pub fn delete_state(&self, scope: &str, key: &str, expected: Option<i64>) -> Result<(), Error> {
        let arguments = [scope, key, &expected_text(expected)];
        self.call("ostler.state/1/delete", &arguments).map(drop)
    }
    /// A JSON array of those that begin so.
    pub fn state_keys(&self, scope: &str, begin: &str) -> Result<String, Error> {
        self.call("ostler.state/1/keys", &[scope, begin])
    }
}

/// metric: figures about the run, which a hub of Ostler keeps with the job.
impl Services {
    pub fn count(&self, name: &str, number: i64) -> Result<(), Error> {
        self.call("ostler.metric/1/count", &[name, &number.to_string()]).map(drop)
    }
    pub fn duration(&self, name: &str, duration: Duration) -> Result<(), Error> {
        let ms = duration.as_millis().to_string();
        self.call("ostler.metric/1/duration", &[name, &ms]).map(drop)
    }
    /// `amount` is a decimal number: "0.25".
    pub fn cost(&self, name: &str, amount: &str, currency: &str) -> Result<(), Error> {
        self.call("ostler.metric/1/cost", &[name, amount, currency]).map(drop)
    }
}

/// report: files that tools have left, of the workspace or the scratch directory. The summary that
/// is kept is JSON.
impl Services {
    pub fn junit(&self, name: &str, path: &str) -> Result<String, Error> {
        self.call("ostler.report/1/junit", &[name, path])
    }
    /// Cobertura's XML, or what lcov writes.
    pub fn coverage(&self, name: &str, path: &str) -> Result<String, Error> {
        self.call("ostler.report/1/coverage", &[name, path])
    }
    pub fn sarif(&self, name: &str, path: &str) -> Result<String, Error> {
        self.call("ostler.report/1/sarif", &[name, path])
    }
    /// {"columns": ["file", "bytes"], "rows": [["a", 7]]}
    pub fn report_table(&self, name: &str, json: &str) -> Result<(), Error> {
        self.call("ostler.report/1/table", &[name, json]).map(drop)
    }
}

/// A lock of the cluster, released when this goes.
pub struct Lock<'a> {
    services: &'a Services,
    name: String,
    /// Grows with each holder.
    pub fence: i64,
}

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        // Otherwise the end of the job frees it.
        let _ = self.services.call("ostler.lock/1/release", &[&self.name]);
    }
}

/// lock, secret
impl Services {
    /// Waits for it, so long at most (None: as long as it takes); an error of TIMEOUT: another job
    /// holds it still.
    pub fn lock(&self, name: &str, longest: Option<Duration>) -> Result<Lock<'_>, Error> {
        let longest = longest.map_or("-1".into(), milliseconds);
        let fence = self.call("ostler.lock/1/acquire", &[name, &longest])?;
        Ok(Lock { services: self, name: name.into(), fence: fence.parse().unwrap_or(0) })
    }
    /// Which the log hides from then on.
    pub fn secret(&self, name: &str) -> Result<String, Error> {
        self.call("ostler.secret/1/get", &[name])
    }
    /// Has the log hide a text from now on.
    pub fn protect(&self, text: &str) -> Result<(), Error> {
        self.call("ostler.secret/1/protect", &[text]).map(drop)
    }
    /// Sets a secret of the hub for later jobs: "permissions": {"secrets_put": ["NAME"]}.
    pub fn put_secret(&self, name: &str, value: &str) -> Result<(), Error> {
        self.call("ostler.secret/1/put", &[name, value]).map(drop)
    }
}

/// A request that the host makes. `headers`: "Name: value", one a line; "{secret:NAME}" in a value
/// stands for that secret. A deadline of zero: none.
pub struct HttpRequest<'a> {
    pub url: &'a str,
    pub method: &'a str,
    pub headers: &'a str,
    pub body: &'a [u8],
    pub total: Duration,
    pub idle: Duration,
    /// It is sent again where the server is away or overloaded (429, 502, 503, 504), after a second,
    /// twice as long each further time up to a minute, or when Retry-After says, within `total`. The
    /// answer whose Retry-After is too late for that, or more than ten minutes, is the last. "hub:"
    /// is asked once.
    pub most_attempts: u32,
    /// Also a POST or PATCH, which the server may then do twice.
    pub repeats_all: bool,
    /// Path of a file of the workspace or the scratch directory, which is sent in the place of
    /// `body`, read from the disk meanwhile: at most 5 GiB. Empty: `body` is.
    pub body_file: &'a str,
}

impl Default for HttpRequest<'_> {
    fn default() -> Self {
        let (total, idle) = (Duration::from_secs(60), Duration::from_secs(30));
        HttpRequest {
            url: "",
            method: "GET",
            headers: "",
            body: b"",
            total,
            idle,
            most_attempts: 1,
            repeats_all: false,
            body_file: "",
        }
    }
}

/// Its answer, whose body is read while it comes; closed when this goes.
pub struct HttpAnswer<'a> {
    services: &'a Services,
    name: String,
    pub status: u16,
    /// "Name: value", one a line.
    pub headers: String,
}

/// A server that asks for more is not waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

impl HttpAnswer<'_> {
    /// Of at most nine digits.
    fn retry_after(&self) -> Duration {
        let of = |line: &str| {
            let (name, value) = line.split_once(':')?;
            let digits = value.trim();
            let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
            if !is_number || !name.eq_ignore_ascii_case("retry-after") {
                return None;
            }
            digits[..digits.len().min(9)].parse().ok().map(Duration::from_secs)
        };
        self.headers.lines().find_map(of).unwrap_or_default()
    }
    /// The next bytes, as soon as some are there; none at the end.
    pub fn read(&mut self) -> Result<Vec<u8>, Error> {
        self.services.call_with_bytes("ostler.http/1/read", &[self.name.as_bytes()])
    }
    /// All that is left.
    pub fn body(&mut self) -> Result<Vec<u8>, Error> {
        let mut all = Vec::new();
        loop {
            let piece = self.read()?;
            if piece.is_empty() {
                return Ok(all);
            }
            all.extend(piece);
        }
    }
}

impl Drop for HttpAnswer<'_> {
    fn drop(&mut self) {
        // A cancel may have closed it.
        let _ = self.services.call("ostler.http/1/close", &[&self.name]);
    }
}

/// http
impl Services {
    /// Any status is an answer.
    pub fn http(&self, request: &HttpRequest) -> Result<HttpAnswer<'_>, Error> {
        let is_safe = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"].contains(&request.method);
        let is_repeated = (is_safe || request.repeats_all) && !request.url.starts_with("hub:");
        let most = if is_repeated { request.most_attempts } else { 1 };
        let (begin, limit) = (self.ticks()?, request.total);
        let mut left = limit;
        let mut delay = Duration::from_secs(1);
        for number in 1.. {
            let answer = self.http_once(request, left);
            let mut asked = Duration::ZERO;
            let is_away = match &answer {
                Ok(answer) => {
                    asked = answer.retry_after();
                    [429, 502, 503, 504].contains(&answer.status)
                }
                Err(error) => [UNAVAILABLE, TIMEOUT].contains(&error.status),
            };
            // Many jobs come back by and by, also when the server has told all of them the same.
            let spread = (begin.as_nanos() % (delay / 2).as_nanos()) as u64;
            let wait = asked.max(delay * 3 / 4) + Duration::from_nanos(spread);
            let used = self.ticks()? - begin + wait;
            let is_late = asked > LONGEST_WAIT || (!limit.is_zero() && used >= limit);
            if !is_away || number >= most || is_late {
                return answer;
            }
            drop(answer);
            left = limit.saturating_sub(used);
            self.sleep(wait)?;
            delay = (delay * 2).min(Duration::from_secs(60));
        }
        Err(Error::from("no attempt was made"))
    }
    fn http_once(&self, request: &HttpRequest, total: Duration) -> Result<HttpAnswer<'_>, Error> {
        let (total, idle) = (milliseconds(total), milliseconds(request.idle));
        let (method, url, headers) = (request.method, request.url, request.headers);
        let mut arguments: Vec<&[u8]> = vec![
            method.as_bytes(),
            url.as_bytes(),
            headers.as_bytes(),
            request.body,
            total.as_bytes(),
            idle.as_bytes(),
        ];
        if !request.body_file.is_empty() {
            arguments.push(request.body_file.as_bytes());
        }
        let head = text_of(&self.call_with_bytes("ostler.http/1/send", &arguments)?);
        let (first, headers) = head.split_once('\n').unwrap_or((&head, ""));
        let (status, name) = first.split_once(' ').ok_or("the host told no status")?;
        let status = status.parse().unwrap_or(0);
        Ok(HttpAnswer { services: self, name: name.into(), status, headers: headers.into() })
    }
}
