// SPDX-License-Identifier: Apache-2.0
#include "pipeline/if_changed.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "pipeline/exact_json.hpp"
#include "pipeline/upload_step_kind.hpp"

namespace ostler::pipeline {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kNothingChanged =
    "if_changed matched no unexcluded changed files in this build";

/// A text, or a list of them.
std::optional<std::vector<std::string>> globs_of(const Json& value) {
  if (value.is_string()) return std::vector{value.get<std::string>()};
  if (!value.is_array()) return std::nullopt;
  std::vector<std::string> globs;
  for (const Json& item : value) {
    if (!item.is_string()) return std::nullopt;
    globs.push_back(item.get<std::string>());
  }
  return globs;
}

std::optional<ChangedFileGlobs> read_globs(const Json& value) {
  if (!value.is_object()) {
    auto include = globs_of(value);
    if (!include) return std::nullopt;
    return ChangedFileGlobs{std::move(*include), {}};
  }
  if (!value.contains("include")) return std::nullopt;
  auto include = globs_of(value["include"]);
  const Json excluded = value.value("exclude", Json());
  auto exclude = globs_of(excluded.is_null() ? Json::array() : excluded);
  if (!include || !exclude) return std::nullopt;
  return ChangedFileGlobs{std::move(*include), std::move(*exclude)};
}

class IfChanged {
 public:
  explicit IfChanged(const ChangeTest& test) : test_(test) {}

  std::vector<std::string> apply(Json& document) {
    if (document["steps"].is_array()) walk(document["steps"]);
    return std::move(warnings_);
  }

 private:
  void walk(Json& steps) {
    for (Json& step : steps) {
      if (!step.is_object()) continue;
      const UploadStepKind kind = upload_step_kind(step);
      const bool is_group = kind == UploadStepKind::Group;
      if (is_group && step.contains("steps") && step["steps"].is_array()) walk(step["steps"]);
      if (is_group || kind == UploadStepKind::Command || kind == UploadStepKind::Trigger) {
        decide(step);
      }
    }
  }

  void decide(Json& step) {
    const auto found = step.find("if_changed");
    if (found == step.end()) return;
    const Json value = std::move(*found);
    step.erase(found);
    if (!test_ || value.is_null()) return;
    const auto globs = read_globs(value);
    if (!globs) {
      return warn(value, "is no text, list of texts, or mapping with include and exclude");
    }
    const auto has_changed = test_(*globs);
    if (!has_changed) return warn(value, has_changed.error().message());
    if (!has_changed.value()) step["skip"] = kNothingChanged;
  }

  void warn(const Json& value, std::string_view why) {
    warnings_.push_back("if_changed " + exact_json_text(value).substr(0, 200) + ": " +
                        std::string(why) + "; the step runs");
  }

  const ChangeTest& test_;
  std::vector<std::string> warnings_;
};

}  // namespace

std::vector<std::string> apply_if_changed(UploadDocument& document, const ChangeTest& test) {
  auto json = parse_exact_json<Json>(document.json);
  auto warnings = IfChanged(test).apply(json);
  document.json = exact_json_text(json);
  return warnings;
}

}  // namespace ostler::pipeline
