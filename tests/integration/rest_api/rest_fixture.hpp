// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "hub/rest_api/rest_api.hpp"
#include "store/directory_blob_store.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "support/run_task.hpp"
#include "support/temp_directory.hpp"

namespace ostler::rest_api {

/// Time that stands still until a test moves it.
class SetClock final : public Clock {
 public:
  Timestamp now() const override { return at; }
  std::chrono::nanoseconds since_boot() const override {
    return std::chrono::microseconds(at.micros);
  }
  Timestamp at = *parse_rfc3339("2026-01-02T03:04:05.678Z");
};

/// Remembers which jobs it was told of.
class RecordingListener final : public ChangeListener {
 public:
  void changed(const store::FollowUps& follow_ups) override {
    runnable.insert(runnable.end(), follow_ups.runnable.begin(), follow_ups.runnable.end());
    canceling.insert(canceling.end(), follow_ups.canceling.begin(), follow_ups.canceling.end());
  }
  std::vector<JobId> runnable;
  std::vector<JobId> canceling;
};

class PlainSealer final : public SecretSealer {
 public:
  std::string seal(ClusterId, std::string_view key, const Secret&) const override {
    return "sealed " + std::string(key);
  }
};

class PlainLinks final : public DownloadLinks {
 public:
  std::string download_link(const model::Artifact& artifact, Timestamp) const override {
    return "http://hub/blobs/" + artifact.id.str() + "?signature=s";
  }
};

struct Reply {
  int status = 0;
  net::HttpHeaders headers;
  std::string body;

  std::string header(std::string_view name) const {
    return std::string(net::find_header(headers, name));
  }
  nlohmann::json json() const { return nlohmann::json::parse(body, nullptr, false); }
  std::string message() const { return json().value("message", ""); }
};

/// REST handlers on a real SQLite store, called without sockets, and an agent that does as told.
class RestFixture : public testing::Test {
 protected:
  RestFixture();
  ~RestFixture() override;

  /// One request with the API token; `target` is what follows /v2.
  Reply call(std::string method, std::string target, const nlohmann::json& body = nullptr);
  Reply get(std::string target) { return call("GET", std::move(target)); }
  Reply get(std::string target, net::HttpHeaders headers);
  /// A request as it is, with no header added.
  Reply send(std::string method, std::string target, net::HttpHeaders headers,
             std::string body = "");

  /// Requests with the API token that are all under way together.
  std::vector<Reply> at_once(const std::string& method, const std::string& target,
                             const std::vector<nlohmann::json>& bodies);

  template <class T>
  T run(store::Awaitable<T> task) {
    Result<T> result = support::run_task(io_, std::move(task));
    if (!result) ADD_FAILURE() << result.error().message();
    return std::move(result).value();
  }

  /// A pipeline with `yaml`; its slug.
  std::string make_pipeline(const std::string& name,
                            const std::string& yaml = "steps:\n  - command: make\n");
  /// A build of `pipeline`, main at HEAD, with the fields of `more`.
  nlohmann::json make_build(const std::string& pipeline, nlohmann::json more = {});

  /// Replaces the store by an empty one, whose API token has these scopes only.
  void open_store(const std::vector<std::string>& scopes);

  /// Begins to serve the store anew, with a limit on the calls of a token.
  void serve(std::int64_t calls_per_minute = 6'000);

  /// A connected agent.
  store::RegisteredAgent connect_agent();
  void start(const store::RegisteredAgent& agent, JobId job);
  void finish(const store::RegisteredAgent& agent, JobId job, int exit_status);
  /// Adds `text` to the job's log in chunks of at most `chunk` bytes.
  void write_log(const store::RegisteredAgent& agent, JobId job, const std::string& text,
                 std::size_t chunk = 100'000);

  std::optional<support::TempDirectory> directory_;
  SetClock clock_;
  RecordingListener listener_;
  PlainLinks links_;
  PlainSealer sealer_;
  files::DiskSpace space_{.total = 1000, .available = 500};  ///< what the hub measures
  hub::DiskGuard disk_{[this] { return space_; }, clock_, 5};
  boost::asio::io_context io_;
  std::unique_ptr<store::BlobStore> blobs_;
  std::unique_ptr<store::Store> store_;
  store::FirstStartTokens tokens_;
  hub::BlockingPool threads_{1};
  StepSummaries summaries_{threads_};
  ArchiveIntake archives_;
  std::optional<EventFeeds> events_;
  hub::JobWatch logs_;
  std::optional<RestApi> api_;
};

/// The first job of a build object that is of type "script".
JobId first_job(const nlohmann::json& build);

}  // namespace ostler::rest_api
