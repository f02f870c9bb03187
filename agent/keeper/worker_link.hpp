// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <poll.h>

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "process/spawn.hpp"
#include "supervise/channel.hpp"

namespace ostler::process {
class Cgroup;
}

namespace ostler::keeper {

/// The worker process and the socket to it.
class WorkerLink {
 public:
  /// Starts a copy of this process that runs `worker_main`, with the socket as descriptor 3.
  static Result<WorkerLink> start(const std::function<int()>& worker_main,
                                  const process::Cgroup* group);

  void watch(std::vector<pollfd>& fds, bool may_read) const;
  /// Sends what waits. A broken connection is no error: the worker's end is seen elsewhere.
  void flush();
  void send(std::string frame);
  /// Bytes that wait for the worker.
  std::size_t waiting() const { return queue_.size(); }

  /// Reads once. Errors: those of FrameReader::fill.
  Result<supervise::FrameReader::Fill> fill() { return reader_.fill(socket_.get()); }
  Result<std::optional<supervise::Frame>> next() { return reader_.next(); }
  int socket() const { return socket_.get(); }
  int errors() const { return errors_.get(); }

  /// Reads what the worker wrote to its standard error, and keeps the end of it.
  void read_errors();
  /// The end of what it wrote there, in one line, at most 2 KiB.
  std::string last_words() const;

  pid_t pid() const { return child_.pid(); }
  /// Says that it was reaped.
  void set_status(const process::ExitStatus& status);
  const std::optional<process::ExitStatus>& status() const { return status_; }

 private:
  WorkerLink(process::Child child, UniqueFd socket, UniqueFd errors)
      : child_(std::move(child)), socket_(std::move(socket)), errors_(std::move(errors)) {}

  process::Child child_;
  UniqueFd socket_;
  UniqueFd errors_;
  supervise::FrameReader reader_;
  supervise::SendQueue queue_;
  std::string words_;
  std::optional<process::ExitStatus> status_;
  bool is_broken_ = false;
};

}  // namespace ostler::keeper
