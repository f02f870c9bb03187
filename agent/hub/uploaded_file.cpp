// SPDX-License-Identifier: Apache-2.0
#include "hub/uploaded_file.hpp"

#include <algorithm>
#include <utility>

namespace ostler::hub {
namespace {

/// Agents of some ages declare a SHA-1 only.
bool has_sha256(const model::Artifact& artifact) { return !artifact.sha256sum.empty(); }

}  // namespace

UploadedFile::UploadedFile(FormParser form, std::vector<model::Artifact> declared, Naming naming)
    : form_(std::move(form)), declared_(std::move(declared)), narrowed_(naming == Naming::Known) {}

Result<UploadedFile> UploadedFile::begin(std::string_view content_type,
                                         std::vector<model::Artifact> declared, Naming naming) {
  OSTLER_TRY(auto boundary, FormParser::boundary_in(content_type));
  FormParser form(std::move(boundary), std::string(kFileField),
                  std::string(naming == Naming::ByPath ? kPathField : ""));
  return UploadedFile(std::move(form), std::move(declared), naming);
}

Result<void> UploadedFile::feed(std::string_view bytes, std::string& file) {
  const std::size_t before = file.size();
  OSTLER_TRY(form_.feed(bytes, file));
  fed_ += static_cast<std::int64_t>(file.size() - before);
  if (!narrowed_ && (fed_ > 0 || form_.is_complete())) {
    OSTLER_TRY(narrow_by_path());
  }
  if (fed_ <= largest()) return success();
  return Error(Errc::UserFault, "the file is larger than the " + std::to_string(largest()) +
                                    " bytes that were declared")
      .with_native(413);
}

Result<void> UploadedFile::narrow_by_path() {
  if (form_.text().empty()) {
    return Error(Errc::UserFault, "the field \"" + std::string(kPathField) +
                                      "\" must name the artifact, before the file");
  }
  std::erase_if(declared_, [&](const model::Artifact& a) { return a.path != form_.text(); });
  if (declared_.empty()) {
    return Error(Errc::UserFault, "this batch declares no artifact with the path " + form_.text());
  }
  std::erase_if(declared_,
                [](const model::Artifact& a) { return a.state != model::ArtifactState::New; });
  if (declared_.empty()) return Error(Errc::Conflict, "this artifact is uploaded already");
  narrowed_ = true;
  return success();
}

std::int64_t UploadedFile::largest() const {
  return std::ranges::max(declared_, {}, &model::Artifact::file_size).file_size;
}

void UploadedFile::add(std::string_view file) {
  size_ += static_cast<std::int64_t>(file.size());
  if (!std::ranges::all_of(declared_, has_sha256)) sha1_.update(file);
  sha256_.update(file);
}

Result<std::vector<model::Artifact>> UploadedFile::identify() {
  const std::string sha1 = sha1_.finish_hex();
  const std::string sha256 = sha256_.finish_hex();
  std::erase_if(declared_, [&](const model::Artifact& a) {
    const bool same =
        has_sha256(a) ? a.sha256sum == sha256 : a.sha1sum.empty() || a.sha1sum == sha1;
    return a.file_size != size_ || !same;
  });
  if (form_.is_complete() && narrowed_ && !declared_.empty()) return declared_;
  return Error(Errc::UserFault, "the file is not the one that was declared");
}

}  // namespace ostler::hub
