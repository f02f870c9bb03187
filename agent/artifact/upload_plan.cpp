// SPDX-License-Identifier: Apache-2.0
#include "artifact/upload_plan.hpp"

#include <algorithm>

namespace ostler::artifact {
namespace {

std::string with_path(std::string text, const std::string& path) {
  for (std::size_t at = 0; (at = text.find(wire::kArtifactPathMark, at)) != std::string::npos;
       at += path.size()) {
    text.replace(at, wire::kArtifactPathMark.size(), path);
  }
  return text;
}

std::string encoded_path(std::string_view path) {
  constexpr std::string_view kAllowed = "-._~/:@!$&'()*+,;=";
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  if (!path.starts_with('/')) out += '/';
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain || kAllowed.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out.append({'%', kHex[byte >> 4], kHex[byte & 15]});
    }
  }
  return out;
}

// The URL with another path; its query stays.
std::string with_url_path(const std::string& url, std::string_view path) {
  const std::size_t scheme = url.find("://");
  const std::size_t host = scheme == std::string::npos ? 0 : scheme + 3;
  const std::size_t path_at = std::min(url.find_first_of("/?#", host), url.size());
  const std::size_t query_at = std::min(url.find('?', path_at), url.size());
  return url.substr(0, path_at) + encoded_path(path) + url.substr(query_at);
}

net::HttpRequest request_to(const wire::UploadAction& action) {
  net::HttpRequest request;
  request.method = action.method;
  request.url = action.url;
  request.total_timeout = {};  // as long as bytes flow
  return request;
}

UploadUnit form_unit(std::size_t index, const Upload& upload,
                     const wire::UploadInstructions& instructions) {
  const wire::UploadAction& action = *instructions.action;
  UploadUnit unit{index, 0, request_to(action)};
  unit.request.url = with_url_path(action.url, action.path);
  net::FormBody form;
  for (const auto& [name, value] : instructions.data) {
    form.fields.emplace_back(name, with_path(value, upload.artifact.path));
  }
  form.file_field = action.file_input;
  form.file_name = upload.artifact.path;
  form.file = upload.file;
  unit.request.body = std::move(form);
  return unit;
}

void add_part_units(std::size_t index, const Upload& upload,
                    std::vector<wire::UploadAction> actions, std::vector<UploadUnit>& units) {
  std::sort(actions.begin(), actions.end(),
            [](const auto& a, const auto& b) { return a.part_number < b.part_number; });
  const auto size = static_cast<std::uint64_t>(upload.artifact.file_size);
  const std::uint64_t even = size / actions.size();
  const std::uint64_t longer = size % actions.size();
  std::uint64_t offset = 0;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    UploadUnit unit{index, actions[i].part_number, request_to(actions[i])};
    const std::uint64_t length = even + (i < longer ? 1 : 0);
    unit.request.headers.emplace_back("Content-Type", upload.artifact.content_type);
    unit.request.body = net::FileBody{upload.file, offset, length};
    offset += length;
    units.push_back(std::move(unit));
  }
}

}  // namespace

Result<void> check_ids(const std::vector<Upload>& uploads,
                       const wire::ArtifactBatchResponse& response) {
  if (response.artifact_ids.size() == uploads.size()) return success();
  return Error(Errc::Protocol,
               "the server answered " + std::to_string(response.artifact_ids.size()) +
                   " ids to a batch of " + std::to_string(uploads.size()) + " artifacts");
}

Result<std::vector<UploadUnit>> plan_uploads(const std::vector<Upload>& uploads,
                                             const wire::ArtifactBatchResponse& response) {
  std::vector<UploadUnit> units;
  for (std::size_t i = 0; i < uploads.size(); ++i) {
    const auto own = response.per_artifact_instructions.find(response.artifact_ids[i]);
    const wire::UploadInstructions* instructions =
        own != response.per_artifact_instructions.end() ? &own->second
        : response.upload_instructions                  ? &*response.upload_instructions
                                                        : nullptr;
    if (instructions != nullptr && !instructions->actions.empty()) {
      add_part_units(i, uploads[i], instructions->actions, units);
    } else if (instructions != nullptr && instructions->action) {
      units.push_back(form_unit(i, uploads[i], *instructions));
    } else {
      return Error(Errc::Protocol, "the server gave no upload instructions for artifact " +
                                       uploads[i].artifact.path);
    }
  }
  return units;
}

}  // namespace ostler::artifact
