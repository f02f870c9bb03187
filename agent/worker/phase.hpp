// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <span>
#include <string_view>

#include "worker/job_context.hpp"

// A job is a list of phases. What a phase finds out it leaves in the JobContext, and whether a
// later one is due follows from there.
namespace ostler::worker {

struct Phase {
  std::string_view name;
  bool (*is_due)(const JobContext& job);
  boost::asio::awaitable<void> (*run)(JobContext& job);
};

/// In the order they run.
std::span<const Phase> phases();

/// Runs every phase that is due.
boost::asio::awaitable<void> run_phases(JobContext& job);

// One file each: phase_<name>.cpp.
boost::asio::awaitable<void> prepare(JobContext& job);
boost::asio::awaitable<void> check_out(JobContext& job);
boost::asio::awaitable<void> find_plugins(JobContext& job);
boost::asio::awaitable<void> run_command(JobContext& job);
boost::asio::awaitable<void> upload_artifacts(JobContext& job);
boost::asio::awaitable<void> tear_down(JobContext& job);

}  // namespace ostler::worker
