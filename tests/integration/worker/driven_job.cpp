// SPDX-License-Identifier: Apache-2.0
#include "integration/worker/driven_job.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "files/file_lock.hpp"
#include "support/child_program.hpp"
#include "support/wait_until.hpp"

namespace ostler::worker {
namespace {

namespace fs = std::filesystem;

FinishedJob read_journal(const fs::path& job_directory) {
  FinishedJob job;
  auto reader = journal::Reader::open(job_directory).value();
  while (const auto record = reader.next().value()) {
    if (record->type == journal::RecordType::Output) job.log += record->payload;
    if (record->type == journal::RecordType::Started) job.started = true;
    if (record->type == journal::RecordType::Event) job.events += record->payload;
    if (record->type == journal::RecordType::Verdict) {
      job.verdict = journal::decode_verdict(record->payload).value();
    }
  }
  return job;
}

std::string without_stamps(const std::string& log) {
  std::string text;
  for (std::size_t at = 0; at < log.size(); ++at) {
    if (log.compare(at, 7, "\x1b_bk;t=") == 0) {
      at = log.find('\a', at);
    } else if (log[at] != '\r') {
      text += log[at];
    }
  }
  return text;
}

}  // namespace

DrivenJob::DrivenJob(const std::string& command, const Variables& more)
    : program_(support::ostler_program()), agent_(UniqueFd()) {
  document_.job_id = "job-" + temporary_.path().filename().string();
  document_.job_socket = job_socket();
  document_.env = {{"BUILDKITE_COMMAND", command},
                   {"BUILDKITE_SKIP_CHECKOUT", "true"},
                   {"BUILDKITE_REPO", "somewhere"},
                   {"BUILDKITE_BUILD_CHECKOUT_PATH", directory()}};
  for (const auto& [name, value] : more) document_.env[name] = value;
  fs::create_directory(temporary_ / "job");
  fs::create_directory(directory());
}

void DrivenJob::use_host(const std::string& script) {
  const fs::path install = temporary_ / "install";
  fs::create_directories(install / "bin");
  fs::create_directories(install / "libexec/ostler");
  program_ = install / "bin/ostler";
  fs::copy_file(support::ostler_program(), program_);
  const fs::path host = install / "libexec/ostler/ostler-host";
  std::ofstream(host) << "#!/bin/bash\n" << script;
  fs::permissions(host, fs::perms::owner_all);
}

template <class Message>
void DrivenJob::send(const Message& message) {
  const auto sent = agent_.send(message, kLimit);
  if (!sent) throw std::runtime_error(sent.error().message());
}

void DrivenJob::start() {
  auto sockets = supervise::make_socket_pair().value();
  agent_ = supervise::Channel(std::move(sockets.first));
  const auto lock = files::FileLock::try_acquire(temporary_ / "job" / "lock").value();
  process::SpawnOptions options;
  options.executable = program_;
  options.arguments = {options.executable, "keeper",         "--job-dir", temporary_ / "job",
                       "--socket",         temporary_ / "k", "--epoch",   "1"};
  options.fds = {{sockets.second.get(), 3}, {lock.fd(), 4}, {2, 2}};
  options.group = process::Group::NewSession;
  keeper_.emplace(process::spawn(options).value());
  send(supervise::Hello{.epoch = 1});
  send(supervise::Job{supervise::encode(document_)});
}

std::string DrivenJob::text_so_far() const {
  return without_stamps(read_journal(temporary_ / "job").log);
}

void DrivenJob::await_output(const std::string& text) {
  const bool seen =
      support::wait_until(kLimit, [&] { return text_so_far().find(text) != std::string::npos; });
  if (!seen) throw std::runtime_error("the log never said " + text + ", but " + text_so_far());
}

void DrivenJob::cancel(supervise::CancelReason reason, std::chrono::milliseconds grace) {
  const auto timeout = static_cast<std::uint32_t>(grace.count());
  send(supervise::Cancel{reason, timeout, timeout});
}

FinishedJob DrivenJob::finish() {
  if (!keeper_) start();
  while (true) {
    const auto frame = agent_.receive(kLimit);
    if (!frame) throw std::runtime_error(frame.error().message() + "; log: " + text_so_far());
    if (frame.value().type == supervise::MessageType::Done) break;
    if (frame.value().type != supervise::MessageType::ApiRequest) continue;
    const auto request = supervise::decode<supervise::ApiRequest>(frame.value()).value();
    std::optional<supervise::ApiReply> reply(std::in_place);
    if (answer_) reply = answer_(request);
    if (!reply) continue;
    reply->id = request.id;
    send(*reply);
  }
  (void)keeper_->wait(kLimit).value();
  FinishedJob job = read_journal(temporary_ / "job");
  job.text = without_stamps(job.log);
  return job;
}

bool is_running(const std::string& mark) {
  for (const auto& entry : fs::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "cmdline");
    std::stringstream content;
    content << file.rdbuf();
    if (content.str().find(mark) != std::string::npos) return true;
  }
  return false;
}

}  // namespace ostler::worker
