// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "agent_client/retry.hpp"
#include "artifact/upload_plan.hpp"
#include "net/http_client.hpp"

namespace ostler::artifact {

struct BatchUploadOptions {
  std::size_t threads = 1;
  std::string user_agent;
  agent_client::RetryPolicy retry = agent_client::policy::kArtifactUpload;
};

/// Brings one unit to where it goes; the store's ETag, which only parts must have.
using SendUnit =
    std::function<Result<std::string>(net::BlockingHttpClient& client, const UploadUnit& unit)>;
/// As the server instructed, in one request.
Result<std::string> send_as_instructed(net::BlockingHttpClient& client, const UploadUnit& unit);

/// Sends the units of one batch over several connections at once, each as often as the policy says.
/// When a part fails for good, the other parts of its file are not tried any more.
class BatchUpload {
 public:
  /// Which file of the batch came to its end, and how. `error` is empty when it arrived.
  struct Done {
    std::size_t upload = 0;
    std::string error;
    std::vector<wire::PartEtag> etags = {};  ///< sorted; empty for a form
    std::size_t parts = 0;                   ///< 0 for a form
  };
  /// Told on the calling thread, once a second at most and at the end, what is new.
  using Report = std::function<Result<void>(const std::vector<Done>&)>;

  BatchUpload(std::vector<UploadUnit> units, std::size_t uploads, BatchUploadOptions options,
              SendUnit send_unit = send_as_instructed);

  /// Blocks until every file is done and reported.
  /// Errors: what `report` says; all units come to their end first.
  Result<void> run(const Report& report);

 private:
  struct File {
    std::size_t units_left = 0;
    Done done;
    bool failed = false;
  };

  void work();
  std::optional<std::size_t> next_unit();
  Result<std::string> send(net::BlockingHttpClient& client, const UploadUnit& unit);
  bool wait_to_retry(std::size_t upload, std::chrono::milliseconds time);
  void finish(const UploadUnit& unit, Result<std::string> etag);
  std::vector<Done> take_news(std::chrono::milliseconds limit);

  const std::vector<UploadUnit> units_;
  const BatchUploadOptions options_;
  const SendUnit send_unit_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<File> files_;  // guarded by mutex_, as the rest
  std::vector<Done> news_;
  std::size_t next_unit_ = 0;
  std::size_t files_left_ = 0;
};

}  // namespace ostler::artifact
