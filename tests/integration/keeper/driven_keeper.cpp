// SPDX-License-Identifier: Apache-2.0
#include "integration/keeper/driven_keeper.hpp"

#include <fcntl.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include "files/file.hpp"
#include "process/job_groups.hpp"
#include "supervise/lost_keeper.hpp"
#include "support/wait_until.hpp"

namespace ostler::keeper {
namespace {

std::filesystem::path driver() {
  const char* build = std::getenv("OSTLER_BUILD_DIR");
  if (build == nullptr) throw std::runtime_error("run this test with ctest");
  return std::filesystem::path(build) / "tests" / "keeper_driver";
}

std::filesystem::path make_job_directory(const std::filesystem::path& given,
                                         const support::TempDirectory& temporary) {
  if (!given.empty()) return given;
  const auto directory = temporary / ("job-" + temporary.path().filename().string());
  std::filesystem::create_directory(directory);
  return directory;
}

process::Child start(const std::filesystem::path& directory, int socket,
                     const DrivenKeeper::Options& keeper) {
  const UniqueFd lock(::open((directory / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  process::SpawnOptions options;
  options.executable = driver();
  options.arguments = {
      options.executable, "keeper",        "--job-dir", directory,
      "--socket",         directory / "k", "--epoch",   std::to_string(keeper.epoch)};
  if (const auto groups = process::find_job_groups()) {
    options.arguments.insert(options.arguments.end(), {"--groups", groups->string()});
  }
  for (const std::string& more : keeper.arguments) options.arguments.push_back(more);
  options.fds = {{socket, 3}, {lock.get(), 4}, {2, 2}};
  options.group = process::Group::NewSession;
  return process::spawn(options).value();
}

}  // namespace

bool JournalContent::has(journal::RecordType type) const {
  return std::find(types.begin(), types.end(), type) != types.end();
}

JournalContent read_journal(const std::filesystem::path& directory) {
  JournalContent content;
  auto reader = journal::Reader::open(directory).value();
  for (;;) {
    const auto record = reader.next().value();
    if (!record) return content;
    content.types.push_back(record->type);
    if (record->type == journal::RecordType::Output) content.output += record->payload;
    if (record->type == journal::RecordType::Verdict) {
      content.verdict = journal::decode_verdict(record->payload).value();
    }
  }
}

DrivenKeeper::DrivenKeeper(const Options& options)
    : directory_(make_job_directory(options.job_directory, temporary_)),
      agent_(UniqueFd()),
      process_(-1, UniqueFd()) {
  auto sockets = supervise::make_socket_pair().value();
  agent_ = supervise::Channel(std::move(sockets.first));
  process_ = start(directory_, sockets.second.get(), options);
}

/// A keeper that is killed leaves processes and a control group, as it would to its agent.
DrivenKeeper::~DrivenKeeper() {
  if (process_.try_wait() == process::ExitStatus(process::Exited{0})) return;
  process_.signal(SIGKILL);
  (void)process_.wait(kLimit);
  (void)supervise::conclude_lost_keeper(directory_, SystemClock(), {.job_id = job_id()});
}

supervise::Welcome DrivenKeeper::hello() {
  send(supervise::Hello{.epoch = 1});
  return await<supervise::Welcome>();
}

void DrivenKeeper::give(const std::string& script) {
  hello();
  send(supervise::Job{script});
}

void DrivenKeeper::await_output(const std::string& text) {
  const bool seen = support::wait_until(
      kLimit, [&] { return read_journal(directory_).output.find(text) != std::string::npos; });
  if (!seen) throw std::runtime_error("the output never said " + text);
}

supervise::Channel DrivenKeeper::connect() const {
  return supervise::Channel(supervise::connect_to(directory_ / "k").value());
}

process::ExitStatus DrivenKeeper::wait() { return process_.wait(kLimit).value(); }

JournalContent DrivenKeeper::finish() {
  wait();
  return read_journal(directory_);
}

bool is_running(const std::string& mark) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const auto command = files::read_file(entry.path() / "cmdline");
    if (command && command.value().find(mark) != std::string::npos) return true;
  }
  return false;
}

}  // namespace ostler::keeper
