// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <cstdlib>

#include "base/clock.hpp"
#include "supervise/async_channel.hpp"
#include "worker/job_context.hpp"
#include "worker/job_socket_server.hpp"

namespace ostler::worker {

/// A job of which nothing runs and nobody hears, to be handed to what works on one.
class JobInHand {
 public:
  JobInHand(boost::asio::io_context& io, environment::Variables env)
      : document{.job_id = "job", .env = std::move(env), .job_socket = ""},
        executor_(io.get_executor()),
        channel_(channel_to(peer_)) {}

  Cancellation cancellation;
  const supervise::JobDocument document;

 private:
  supervise::AsyncChannel channel_to(UniqueFd& peer) const {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) std::abort();
    peer.reset(ends[1]);
    return supervise::AsyncChannel::adopt(executor_, UniqueFd(ends[0])).value();
  }

  boost::asio::any_io_executor executor_;
  UniqueFd peer_;
  supervise::AsyncChannel channel_;
  SystemClock clock_;
  JobLog log_{executor_, channel_, clock_};
  KeeperLink link_{executor_, channel_, cancellation, log_};
  TaskGroup tasks_{executor_};

 public:
  JobContext context{.executor = executor_,
                     .document = document,
                     .link = link_,
                     .log = log_,
                     .cancellation = cancellation,
                     .tasks = tasks_,
                     .host_program = ""};
};

}  // namespace ostler::worker
