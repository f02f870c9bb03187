// SPDX-License-Identifier: Apache-2.0
#include "cli/repository_address.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/surrounding_repository.hpp"
#include "git/library.hpp"
#include "git/remote_url.hpp"

namespace ostler::cli {
namespace {

namespace fs = std::filesystem;

/// "/a/b" of "/a/b/." and "/a/b/".
fs::path tidied(const fs::path& path) {
  const fs::path normal = path.lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

/// As git finds it, from inside too. What is none, or not readable here, is as it was given.
std::string top_of(const fs::path& directory) {
  const git::Library library;
  const auto repository = repository_around(directory);
  if (!repository) return directory;
  const fs::path tree = repository.value().work_tree();
  std::error_code ec;
  const bool is_top = tree.empty() || fs::equivalent(tree, directory, ec);
  return is_top ? directory : tidied(tree);
}

void hide_credentials(nlohmann::ordered_json& value) {
  if (value.is_string()) {
    value = git::without_credentials(value.get_ref<const std::string&>());
    return;
  }
  for (auto& [key, inner] : value.items()) {
    if (inner.is_structured() || key == "repository") hide_credentials(inner);
  }
}

}  // namespace

Result<std::string> given_repository(const std::string& text) {
  const bool is_path =
      git::remote_kind(text) == git::RemoteKind::Local && !text.starts_with("file://");
  if (!is_path) return text;
  std::error_code ignored;
  if (fs::is_directory(text, ignored)) {
    return top_of(tidied(fs::absolute(text, ignored)));
  }
  if (text.starts_with('/')) return text;
  return Error(Errc::UserFault,
               "--repository \"" + text +
                   "\" is no directory here and no address of a repository; give one as "
                   "https://HOST/PATH, ssh://USER@HOST/PATH, USER@HOST:PATH or a directory");
}

wire::RestPipelineAnswer without_credentials(wire::RestPipelineAnswer pipeline) {
  pipeline.repository = git::without_credentials(pipeline.repository);
  return pipeline;
}

Result<std::string> without_credentials(const std::string& json) {
  auto value = nlohmann::ordered_json::parse(json, nullptr, false);
  if (value.is_discarded()) return Error(Errc::Protocol, "the hub's answer is no JSON");
  hide_credentials(value);
  return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace ostler::cli
