// SPDX-License-Identifier: Apache-2.0
#include "cli/service_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <sstream>
#include <string_view>
#include <utility>

#include "console/plain_text.hpp"
#include "files/file.hpp"

extern char** environ;

namespace ostler::cli {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kStartTime = 20s;
constexpr std::string_view kListening = "listening on ";
constexpr int kExtraDescriptor = 3;
constexpr std::string_view kErrorPrefix = "ostler: ";  ///< of the line with which a command fails

/// Not what a surrounding job or repository has set, for the service is none of theirs; but what
/// the machine says of the stores that artifacts go to.
bool is_inherited(std::string_view variable) {
  for (const std::string_view prefix :
       {"OSTLER_HUB_KEEP_", "OSTLER_HUB_MIN_FREE_DISK=", "BUILDKITE_S3_", "BUILDKITE_GS_",
        "BUILDKITE_GCS_", "BUILDKITE_ARTIFACTORY_", "BUILDKITE_AZURE_BLOB_"}) {
    if (variable.starts_with(prefix)) return true;
  }
  for (const std::string_view prefix :
       {"BUILDKITE", "OSTLER_", "GIT_DIR=", "GIT_WORK_TREE=", "GIT_INDEX_FILE=", "GIT_PREFIX=",
        "GIT_COMMON_DIR=", "GIT_OBJECT_DIRECTORY=", "GIT_ALTERNATE_OBJECT_DIRECTORIES=",
        "MAKEFLAGS=", "MAKELEVEL=", "MFLAGS="}) {
    if (variable.starts_with(prefix)) return false;
  }
  return true;
}

std::vector<std::string> environment_with(std::vector<std::string> variables) {
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (is_inherited(*variable)) variables.emplace_back(*variable);
  }
  return variables;
}

}  // namespace

Result<process::Child> start_service(const ServiceStart& start) {
  std::error_code ec;
  const fs::path self = fs::read_symlink("/proc/self/exe", ec);
  if (ec) return Error::from_errno(ec.value(), "read /proc/self/exe");
  process::SpawnOptions options;
  options.executable = self;
  options.arguments = start.words;
  options.arguments.insert(options.arguments.begin(), "ostler");
  options.environment = environment_with(start.variables);
  options.directory = start.directory;
  for (const auto& [source, target] :
       {std::pair(start.output, STDOUT_FILENO), std::pair(start.errors, STDERR_FILENO),
        std::pair(start.extra, kExtraDescriptor)}) {
    if (source >= 0) options.fds.push_back({source, target});
  }
  options.group = process::Group::NewSession;
  options.parent_death_signal = start.parent_death_signal;
  return process::spawn(options);
}

Result<UniqueFd> open_log(const fs::path& path) {
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!fd) return Error::from_errno(errno, "open " + path.string());
  return fd;
}

std::string last_words(const fs::path& log) {
  auto content = files::read_file(log);
  if (!content) return "it said nothing";
  std::string text = content.value().substr(0, content.value().find_last_not_of('\n') + 1);
  const auto end_of_line = text.rfind('\n');
  if (end_of_line != text.npos) text.erase(0, end_of_line + 1);
  return text.empty() ? "it said nothing" : text;
}

std::string last_error(const fs::path& log, std::uintmax_t begin) {
  const auto content = files::read_file(log);
  if (!content || content.value().size() < begin) return last_words(log);
  std::istringstream lines(content.value().substr(begin));
  std::string last, before;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(kErrorPrefix)) continue;
    before = std::exchange(last, console::plain_line(line.substr(kErrorPrefix.size())));
  }
  if (last.empty()) return last_words(log);
  return before.empty() ? last : last + ": " + before;
}

Result<std::string> read_listening_url(int standard_output) {
  const auto deadline = std::chrono::steady_clock::now() + kStartTime;
  std::string said;
  while (said.find('\n') == said.npos) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd readable{standard_output, POLLIN, 0};
    const int ready = left.count() <= 0 ? 0 : ::poll(&readable, 1, static_cast<int>(left.count()));
    std::array<char, 1024> bytes{};
    const ssize_t count = ready <= 0 ? 0 : ::read(standard_output, bytes.data(), bytes.size());
    if (count <= 0) {
      return Error(Errc::Unavailable, "the hub did not start");
    }
    said.append(bytes.data(), static_cast<std::size_t>(count));
  }
  const auto start = said.find(kListening);
  if (start == said.npos) return Error(Errc::Protocol, "the hub did not say where it listens");
  const auto first = start + kListening.size();
  return said.substr(first, said.find('\n', first) - first);
}

Result<std::string> read_line_of(const fs::path& file) {
  OSTLER_TRY(std::string text, files::read_file(file, 64u << 10));
  return text.substr(0, text.find('\n'));
}

}  // namespace ostler::cli
