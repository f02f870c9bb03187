// SPDX-License-Identifier: Apache-2.0
#include "artifact/upload.hpp"

#include <algorithm>
#include <memory>

#include "agent_client/ask.hpp"
#include "agent_client/path.hpp"
#include "artifact/describe.hpp"
#include "base/uuid.hpp"

namespace ostler::artifact {
namespace {

constexpr std::uint64_t kLargestFile = std::uint64_t{5} << 30;

using object_store::ObjectStore;

object_store::OutgoingFile outgoing(const Upload& upload) {
  return {.path = upload.artifact.path,
          .file = upload.file,
          .size = static_cast<std::uint64_t>(upload.artifact.file_size),
          .sha1 = upload.artifact.sha1sum,
          .sha256 = upload.artifact.sha256sum,
          .content_type = upload.artifact.content_type};
}

class Uploader {
 public:
  /// `store`: the one of one's own; none: the server's.
  Uploader(const UploadOptions& options, const ObjectStore* store,
           agent_client::Transport& transport, const Tell& tell)
      : options_(options),
        store_(store),
        transport_(transport),
        tell_(tell),
        path_("jobs/" + agent_client::path_segment(options.job) + "/artifacts") {}

  Result<void> upload_batch(const std::vector<Upload>& uploads) {
    OSTLER_TRY(const auto created, create(uploads));
    OSTLER_TRY(const auto batch, prepare(uploads, created));
    for (std::size_t i = 0; i < uploads.size(); ++i) {
      tell_("Uploading artifact " + created.artifact_ids[i] + " " + uploads[i].artifact.path +
            " (" + std::to_string(uploads[i].artifact.file_size) + " bytes)");
    }
    return batch->run([&](const std::vector<BatchUpload::Done>& news) {
      return report(news, uploads, created.artifact_ids);
    });
  }

  const std::vector<std::string>& failures() const { return failures_; }

 private:
  Result<std::unique_ptr<BatchUpload>> prepare(const std::vector<Upload>& uploads,
                                               const wire::ArtifactBatchResponse& created) const {
    if (store_ != nullptr) return to_own_store(uploads);
    OSTLER_TRY(auto units, plan_uploads(uploads, created));
    return std::make_unique<BatchUpload>(std::move(units), uploads.size(), options_.batch);
  }

  // One unit for each file: the store itself tries again.
  std::unique_ptr<BatchUpload> to_own_store(const std::vector<Upload>& uploads) const {
    std::vector<UploadUnit> units;
    for (std::size_t i = 0; i < uploads.size(); ++i) units.push_back({i, 0, {}});
    BatchUploadOptions once = options_.batch;
    once.retry = {};
    auto send = [&uploads, store = store_](net::BlockingHttpClient& client,
                                           const UploadUnit& unit) -> Result<std::string> {
      OSTLER_TRY(store->put(client, outgoing(uploads[unit.upload])));
      return std::string();
    };
    return std::make_unique<BatchUpload>(std::move(units), uploads.size(), std::move(once), send);
  }

  Result<wire::ArtifactBatchResponse> create(const std::vector<Upload>& uploads) {
    wire::ArtifactBatch batch;
    batch.id = Uuid::make().str();
    batch.multipart_supported = options_.multipart;
    batch.upload_destination = options_.destination;
    for (const Upload& upload : uploads) {
      batch.artifacts.push_back(upload.artifact);
      if (store_ != nullptr) batch.artifacts.back().url = store_->url_of(upload.artifact.path);
    }
    OSTLER_TRY(
        auto response,
        agent_client::ask_for(
            transport_, "declare artifacts", {"POST", path_, wire::encode(batch), batch.id},
            agent_client::policy::kArtifactCreate, agent_client::RetryClock::telling(tell_),
            [](const std::string& body) { return wire::decode_artifact_batch_response(body); }));
    OSTLER_TRY(check_ids(uploads, response));
    return response;
  }

  Result<void> report(const std::vector<BatchUpload::Done>& news,
                      const std::vector<Upload>& uploads, const std::vector<std::string>& ids) {
    std::vector<wire::ArtifactStateUpdate> updates;
    for (const BatchUpload::Done& done : news) {
      const bool arrived = done.error.empty();
      if (!arrived) failures_.push_back(uploads[done.upload].artifact.path + ": " + done.error);
      updates.push_back(
          {ids[done.upload],
           arrived ? wire::ArtifactUploadState::Finished : wire::ArtifactUploadState::Error,
           arrived && done.parts > 1, arrived ? done.etags : std::vector<wire::PartEtag>()});
    }
    OSTLER_TRY(agent_client::ask(transport_, "report artifact states",
                                 {"PUT", path_, wire::encode(updates), Uuid::make().str()},
                                 agent_client::policy::kArtifactUpdate, {},
                                 agent_client::RetryClock::telling(tell_)));
    return success();
  }

  const UploadOptions& options_;
  const ObjectStore* store_;
  agent_client::Transport& transport_;
  const Tell& tell_;
  const std::string path_;
  std::vector<std::string> failures_;
};

Result<Upload> describe(const FoundFile& found, const UploadOptions& options) {
  OSTLER_TRY(const auto digest, digest_file(found.absolute_path));
  if (digest.size > kLargestFile && options.destination.empty()) {
    return Error(Errc::UserFault, found.absolute_path.string() + " has " +
                                      std::to_string(digest.size) +
                                      " bytes; the largest artifact is 5 GiB");
  }
  wire::Artifact artifact;
  artifact.path = found.path;
  artifact.absolute_path = found.absolute_path.string();
  artifact.glob_path = found.glob;
  artifact.file_size = static_cast<std::int64_t>(digest.size);
  artifact.sha1sum = digest.sha1;
  artifact.sha256sum = digest.sha256;
  artifact.content_type =
      options.content_type.empty() ? content_type_of(found.path) : options.content_type;
  return Upload{found.absolute_path, std::move(artifact)};
}

std::string list_of(const std::vector<std::string>& failures) {
  std::string text = std::to_string(failures.size()) + " artifacts were not uploaded: ";
  constexpr std::size_t kMostNamed = 10;
  for (std::size_t i = 0; i < std::min(failures.size(), kMostNamed); ++i) {
    text.append(i == 0 ? "" : "; ").append(failures[i]);
  }
  return failures.size() > kMostNamed ? text + "; ..." : text;
}

}  // namespace

Result<void> upload(const std::vector<FoundFile>& files, const UploadOptions& options,
                    agent_client::Transport& transport, const Tell& tell) {
  std::unique_ptr<ObjectStore> store;
  if (!options.destination.empty()) {
    OSTLER_TRY(store, object_store::open_store(options.destination, options.store));
    net::BlockingHttpClient client({.user_agent = options.batch.user_agent});
    OSTLER_TRY(store->prepare(client));
  }
  Uploader uploader(options, store.get(), transport, tell);
  for (std::size_t at = 0; at < files.size(); at += wire::kArtifactsPerBatch) {
    const std::size_t end = std::min(at + wire::kArtifactsPerBatch, files.size());
    tell("Creating (" + std::to_string(at) + "-" + std::to_string(end) + ")/" +
         std::to_string(files.size()) + " artifacts");
    std::vector<Upload> batch;
    for (std::size_t i = at; i < end; ++i) {
      OSTLER_TRY(auto described, describe(files[i], options));
      batch.push_back(std::move(described));
    }
    OSTLER_TRY(uploader.upload_batch(batch));
  }
  if (!uploader.failures().empty()) return Error(Errc::Unavailable, list_of(uploader.failures()));
  tell("Artifact uploads completed successfully");
  return success();
}

}  // namespace ostler::artifact
