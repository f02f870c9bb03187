// SPDX-License-Identifier: Apache-2.0
// A release that uses each service once, to be copied from.
#include <filesystem>
#include <fstream>
#include <ostler/cpp/lock.hpp>
#include <ostler/cpp/metric.hpp>
#include <ostler/cpp/report.hpp>
#include <ostler/cpp/service_runner.hpp>
#include <ostler/cpp/state.hpp>
#include <ostler/cpp/step_plugin.hpp>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using ostler::Services;
using ostler::to_view;

struct Config {
  std::string url;
  std::string key;
  std::string version;
  std::vector<std::string> mirror;

  static Config read(const ostler::ConfigReader& reader) {
    Config config{reader.text("/url"), reader.text("/key"), reader.text("/version"), {}};
    for (std::size_t i = 0; i < reader.count("/mirror"); ++i) {
      config.mirror.push_back(reader.text("/mirror/" + std::to_string(i)));
    }
    return config;
  }
};

std::string fact(ostler_text_t text) { return std::string(ostler::to_view(text)); }

std::string content_of(const fs::path& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

/// job: what the step belongs to, where it may work, and how the steps of its build are.
void introduce(const Services& services) {
  services.begin_group("Release", OSTLER_GROUP_EXPANDED);
  const ostler_job_facts_t& job = services.job();
  services.log("build " + fact(job.build_number) + " of " + fact(job.pipeline) + ", attempt " +
               std::to_string(job.attempt));
  services.log("this step is " + services.outcome(to_view(job.step_key)));
}

/// state: values from run to run. Of two runs at a time one sees that the other was faster.
std::int64_t count_releases(const Services& services) {
  const ostler::State state(services);
  for (;;) {
    const auto known = state.get("releases");
    const std::int64_t count = 1 + (known ? std::stoll(known->value) : 0);
    const std::int64_t revision = known ? known->revision : std::int64_t{OSTLER_STATE_NEW};
    if (state.swap("releases", std::to_string(count), revision)) return count;
  }
}

/// workspace: the notes as the plugin brings them, a resource of its own.
std::string notes_of(const Services& services, const std::string& version) {
  std::string notes = content_of(services.resource("notes.md"));
  const std::string_view gap = "VERSION";
  for (std::size_t at = 0; (at = notes.find(gap, at)) != notes.npos; at += version.size()) {
    notes.replace(at, gap.size(), version);
  }
  return notes;
}

/// workspace again: what stays on this host, for whoever looks at it here.
void note_on_host(const Services& services, const Config& config) {
  const std::string path = services.host_directory() + "/last";
  const std::string last = content_of(path);
  services.log("the last release here was " + (last.empty() ? "none" : last));
  std::ofstream(path) << config.version;
}

/// cache: what the last release has made already, and what the next one need not make.
void make_notes(const Services& services, const Config& config) {
  const ostler::CacheEntry entry{
      .key = {"notes", config.version}, .paths = {"release/notes"}, .common = 1};
  services.log("notes: " + services.restore_cache(entry));
  fs::create_directories("release/notes");
  std::ofstream("release/notes/" + config.version) << notes_of(services, config.version);
  services.save_cache(entry);
}

/// environment and command: a variable for what follows in the job, and a program that has it.
std::string pack(const Services& services, const Config& config) {
  services.set_variable("RELEASE_VERSION", config.version);
  const ostler::CommandEnd end = services.command().run(
      {.arguments = {"sh", "-c",
                     "ls release/notes > release/list && echo \"packed $RELEASE_VERSION\""},
       .capture = true,
       .time_limit = std::chrono::minutes(1)});
  if (!end.passed()) {
    throw ostler::CallFailed(OSTLER_FAILED,
                             "packing ended with " + std::to_string(end.exit_status));
  }
  services.log(end.output + "by " + services.variable("BUILDKITE_AGENT_NAME").value_or("nobody"));
  return end.output;
}

/// command again: a program that is written to and read from while it runs.
std::string digest_of_list(const Services& services) {
  ostler::RunningCommand digest =
      services.command().start({.arguments = {"sha256sum"}}, {.input = true, .output = true});
  digest.write(content_of("release/list"));
  digest.close_input();
  std::string said;
  for (std::string more = digest.read_output(); !more.empty(); more = digest.read_output()) {
    said += more;
  }
  if (!digest.wait().passed()) throw ostler::CallFailed(OSTLER_FAILED, "there is no digest");
  return said.substr(0, 64);
}

/// report and metric: what was found, and figures to be compared with those of other runs.
void measure(const Services& services, std::int64_t count, std::chrono::nanoseconds packing) {
  std::ofstream("release/checks.xml")
      << R"(<testsuite name="release"><testcase name="packs"/><testcase name="is listed"/>)"
      << R"(<testcase name="is signed"><skipped message="no key"/></testcase></testsuite>)";
  const ostler::Reports reports(services);
  services.log("checks: " + reports.junit("checks", "release/checks.xml"));
  reports.table("files", R"({"columns": ["file", "bytes"], "rows": [["list", )" +
                             std::to_string(fs::file_size("release/list")) + "]]}");
  const ostler::Metrics metrics(services);
  metrics.count("releases", count);
  metrics.duration("packing", packing);
}

/// artifact: to the build, and back from it.
void publish(const Services& services) {
  services.upload_artifact("release/list", "release/list.txt", "text/plain");
  services.log("published " + services.find_artifacts({.glob = "release/*"}));
  const std::string scratch = fact(services.job().scratch);
  // clock: what the server cannot give now it may give in a while.
  services.retry({.most_attempts = 3},
                 [&](int) { services.download_artifacts({.glob = "release/list.txt"}, scratch); });
  services.log("checked: " + content_of(scratch + "/release/list.txt"));
}

/// secret and http: the value of a header that the plugin never has, one that it has, and one that
/// later jobs find.
int announce(const Services& services, const Config& config) {
  const std::string key = services.secret(config.key);
  services.protect(key + "-of-today");
  services.log("the log hides " + key + " and " + key + "-of-today");
  const auto answer = services.http({.url = config.url + "/releases",
                                     .method = "POST",
                                     .headers = "Authorization: Bearer {secret:" + config.key + "}",
                                     .body = R"({"version": ")" + config.version + "\"}",
                                     .most_attempts = 3,
                                     .repeats_all = true});  // a version is registered once
  services.put_secret("RELEASE_RECEIPT", "receipt-of-" + config.version);
  return answer.status();
}

