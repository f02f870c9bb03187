// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.hpp"
#include "store/blob_store.hpp"
#include "store/store.hpp"
#include "support/run_task.hpp"

namespace ostler::support {

using OpenStore = std::function<Result<std::unique_ptr<store::Store>>(
    const std::filesystem::path& directory, Timestamp now, store::BlobStore& blobs)>;

/// Opens a SQLite store with small limits: 2 MiB per log, 1 MiB per chunk.
OpenStore sqlite_store();

/// `text` as one gzip member.
std::string gzip(std::string_view text);

/// An agent and its session's token.
struct Worker {
  AgentId id;
  Secret token;
};

/// A store in a directory with an organization, and short words for what tests do with it. Its
/// clock stands still unless it is moved. A call whose failure a test does not expect ends it.
class StoreHouse {
 public:
  StoreHouse(std::filesystem::path directory, OpenStore open = sqlite_store());

  store::Store& store() { return *store_; }
  store::BlobStore& blobs() { return *blobs_; }
  /// Waits for a call.
  template <class T>
  Result<T> call(store::Awaitable<T> task) {
    return run_task(io_, std::move(task));
  }
  /// Waits for a call that must succeed.
  template <class T>
  T get(store::Awaitable<T> task) {
    auto result = call(std::move(task));
    if (!result) fail(result.error());
    if constexpr (!std::is_void_v<T>) return std::move(result).value();
  }
  /// The error code of a call that must fail.
  template <class T>
  Errc error_of(store::Awaitable<T> task) {
    auto result = call(std::move(task));
    OSTLER_ASSERT(!result.has_value());
    return result.error().code();
  }

  Timestamp now() const { return now_; }
  void pass(std::chrono::microseconds time) { now_ = now_ + time; }
  /// Sets the clock and sweeps, as a hub does that notices.
  store::SweepResult jump(std::chrono::microseconds by) {
    pass(by);
    return get(store_->sweep({.now = now_, .jump = by}));
  }
  /// Closes the store and opens it again at the present time.
  void reopen();

  const store::AgentTokenHolder& agent_token() const { return agent_token_; }
  const store::ApiHolder& api() const { return api_; }
  PipelineId pipeline() const { return pipeline_; }

  Worker connect_agent(std::vector<std::string> tags = {}, std::string name = "one",
                       std::string host = {});
  store::BuildChange create_build(std::string_view yaml, model::BuildRequest request = {});
  /// The job of the step with that key or label.
  model::Job job_of(BuildId build, std::string_view step);
  store::AcceptedJob accept(const Worker& agent, JobId job);
  void start(const Worker& agent, JobId job);
  store::JobChange finish(const Worker& agent, JobId job, int exit_status = 0);
  /// Accept, start and finish.
  store::JobChange run_job(const Worker& agent, JobId job, int exit_status = 0);
  store::AppendChunk chunk(const Worker& agent, JobId job, std::int64_t sequence,
                           std::int64_t offset, std::string_view text);
  std::string log_of(JobId job);
  model::BuildState state_of(BuildId build);
  store::SweepResult sweep() { return get(store_->sweep({now_})); }
  /// Lets time pass with the hub awake, sweeping every half a minute. The result of the last sweep.
  store::SweepResult pass_awake(std::chrono::seconds time);

  store::AcceptJob accept_command(const Worker& agent, JobId job) const;
  store::FinishJob finish_command(const Worker& agent, JobId job, int exit_status) const;

 private:
  [[noreturn]] static void fail(const Error& error);
  void found();

  std::filesystem::path directory_;
  OpenStore open_;
  Timestamp now_{1'800'000'000'000'000};
  boost::asio::io_context io_;
  std::unique_ptr<store::BlobStore> blobs_;
  std::unique_ptr<store::Store> store_;
  store::AgentTokenHolder agent_token_;
  store::ApiHolder api_;
  PipelineId pipeline_;
};

}  // namespace ostler::support
