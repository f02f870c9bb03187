// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "model/build_event.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/webhook_queue.hpp"

namespace ostler::store::sqlite {

struct JobRow;

/// Events of builds that one transaction makes happen. A job that is created and moved on in one
/// transaction gives one event, and so does one that its concurrency group lets in at once.
class EventLog {
 public:
  EventLog(Connection& database, Timestamp now)
      : database_(database), now_(now), webhooks_(database, now) {}

  void job_created(const JobRow& job);
  void job_changed(const JobRow& job);
  void job_removed(const JobRow& job);
  /// `job`: whose annotation it is; none: the build's.
  void annotation(BuildId build, AnnotationId id, std::optional<JobId> job, std::string context,
                  model::BuildEventKind kind);
  void artifact(BuildId build, ArtifactId id, JobId job, model::ArtifactState state);
  void artifact_removed(const model::Artifact& artifact);
  void meta_data(BuildId build, std::string key);

  /// Writes what was noted of a build, and its state where that is another than was told last.
  /// Call it once for each build, when its row is as it will be.
  Result<void> write(BuildId build);

 private:
  struct Entry {
    model::BuildEventKind kind = model::BuildEventKind::BuildChanged;
    std::optional<Uuid> subject{};
    std::optional<std::int64_t> state{};
    std::optional<JobId> job{};
    std::optional<AgentId> agent{};
    std::optional<int> exit_status{};
    std::optional<std::string> signal{};
    std::optional<std::string> signal_reason{};
    std::optional<std::string> name{};
  };
  static Entry entry_of(const JobRow& job, model::BuildEventKind kind);
  Result<void> insert(BuildId build, std::int64_t number, const Entry& entry);

  Connection& database_;
  Timestamp now_;
  WebhookQueue webhooks_;
  std::map<BuildId, std::vector<Entry>> entries_;
  /// Places among their builds' entries.
  std::unordered_map<JobId, std::size_t> created_;
  std::unordered_map<JobId, std::size_t> limited_;  ///< that may be let in at once
};

}  // namespace ostler::store::sqlite