/// http again: what the server of the job says of it, with the job's own token, which stays there.
std::string identity(const Services& services) {
  auto answer =
      services.http({.url = "hub:/v3/jobs/" + fact(services.job().job_id) + "/oidc/tokens",
                     .method = "POST",
                     .body = R"({"audience": "registry.example.com"})"});
  return answer.ok() ? answer.text() : "";
}

/// listener and service: a program that goes on after the job, on a socket of its own. It takes the
/// place of the last one as soon as it answers. Its directory stays on this machine.
bool start_mirror(const Services& services, const Config& config) {
  const ostler::ServiceRunner runner(services);
  services.command().run({.arguments = {"cp", "release/list", runner.directory("mirror")}});
  runner.listen("mirror");
  const auto started = runner.start({.name = "mirror",
                                     .arguments = config.mirror,
                                     .listener = "mirror",
                                     .probe = "/",
                                     .interval = std::chrono::milliseconds(200)});
  if (!runner.wait_until_healthy(started.id, std::chrono::seconds(30))) {
    services.log(runner.log(started.id), OSTLER_LOG_ERROR);
    runner.stop(started.id);
    return false;
  }
  runner.promote(started.id);
  services.set_output("mirror", "\"" + started.address + "\"");
  return true;
}

/// output again: what an earlier step has left, here its plugin's result.
std::string told_by(const Services& services, std::string_view step) {
  return services.output(step, "result").value_or("nothing");
}

/// meta-data, annotation, output: for later steps, for people, for both.
void tell(const Services& services, const Config& config, std::int64_t count) {
  services.meta_data().set("release", config.version);
  services.annotate({.context = "release",
                     .body = "**" + services.meta_data().get("release").value_or("none") +
                             "** is release " + std::to_string(count),
                     .style = "success"});
  services.set_output("release", R"({"version": ")" + config.version + "\"}");
}

/// pipeline: more steps.
void add_check(const Services& services) {
  services.upload_steps(
      R"({"steps": [{"label": "Check", "command": "buildkite-agent meta-data get release"}]})");
}

/// cancel, clock, progress: a while that somebody may cut short.
bool settle(const Services& services) {
  for (int tenth = 1; tenth <= 10; ++tenth) {
    services.progress(1000 * tenth, "waiting for mirrors", "settle");
    if (services.is_cancelled() || !services.sleep(std::chrono::milliseconds(1))) return false;
  }
  return true;
}

ostler::StepEnd run(const Services& services, const Config& config) {
  introduce(services);
  services.log("an earlier step: " + told_by(services, "prepare"));
  // lock: one release at a time, whatever pipeline and host it is made on.
  const ostler::Lock lock(services, "release", std::chrono::minutes(10));
  services.log("this is turn " + std::to_string(lock.fence()));
  const std::int64_t count = count_releases(services);
  note_on_host(services, config);
  make_notes(services, config);
  const auto begin = services.ticks();
  pack(services, config);
  measure(services, count, services.ticks() - begin);
  services.log("digest " + digest_of_list(services));
  publish(services);
  const int status = announce(services, config);
  if (status != 201) {
    return ostler::failed("the registry answered " + std::to_string(status)).reason("refused");
  }
  if (!start_mirror(services, config)) {
    return ostler::failed("the mirror does not answer").reason("not_healthy");
  }
  const bool is_known = !identity(services).empty();
  tell(services, config, count);
  add_check(services);
  if (!settle(services)) return ostler::cancelled("stopped while it settled");
  return ostler::passed("release " + std::to_string(count) + " as " +
                        (is_known ? "somebody" : "nobody"));
}

}  // namespace

OSTLER_STEP_PLUGIN("every-service", Config, run);
