// SPDX-License-Identifier: Apache-2.0
// `ostler doctor`: what on this machine will hurt, and how to mend it.
#include <pwd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/size_text.hpp"
#include "cli/client_access.hpp"
#include "cli/exit.hpp"
#include "cli/hub_client.hpp"
#include "cli/options.hpp"
#include "cli/person_directories.hpp"
#include "cli/run_functions.hpp"
#include "console/plain_text.hpp"
#include "console/terminal.hpp"
#include "files/disk_space.hpp"
#include "process/job_groups.hpp"
#include "wire/json_reader.hpp"

namespace ostler::cli {
namespace {

namespace fs = std::filesystem;

enum class Health : std::uint8_t { Well, Doubtful, Ill };

/// What one look found.
struct Finding {
  std::string subject;
  Health health = Health::Well;
  std::string found;
  std::string cure{};  ///< what to do; empty: nothing
};

constexpr std::int64_t kLeastFreePercent = 5;
constexpr std::int64_t kUsualFreePercent = 10;
constexpr rlim_t kFewDescriptors = 1'024;
constexpr rlim_t kFewProcesses = 4'096;
constexpr std::int64_t kMostSkewSeconds = 60;

std::string in_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::string_view left = path != nullptr ? path : "";
  while (!left.empty()) {
    const std::string_view directory = left.substr(0, left.find(':'));
    left.remove_prefix(std::min(left.size(), directory.size() + 1));
    const std::string candidate = std::string(directory) + "/" + program;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return {};
}

Finding look_for_git() {
  const std::string git = in_path("git");
  if (!git.empty()) return {"git", Health::Well, git};
  return {"git", Health::Doubtful, "there is no git in PATH",
          "jobs are checked out without it, but hooks and scripts may want it: install git"};
}

fs::path nearest_existing(fs::path path) {
  std::error_code ignored;
  while (!fs::exists(path, ignored) && path.has_relative_path()) path = path.parent_path();
  return path;
}

Finding look_at_disk() {
  const fs::path place = nearest_existing(state_home());
  const auto space = files::disk_space(place);
  if (!space) return {"disk", Health::Ill, space.error().message(), "look at the file system"};
  const std::int64_t percent =
      space.value().total > 0 ? space.value().available * 100 / space.value().total : 0;
  const std::string found = size_text(static_cast<std::uint64_t>(space.value().available)) + " (" +
                            std::to_string(percent) + " %) free at " + place.string();
  if (percent < kLeastFreePercent) {
    return {"disk", Health::Ill, found, "a hub refuses builds with less than 5 %: free some"};
  }
  if (percent < kUsualFreePercent) return {"disk", Health::Doubtful, found, "free some soon"};
  return {"disk", Health::Well, found};
}

Finding look_at_rights() {
  const fs::path state = state_home();
  struct stat status{};
  if (::stat(state.c_str(), &status) != 0) {
    const fs::path above = nearest_existing(state);
    if (::access(above.c_str(), W_OK) == 0) {
      return {"state directory", Health::Well, state.string() + " is not there yet"};
    }
    return {"state directory", Health::Ill, above.string() + " cannot be written to",
            "make it yours, or set XDG_STATE_HOME"};
  }
  if (status.st_uid != ::geteuid()) {
    return {"state directory", Health::Ill, state.string() + " belongs to another user",
            "sudo chown -R $(id -u) " + state.string()};
  }
  if ((status.st_mode & 077) != 0) {
    return {"state directory", Health::Doubtful, "others may look into " + state.string(),
            "chmod 700 " + state.string()};
  }
  return {"state directory", Health::Well, state.string()};
}

Finding look_at_limit(const char* subject, decltype(RLIMIT_NOFILE) resource, rlim_t few,
                      const char* flag) {
  rlimit limit{};
  ::getrlimit(resource, &limit);
  if (limit.rlim_cur == RLIM_INFINITY) return {subject, Health::Well, "no limit"};
  const std::string found = "at most " + std::to_string(limit.rlim_cur);
  if (limit.rlim_cur > few) return {subject, Health::Well, found};
  return {subject, Health::Doubtful, found,
          std::string("many agents or jobs need more: ulimit ") + flag + " 65536"};
}

Finding look_at_control_groups() {
  const char* const subject = "control groups";
  const auto group = process::find_job_groups();
  if (!group) {
    return {subject, Health::Doubtful, "version 2 is not mounted",
            "jobs that ran out of memory cannot be told from others that were killed"};
  }
  if (::access(group->c_str(), W_OK) == 0) return {subject, Health::Well, group->string()};
  return {subject, Health::Doubtful, group->string() + " is not yours to write",
          "run the agent as packaging/ostler-agent.service does (Delegate=yes), so that it can "
          "tell which jobs ran out of memory"};
}

Finding look_at_linger() {
  const char* const subject = "log-out";
  std::error_code ignored;
  if (!fs::exists("/run/systemd/system", ignored) || ::geteuid() == 0) {
    return {subject, Health::Well, "ends nothing of yours"};
  }
  const passwd* user = ::getpwuid(::geteuid());
  const std::string name = user != nullptr ? user->pw_name : "";
  if (fs::exists("/var/lib/systemd/linger/" + name, ignored)) {
    return {subject, Health::Well, "ends nothing of yours: lingering is on"};
  }
  return {subject, Health::Doubtful, "may end what \"ostler up --detach\" runs",
          "loginctl enable-linger " + name};
}

/// How many seconds the hub's clock is ahead of this one's.
Result<std::int64_t> skew_of(const std::string& url) {
  OSTLER_TRY(const auto answer, net::BlockingHttpClient().send({.url = url + "/"}));
  OSTLER_TRY(const nlohmann::json object, wire::parse_json(answer.body, "the hub's answer"));
  std::int64_t timestamp = 0;
  wire::ObjectReader reader(object, "the hub's answer");
  reader.read("timestamp", timestamp);
  OSTLER_TRY(reader.finish());
  if (timestamp == 0) return 0;
  return timestamp - SystemClock().now().micros / 1'000'000;
}

std::vector<Finding> look_at_hub(const ClientFlags& flags) {
  const auto access = find_client_access(flags);
  if (!access) return {{"hub", Health::Doubtful, "none is known", access.error().message()}};
  const std::string& url = access.value().url;
  HubClient hub(url, access.value().organization, access.value().token);
  const auto token = hub.token();
  if (!token) {
    const std::string& text = token.error().message();  // its advice gives way to that below
    return {{"hub", Health::Ill, text.substr(0, text.find("; \"ostler ")),
             "is it running (\"ostler up\")? is the token good (\"ostler login\")?"}};
  }
  std::vector<Finding> findings = {
      {"hub", Health::Well, url + " answers, to " + token.value().user_name}};
  const auto skew = skew_of(url);
  if (!skew) return findings;
  const std::int64_t seconds = std::abs(skew.value());
  if (seconds <= kMostSkewSeconds) {
    findings.push_back({"time", Health::Well, "the hub's clock and this one agree"});
  } else {
    findings.push_back({"time", Health::Doubtful,
                        "the hub's clock is " + std::to_string(seconds) + " s " +
                            (skew.value() > 0 ? "ahead" : "behind"),
                        "set both by NTP: certificates, tokens and ages of builds depend on it"});
  }
  return findings;
}

std::vector<Finding> examine(const ClientFlags& flags) {
  std::vector<Finding> findings = {
      look_for_git(),
      look_at_disk(),
      look_at_rights(),
      look_at_limit("open files", RLIMIT_NOFILE, kFewDescriptors, "-n"),
      look_at_limit("processes", RLIMIT_NPROC, kFewProcesses, "-u"),
      look_at_control_groups(),
      look_at_linger()};
  for (Finding& finding : look_at_hub(flags)) findings.push_back(std::move(finding));
  return findings;
}

std::string_view word_of(Health health) {
  return health == Health::Well ? "ok" : health == Health::Doubtful ? "warning" : "bad";
}

void print_finding(const Finding& finding, console::Terminal& terminal) {
  const auto style = finding.health == Health::Well       ? console::Style::Good
                     : finding.health == Health::Doubtful ? console::Style::Warning
                                                          : console::Style::Bad;
  std::string word(word_of(finding.health));
  word.resize(9, ' ');
  std::string subject = finding.subject;
  subject.resize(17, ' ');
  terminal.print_line(terminal.styled(word, style) + subject + console::plain_line(finding.found));
  if (finding.cure.empty()) return;
  terminal.print_line(std::string(26, ' ') + "-> " + console::plain_line(finding.cure));
}

std::string as_json(const std::vector<Finding>& findings) {
  nlohmann::json list = nlohmann::json::array();
  for (const Finding& finding : findings) {
    list.push_back({{"subject", finding.subject},
                    {"health", word_of(finding.health)},
                    {"found", finding.found},
                    {"cure", finding.cure}});
  }
  return wire::to_text(list);
}

}  // namespace

int run_doctor(const Arguments& arguments) {
  ClientFlags flags;
  bool wants_json = false;
  CLI::App app("Says what on this machine will hurt a hub, an agent or jobs, and how to mend it",
               "doctor");
  app.add_flag("--json", wants_json, "As a JSON array");
  take_client_flags(app, flags);
  app.footer("Example:\n  ostler doctor\nExit status: 0 nothing is bad, 1 something is");
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto findings = examine(flags);
  auto terminal = console::Terminal::of_standard_output();
  if (wants_json) {
    terminal.print_line(as_json(findings));
  } else {
    for (const Finding& finding : findings) print_finding(finding, terminal);
  }
  const bool is_bad = std::ranges::any_of(
      findings, [](const Finding& finding) { return finding.health == Health::Ill; });
  return is_bad ? kExitFailed : kExitOk;
}

}  // namespace ostler::cli
