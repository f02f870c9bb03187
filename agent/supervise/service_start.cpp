// SPDX-License-Identifier: Apache-2.0
#include "supervise/service_start.hpp"

#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "files/file.hpp"
#include "files/remove_tree.hpp"
#include "process/pipe.hpp"
#include "process/spawn.hpp"
#include "supervise/lost_service.hpp"

namespace ostler::supervise {
namespace {

constexpr int kOutcomeOfKeeper = 3;
constexpr std::size_t kLongestOutcome = 4096;

/// Never on a disk: it has secrets.
Result<UniqueFd> memory_with(const std::string& text) {
  UniqueFd memory(::memfd_create("service", MFD_CLOEXEC));
  if (!memory) return Error::from_errno(errno, "make a file in memory");
  OSTLER_TRY(files::write_all(memory.get(), text));
  return memory;
}

/// What the keeper says until it says no more.
std::string outcome_of(int pipe, std::chrono::milliseconds within) {
  const auto deadline = std::chrono::steady_clock::now() + within;
  std::string text;
  while (text.size() < kLongestOutcome) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd watched{pipe, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&watched, 1, static_cast<int>(left.count())) == 0) break;
    std::array<char, 512> piece{};
    const ssize_t got = ::read(pipe, piece.data(), piece.size());
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) break;
    if (got > 0) text.append(piece.data(), static_cast<std::size_t>(got));
  }
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

process::SpawnOptions keeper_options(const ServicePlace& place,
                                     const std::filesystem::path& directory) {
  process::SpawnOptions options;
  options.executable = place.program.string();
  options.arguments = {"ostler", "keeper", "--service", directory.string()};
  if (!place.groups.empty()) {
    options.arguments.insert(options.arguments.end(), {"--groups", place.groups.string()});
  }
  options.environment = std::vector<std::string>{};  // the agent's has its token
  options.directory = "/";
  options.group = process::Group::NewSession;
  return options;
}

Result<void> start_keeper(const ServicePlace& place, const std::filesystem::path& directory,
                          const ServiceSpec& spec) {
  OSTLER_TRY(const UniqueFd input, memory_with(encode(spec, WithEnvironment::Yes)));
  OSTLER_TRY(process::Pipe outcome, process::make_pipe(process::Ours::Reads));
  auto options = keeper_options(place, directory);
  options.fds = {{input.get(), STDIN_FILENO}, {outcome.theirs.get(), kOutcomeOfKeeper}};
  OSTLER_TRY(process::Child first, process::spawn(options));
  outcome.theirs.reset();
  const std::string said = outcome_of(outcome.ours.get(), place.begins_within);
  if (said == "ok") return success();
  return Error(Errc::Unavailable,
               said.empty() ? "its keeper does not say that it has begun" : said);
}

/// The keeper may live, and have begun. What cannot be ended stays, to be found.
void give_up_service(const std::filesystem::path& directory, const ServiceSpec& spec) {
  const auto lock = take_service_from_keeper(directory);
  if (lock && end_lost_service(directory, spec)) (void)files::remove_tree(directory);
}

/// One without a record is that of an agent that was killed while it started this service.
Result<void> make_service_directory(const std::filesystem::path& directory,
                                    const ServiceSpec& spec) {
  if (::mkdir(directory.c_str(), 0700) == 0) return success();
  if (errno == EEXIST && ::access((directory / "spec").c_str(), F_OK) != 0) {
    give_up_service(directory, spec);
    if (::mkdir(directory.c_str(), 0700) == 0) return success();
  }
  return Error::from_errno(errno, "make " + directory.string());
}

}  // namespace

Result<void> start_service(const ServicePlace& place, const ServiceSpec& spec) {
  const auto directory = place.root / spec.id;
  OSTLER_TRY(make_service_directory(directory, spec));
  auto started = start_keeper(place, directory, spec);
  if (!started) give_up_service(directory, spec);
  return started;
}

}  // namespace ostler::supervise
