// SPDX-License-Identifier: Apache-2.0
#include "artifact/upload.hpp"

#include <algorithm>

#include "agent_client/ask.hpp"
#include "agent_client/path.hpp"
#include "artifact/describe.hpp"
#include "base/uuid.hpp"

namespace ostler::artifact {
namespace {

constexpr std::uint64_t kLargestFile = std::uint64_t{5} << 30;

class Uploader {
 public:
  Uploader(const UploadOptions& options, agent_client::Transport& transport, const Tell& tell)
      : options_(options),
        transport_(transport),
        tell_(tell),
        path_("jobs/" + agent_client::path_segment(options.job) + "/artifacts") {}

  Result<void> upload_batch(const std::vector<Upload>& uploads) {
    OSTLER_TRY(const auto created, create(uploads));
    OSTLER_TRY(auto units, plan_uploads(uploads, created));
    for (std::size_t i = 0; i < uploads.size(); ++i) {
      tell_("Uploading artifact " + created.artifact_ids[i] + " " + uploads[i].artifact.path +
            " (" + std::to_string(uploads[i].artifact.file_size) + " bytes)");
    }
    BatchUpload batch(std::move(units), uploads.size(), options_.batch);
    return batch.run([&](const std::vector<BatchUpload::Done>& news) {
      return report(news, uploads, created.artifact_ids);
    });
  }

  const std::vector<std::string>& failures() const { return failures_; }

 private:
  Result<wire::ArtifactBatchResponse> create(const std::vector<Upload>& uploads) {
    wire::ArtifactBatch batch;
    batch.id = Uuid::make().str();
    batch.multipart_supported = options_.multipart;
    for (const Upload& upload : uploads) batch.artifacts.push_back(upload.artifact);
    return agent_client::ask_for(
        transport_, "declare artifacts", {"POST", path_, wire::encode(batch), batch.id},
        agent_client::policy::kArtifactCreate, agent_client::RetryClock::telling(tell_),
        [](const std::string& body) { return wire::decode_artifact_batch_response(body); });
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
  agent_client::Transport& transport_;
  const Tell& tell_;
  const std::string path_;
  std::vector<std::string> failures_;
};

Result<Upload> describe(const FoundFile& found, const std::string& content_type) {
  OSTLER_TRY(const auto digest, digest_file(found.absolute_path));
  if (digest.size > kLargestFile) {
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
  artifact.content_type = content_type.empty() ? content_type_of(found.path) : content_type;
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
  Uploader uploader(options, transport, tell);
  for (std::size_t at = 0; at < files.size(); at += wire::kArtifactsPerBatch) {
    const std::size_t end = std::min(at + wire::kArtifactsPerBatch, files.size());
    tell("Creating (" + std::to_string(at) + "-" + std::to_string(end) + ")/" +
         std::to_string(files.size()) + " artifacts");
    std::vector<Upload> batch;
    for (std::size_t i = at; i < end; ++i) {
      OSTLER_TRY(auto described, describe(files[i], options.content_type));
      batch.push_back(std::move(described));
    }
    OSTLER_TRY(uploader.upload_batch(batch));
  }
  if (!uploader.failures().empty()) return Error(Errc::Unavailable, list_of(uploader.failures()));
  tell("Artifact uploads completed successfully");
  return success();
}

}  // namespace ostler::artifact
