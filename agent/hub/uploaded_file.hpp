// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "crypto/digest.hpp"
#include "hub/form_parser.hpp"
#include "model/artifact.hpp"

namespace ostler::hub {

/// The fields of an upload form: the file, and, where a form serves a whole batch, the path of the
/// artifact that it is.
inline constexpr std::string_view kFileField = "file";
inline constexpr std::string_view kPathField = "artifact_path";

/// Takes one upload form apart as it comes in, and tells which of the declared artifacts its file
/// is: by its path where the form has to name one, and then by its size and digest, for several
/// artifacts of a batch may have the same path.
class UploadedFile {
 public:
  enum class Naming : std::uint8_t { Known, ByPath };

  /// `declared`: the artifacts that the file may be, not empty; exactly one when it is Known.
  /// Errors: UserFault when the body is no form.
  static Result<UploadedFile> begin(std::string_view content_type,
                                    std::vector<model::Artifact> declared, Naming naming);

  /// Takes the next piece of the body; what it holds of the file is appended to `file`.
  /// Errors: UserFault for a broken form, one that names no artifact, or too large a file;
  /// Conflict when the artifact is uploaded and reported already.
  Result<void> feed(std::string_view bytes, std::string& file);
  /// Counts and digests bytes of the file. May block for as long as that takes.
  void add(std::string_view file);
  /// The artifacts that the file is: more than one only when they cannot be told apart.
  /// Errors: UserFault when the body ended early, or the file is not what was declared.
  Result<std::vector<model::Artifact>> identify();

 private:
  UploadedFile(FormParser form, std::vector<model::Artifact> declared, Naming naming);

  Result<void> narrow_by_path();
  std::int64_t largest() const;

  FormParser form_;
  std::vector<model::Artifact> declared_;
  bool narrowed_ = false;
  std::int64_t fed_ = 0;  ///< bytes of the file that came in
  std::int64_t size_ = 0;
  crypto::Digest sha1_{crypto::Algorithm::Sha1};
  crypto::Digest sha256_{crypto::Algorithm::Sha256};
};

}  // namespace ostler::hub
